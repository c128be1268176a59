#include "core/decode/kstack.h"

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// A symbol at each multiple of 16 MiB from the first on.
class SparseSymbols : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    return AppendNear(address, 0, out).has_value();
  }
  std::optional<NearSymbol> AppendNear(uint64_t address, uint64_t reach,
                                       std::string& out) const override {
    const uint64_t distance = address % (16 << 20);
    if (address < 16 << 20 || distance > reach) return std::nullopt;
    out += 'f';
    out += std::to_string(address >> 24);
    return NearSymbol{.distance = distance};
  }
  uint64_t epoch() const override { return 0; }
};

std::string Bytes(std::initializer_list<uint64_t> addresses) {
  std::string bytes(addresses.size() * 8, '\0');
  std::memcpy(bytes.data(), addresses.begin(), bytes.size());
  return bytes;
}

const SparseSymbols kSymbolsOfTest;

TEST(KstackDecoderTest, NamesOneALineInnermostFirst) {
  std::string out = ">";
  const Outcome outcome =
      KstackDecoder(&kSymbolsOfTest).Decode(Bytes({0x2000010, 0x1000000}), out);
  EXPECT_EQ(out, ">f2\nf1");
  EXPECT_EQ(outcome.sources, kSymbols);
  EXPECT_FALSE(outcome.missed);
}

TEST(KstackDecoderTest, EndsAtTheFirstZero) {
  std::string out;
  KstackDecoder(&kSymbolsOfTest).Decode(Bytes({0x1000001, 0, 0x2000000}), out);
  EXPECT_EQ(out, "f1");
  out.clear();
  EXPECT_FALSE(
      KstackDecoder(&kSymbolsOfTest).Decode(Bytes({0, 0}), out).missed);
  EXPECT_EQ(out, "");
  KstackDecoder(&kSymbolsOfTest).Decode("", out);
  EXPECT_EQ(out, "");
}

TEST(KstackDecoderTest, AFunctionDoesNotReachFar) {
  std::string out;
  const Outcome outcome =
      KstackDecoder(&kSymbolsOfTest)
          .Decode(Bytes({0x1000000 + KstackDecoder::kReach,
                         0x1000001 + KstackDecoder::kReach, 0x10}),
                  out);
  EXPECT_EQ(out, "f1\n??\n??");
  EXPECT_TRUE(outcome.missed);
}

TEST(KstackDecoderTest, WithoutASourceAllIsMissed) {
  std::string out;
  EXPECT_TRUE(KstackDecoder(nullptr).Decode(Bytes({1, 2}), out).missed);
  EXPECT_EQ(out, "??\n??");
}

TEST(KstackDecoderTest, PartsOfAddressesAreAnError) {
  std::string out;
  EXPECT_EQ(KstackDecoder(nullptr).Decode("abcdefghi", out).reason,
            "kstack_wrong_size");
}

}  // namespace
}  // namespace ebpf_exporter
