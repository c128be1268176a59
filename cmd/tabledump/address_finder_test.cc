#include "cmd/tabledump/address_finder.h"

#include <cstring>
#include <string>

#include "core/layout/shape_builder.h"
#include "core/resolve/kallsyms.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

class Symbols : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    ++asked;
    if (address != 0xffffffff81000010) return false;
    out += "do_it\t[mod]";
    return true;
  }
  uint64_t epoch() const override { return 0; }
  mutable int asked = 0;
};

std::string Key(std::initializer_list<uint64_t> numbers) {
  std::string key;
  for (const uint64_t number : numbers) {
    key.append(reinterpret_cast<const char*>(&number), sizeof(number));
  }
  return key;
}

std::string Lines(AddressFinder& finder, const std::string& keys,
                  uint32_t key_size) {
  EntryBatch batch;
  batch.keys = reinterpret_cast<const std::byte*>(keys.data());
  batch.count = keys.size() / key_size;
  batch.key_size = key_size;
  return finder.LinesFor(batch);
}

constexpr char kLine[] = "ffffffff81000010 t do_it\t[mod]\n";

TEST(AddressFinderTest, NamesIntegersOfEightBytesOnce) {
  Symbols symbols;
  AddressFinder finder(&symbols);
  finder.SetMap(
      MapFor(ShapeFor("k", 16, {Unsigned("a", 0, 8), Unsigned("b", 8, 8)}),
             OneNumber()));
  const std::string keys = Key({1, 0xffffffff81000010}) +
                           Key({2, 0xffffffff81000010}) +
                           Key({3, 0xffffffff81000020});
  EXPECT_EQ(Lines(finder, keys, 16), kLine);
  EXPECT_EQ(symbols.asked, 2);  // small numbers are no kernel addresses
  EXPECT_EQ(Lines(finder, keys, 16), "");
  // The line says what it has to.
  EXPECT_EQ(SymbolTable::Parse(kLine).Find(0xffffffff81000010), "do_it\t[mod]");
}

TEST(AddressFinderTest, TextIsNoAddress) {
  Symbols symbols;
  AddressFinder finder(&symbols);
  finder.SetMap(MapFor(ShapeFor("k", 8, {Chars("a", 0, 8)}), OneNumber()));
  EXPECT_EQ(Lines(finder, Key({0xffffffff81000010}), 8), "");
}

TEST(AddressFinderTest, WithoutTypesItMayBeAnywhere) {
  Symbols symbols;
  AddressFinder finder(&symbols);
  finder.SetMap(MapFor(12, 8));
  const std::string key = "abcd" + Key({0xffffffff81000010});
  EXPECT_EQ(Lines(finder, key, 12), kLine);
  finder.SetMap(MapFor(4, 8));
  EXPECT_EQ(Lines(finder, "abcd", 4), "");
}

}  // namespace
}  // namespace ebpf_exporter
