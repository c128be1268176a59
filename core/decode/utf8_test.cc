#include "core/decode/utf8.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;

std::string Repaired(std::string_view in) {
  std::string out;
  AppendRepaired(in, out);
  return out;
}

// UTF-8 as RFC 3629 defines it: by the number a sequence means, not by table.
size_t ModelLength(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return 1;
  size_t length = 0;
  while (length < 5 && (first << length & 0x80) != 0) ++length;
  if (length < 2 || length > 4 || text.size() < length) return 0;
  uint32_t number = first & (0x7f >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((text[i] & 0xc0) != 0x80) return 0;
    number = number << 6 | (text[i] & 0x3f);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = number >= 0xd800 && number <= 0xdfff;
  return number < kLeast[length] || number > 0x10ffff || surrogate ? 0 : length;
}

// The inverse that shows the repair to be injective.
std::string Undone(std::string_view repaired) {
  std::string bytes;
  while (!repaired.empty()) {
    if (repaired.starts_with(kReplacement)) {
      bytes += static_cast<char>(
          std::stoi(std::string(repaired.substr(3, 2)), nullptr, 16));
      repaired.remove_prefix(5);
    } else {
      bytes += repaired[0];
      repaired.remove_prefix(1);
    }
  }
  return bytes;
}

// Bytes at the edges of what may follow a first byte.
constexpr std::string_view kFollowing("\0a\x7f\x80\x9f\xa0\xbf\xc0\xff", 9);

TEST(Utf8LengthTest, AgreesWithTheDefinitionOnThreeBytes) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const char third : kFollowing) {
        const char bytes[] = {static_cast<char>(first),
                              static_cast<char>(second), third};
        const std::string_view text(bytes, 3);
        ASSERT_EQ(Utf8Length(text), ModelLength(text)) << first << second;
        ASSERT_EQ(Utf8Length(text.substr(0, 2)), ModelLength(text.substr(0, 2)))
            << first << second;
      }
    }
  }
}

TEST(Utf8LengthTest, AgreesWithTheDefinitionOnFourBytes) {
  for (int first = 0xf0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const char third : kFollowing) {
        for (const char fourth : kFollowing) {
          const char bytes[] = {static_cast<char>(first),
                                static_cast<char>(second), third, fourth};
          const std::string_view text(bytes, 4);
          ASSERT_EQ(Utf8Length(text), ModelLength(text)) << first << second;
        }
      }
    }
  }
}

TEST(Utf8LengthTest, KnowsTheEdges) {
  EXPECT_EQ(Utf8Length(""), 0u);
  EXPECT_EQ(Utf8Length("\xf0\x90\x80\x80"), 4u) << "U+10000";
  EXPECT_EQ(Utf8Length("\xf4\x8f\xbf\xbf"), 4u) << "U+10FFFF";
  EXPECT_EQ(Utf8Length("\xf4\x90\x80\x80"), 0u) << "one more";
  EXPECT_EQ(Utf8Length("\xf0\x8f\xbf\xbf"), 0u) << "overlong";
  EXPECT_EQ(Utf8Length("\xed\x9f\xbf"), 3u) << "before the surrogates";
  EXPECT_EQ(Utf8Length("\xed\xa0\x80"), 0u) << "a surrogate";
  EXPECT_EQ(Utf8Length("\xc0\x80"), 0u) << "overlong NUL";
}

TEST(AppendRepairedTest, ValidTextIsUnchanged) {
  for (const std::string& text :
       {""s, "systemd-journal"s, "a\0b"s, "tab\tquote\"\\\n\x1f\x7f"s,
        "Gr\xc3\xbc\xc3\x9f"s, "\xe2\x82\xac"s, "\xf0\x9f\x90\xa7"s,
        "\xef\xbf\xbe noncharacter"s, "sixteen bytes, or more: \xc3\xa9"s}) {
    EXPECT_EQ(Repaired(text), text);
  }
}

TEST(AppendRepairedTest, InvalidBytesBecomeDigits) {
  EXPECT_EQ(Repaired("\xff"),
            "\xef\xbf\xbd"
            "ff");
  EXPECT_EQ(Repaired("a\x80z"),
            "a\xef\xbf\xbd"
            "80z");
  EXPECT_EQ(Repaired("fourteen bytes\xe2\x82"),
            "fourteen bytes\xef\xbf\xbd"
            "e2\xef\xbf\xbd"
            "82");
  EXPECT_EQ(Repaired("\xc0\xaf"),
            "\xef\xbf\xbd"
            "c0\xef\xbf\xbd"
            "af");
  EXPECT_EQ(Repaired("\xed\xa0\x80"),
            "\xef\xbf\xbd"
            "ed\xef\xbf\xbd"
            "a0\xef\xbf\xbd"
            "80");
  EXPECT_EQ(Repaired("\xc3(\xc3\xa9"),
            "\xef\xbf\xbd"
            "c3(\xc3\xa9");
}

TEST(AppendRepairedTest, TheReplacementItselfIsWrittenAsItsBytes) {
  const std::string bytes =
      "\xef\xbf\xbd"
      "ef\xef\xbf\xbd"
      "bf\xef\xbf\xbd"
      "bd";
  EXPECT_EQ(Repaired("\xef\xbf\xbd"), bytes);
  EXPECT_EQ(Repaired("\xef\xbf\xbd"
                     "ff"),
            bytes + "ff");
  EXPECT_EQ(Repaired("a long prefix of ASCII \xef\xbf\xbd."),
            "a long prefix of ASCII " + bytes + ".");
}

TEST(AppendRepairedTest, AppendsToWhatIsThere) {
  std::string out = "x\xff";
  AppendRepaired("y", out);
  EXPECT_EQ(out, "x\xffy");
}

TEST(AppendRepairedTest, ShortInputsNeverMeet) {
  std::map<std::string, std::string> origin;
  for (const std::string_view alphabet : {"\xef\xbf\xbd"
                                          "ef",
                                          "\xc3\xa9\xff"
                                          "9"}) {
    std::vector<std::string> inputs = {""};
    for (size_t i = 0; i < inputs.size() && inputs[i].size() < 6; ++i) {
      for (const char byte : alphabet) inputs.push_back(inputs[i] + byte);
    }
    for (const std::string& in : inputs) {
      const auto [at, is_new] = origin.emplace(Repaired(in), in);
      EXPECT_TRUE(is_new || at->second == in) << in;
      EXPECT_TRUE(IsUtf8(at->first)) << in;
    }
  }
}

TEST(AppendRepairedTest, AnyBytesBecomeUtf8AndCanBeUndone) {
  static constexpr std::string_view kAwkward =
      "\xef\xbf\xbd\xc3\xa9\xed\xa0\x80\xf0\x9f\x90\xa7\xf4\xff";
  std::mt19937_64 random(9);
  for (int round = 0; round < 20000; ++round) {
    std::string in;
    for (uint64_t i = random() % 24; i > 0; --i) {
      in += random() % 2 == 0 ? kAwkward[random() % kAwkward.size()]
                              : static_cast<char>(random() % 256);
    }
    const std::string out = Repaired(in);
    for (std::string_view rest = out; !rest.empty();) {
      const size_t length = ModelLength(rest);
      ASSERT_GT(length, 0u) << in;
      rest.remove_prefix(length);
    }
    ASSERT_EQ(Undone(out), in);
    ASSERT_EQ(Repaired(out) == out, out.find(kReplacement) == out.npos);
    ASSERT_EQ(out == in, IsUtf8(in) && in.find(kReplacement) == in.npos);
  }
}

}  // namespace
}  // namespace ebpf_exporter
