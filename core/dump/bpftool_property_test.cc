// Whatever entries a map has, each form of their dump gives them back.

#include <bit>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/dump/bpftool_exercise.h"
#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Random = std::mt19937_64;

std::string RandomBytes(Random& random, size_t size) {
  std::string bytes;
  // Bytes that mean something in text are as frequent as all others.
  constexpr std::string_view kOdd("\"\\,:[]{}kx0\n\0 F", 15);
  for (size_t i = 0; i < size; ++i) {
    const uint64_t draw = random();
    bytes.push_back(draw % 2 == 0 ? kOdd[draw / 2 % kOdd.size()]
                                  : static_cast<char>(draw >> 8));
  }
  return bytes;
}

PlainMap RandomMap(Random& random) {
  PlainMap map;
  const bool per_cpu = random() % 2 == 0;
  map.type = per_cpu ? MapType::kPerCpuHash : MapType::kUnspecified;
  map.key_size = static_cast<uint32_t>(1 + random() % 40);
  map.value_size = static_cast<uint32_t>(1 + random() % 60);
  const size_t cpus = per_cpu ? 1 + random() % 12 : 1;
  const size_t count = 1 + random() % 20;
  for (size_t i = 0; i < count; ++i) {
    PlainEntry entry{RandomBytes(random, map.key_size), {}};
    for (size_t cpu = 0; cpu < cpus; ++cpu) {
      entry.values.push_back(RandomBytes(random, map.value_size));
    }
    map.entries.push_back(std::move(entry));
  }
  return map;
}

// With the spaces that `-p` writes, and some more.
std::string Spread(std::string_view json) {
  return absl::StrReplaceAll(
      json, {{"{", "{\n\t  "}, {":", ": "}, {"]", "\n    ]"}, {"}", " \r\n}"}});
}

void ExpectMap(const PlainDump& dump, const PlainMap& map) {
  ASSERT_TRUE(dump.status.ok()) << dump.status;
  ASSERT_EQ(dump.maps.size(), 1u);
  EXPECT_EQ(dump.maps[0], map);
  EXPECT_EQ(dump.error_entries, 0u);
}

TEST(DumpPropertyTest, EveryFormGivesTheEntriesBack) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const PlainMap map = RandomMap(random);
    const size_t piece = 1 + random() % 100;
    const auto in_pieces = [piece](std::string text) {
      return ReadWhole(std::make_unique<PieceSource>(std::move(text), piece));
    };
    ExpectMap(in_pieces(JsonDump(map)), map);
    ExpectMap(in_pieces(Spread(JsonDump(map))), map);
    ExpectMap(in_pieces(TextDump(map)), map);
    if (HasFailure()) return;
  }
}

TEST(DumpPropertyTest, RawEntriesAreGivenBack) {
  Random random(2);
  for (int i = 0; i < 200; ++i) {
    PlainMap map = RandomMap(random);
    // No known form begins so.
    map.entries[0].key[0] = '\x01';
    DumpOptions options;
    options.key_size = map.key_size;
    options.value_size = map.value_size;
    if (IsPerCpu(map.type)) {
      options.cpus = static_cast<uint32_t>(map.entries[0].values.size());
    }
    ExpectMap(ReadWhole(std::make_unique<PieceSource>(RawDump(map),
                                                      1 + random() % 100),
                        options),
              map);
    if (HasFailure()) return;
  }
}

// As bpftool prints `char[size]`: a text if it can be one, else numbers or, for
// chars that are encoded as such, characters between quotes.
std::string PrintedChars(const std::string& bytes, bool encoded) {
  const size_t end = bytes.find('\0');
  bool text = end != std::string::npos;
  for (char c : bytes.substr(0, end)) text = text && c >= ' ' && c < '\x7f';
  if (text) {
    return absl::StrCat("\"",
                        absl::StrReplaceAll(bytes.substr(0, end),
                                            {{"\\", "\\n"}, {"\"", "\\\""}}),
                        "\"");
  }
  std::string array;
  for (char c : bytes) {
    absl::StrAppend(&array, array.empty() ? "[" : ",");
    if (encoded && c >= ' ' && c < '\x7f') {
      absl::StrAppend(&array, "\"", std::string(1, c), "\"");
    } else if (encoded) {
      absl::StrAppend(&array, "0x", absl::Hex(static_cast<uint8_t>(c)));
    } else {
      absl::StrAppend(&array, static_cast<int>(c));
    }
  }
  return array + "]";
}

// Bytes behind the first NUL are not printed, so there are none.
std::string RandomChars(Random& random, size_t size) {
  std::string bytes = RandomBytes(random, random() % (size + 1));
  const size_t end = bytes.find('\0');
  if (end != std::string::npos) bytes.resize(end);
  bytes.resize(size);
  return bytes;
}

std::string Native(uint64_t number) {
  return std::string(reinterpret_cast<const char*>(&number), sizeof(number));
}

TEST(DumpPropertyTest, PrintedTypesGiveTheEntriesBack) {
  Random random(3);
  DumpOptions options;
  options.shapes = {MapFor(
      ShapeFor("struct k", 32,
               {Chars("a", 0, 8), Chars("b", 8, 16), Unsigned("n", 24, 8)}),
      ShapeFor("struct v", 16, {Unsigned("u", 0, 8), Signed("s", 8, 8)}))};
  for (int i = 0; i < 500; ++i) {
    PlainMap map{"", MapType::kUnspecified, 32, 16, {}};
    std::string text = "[";
    for (int j = 0; j < 5; ++j) {
      const std::string a = RandomChars(random, 8);
      const std::string b = RandomChars(random, 16);
      const uint64_t n = random() >> (random() % 64);
      const uint64_t s = random();
      const bool encoded = random() % 2 == 0;
      map.entries.push_back({a + b + Native(n), {Native(~n) + Native(s)}});
      absl::StrAppend(&text, j > 0 ? "," : "",
                      "{\n    \"key\": {\n  \"a\": ", PrintedChars(a, encoded),
                      ",\n  \"b\": ", PrintedChars(b, encoded),
                      ",\n  \"n\": ", n, "\n }, \"value\": {\n  \"u\": ", ~n,
                      ",\n  \"s\": ", static_cast<int64_t>(s), "\n }\n    }");
    }
    ExpectMap(ReadWhole(text + "\n]\n", options), map);
    if (HasFailure()) {
      ADD_FAILURE() << text;
      return;
    }
  }
}

}  // namespace
}  // namespace ebpf_exporter
