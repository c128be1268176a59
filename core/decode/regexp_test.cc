#include "core/decode/regexp.h"

#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;
using Patterns = std::vector<std::string>;

RegexpDecoder Made(const Patterns& patterns, RegexpMode mode) {
  absl::StatusOr<RegexpDecoder> decoder = RegexpDecoder::Make(patterns, mode);
  EXPECT_TRUE(decoder.ok()) << decoder.status();
  return *std::move(decoder);
}

// What is kept of the text, or nothing if the entry is skipped.
std::optional<std::string> Decode(const RegexpDecoder& decoder, ByteView in) {
  std::string out = ">";
  const Outcome outcome = decoder.Decode(in, out);
  EXPECT_NE(outcome.verdict, Verdict::kError);
  if (outcome.verdict == Verdict::kSkip) return std::nullopt;
  return out.substr(1);
}

std::optional<std::string> Input(const Patterns& patterns, ByteView in) {
  return Decode(Made(patterns, RegexpMode::kKeepInput), in);
}

std::optional<std::string> Matched(const Patterns& patterns, ByteView in) {
  return Decode(Made(patterns, RegexpMode::kKeepMatch), in);
}

TEST(RegexpDecoderTest, KeepsAllOfTheInput) {
  EXPECT_EQ(Input({"^systemd-journal$", "^syslog-ng$"}, "syslog-ng"),
            "syslog-ng");
  EXPECT_EQ(Input({"log"}, "syslog-ng"), "syslog-ng") << "anywhere";
  EXPECT_EQ(Input({"s(y)s(l)og"}, "syslog-ng"), "syslog-ng") << "any groups";
  EXPECT_EQ(Input({""}, "syslog-ng"), "syslog-ng");
  EXPECT_EQ(Input({"^$"}, ""), "");
}

TEST(RegexpDecoderTest, SkipsWhatNoPatternMatches) {
  EXPECT_EQ(Input({"^systemd-journal$", "^syslog-ng$"}, "bash"), std::nullopt);
  EXPECT_EQ(Input({"^log"}, "syslog-ng"), std::nullopt);
  EXPECT_EQ(Matched({"^log"}, "syslog-ng"), std::nullopt);
  EXPECT_EQ(Input({}, "bash"), std::nullopt) << "no patterns";
  EXPECT_EQ(Matched({}, ""), std::nullopt);
}

TEST(RegexpDecoderTest, KeepsTheMatch) {
  EXPECT_EQ(Matched({"kworker/[0-9]+"}, "kworker/12:1-events"), "kworker/12");
  EXPECT_EQ(Matched({"x*"}, "yyy"), "");
}

TEST(RegexpDecoderTest, KeepsTheGroupOfAMatch) {
  EXPECT_EQ(Matched({"kworker/([0-9]+)"}, "kworker/12:1-events"), "12");
  EXPECT_EQ(Matched({"a(?:b|c)d"}, "xacdx"), "acd") << "not a group";
  EXPECT_EQ(Matched({"a(b)?c"}, "xac"), "") << "took no part";
  EXPECT_EQ(Matched({"a(b*)c"}, "xac"), "") << "matched nothing";
}

TEST(RegexpDecoderTest, PatternsWithSeveralGroupsNeverMatch) {
  EXPECT_EQ(Matched({"(a)(b)"}, "ab"), std::nullopt);
  EXPECT_EQ(Matched({"(a)(b)", "b"}, "ab"), "b");
}

TEST(RegexpDecoderTest, TheFirstPatternThatMatchesDecides) {
  EXPECT_EQ(Matched({"zzz", "b", "a"}, "ab"), "b");
}

TEST(RegexpDecoderTest, InvalidBytesMatchAsTheReplacement) {
  EXPECT_EQ(Input({"^a.b$"},
                  "a\xff"
                  "b"),
            "a\xff"
            "b");
  EXPECT_EQ(Input({"^a..b$"},
                  "a\xe2\x82"
                  "b"),
            "a\xe2\x82"
            "b")
      << "each one";
  EXPECT_EQ(Input({"\xef\xbf\xbd"}, "\xff"), "\xff");
  EXPECT_EQ(Input({"^[[:ascii:]]*$"}, "a\xff"), std::nullopt);
}

TEST(RegexpDecoderTest, InvalidBytesAreKeptAsTheyCame) {
  EXPECT_EQ(Matched({"b.c"},
                    "\xff\xc3\xa9"
                    "b\xfe"
                    "cd"),
            "b\xfe"
            "c");
  EXPECT_EQ(Matched({"b(.)c"},
                    "\xff\xc3\xa9"
                    "b\xfe"
                    "cd"),
            "\xfe");
  EXPECT_EQ(Matched({"c(.*)"},
                    "\xff\xfe"
                    "c\xe2\x82"),
            "\xe2\x82");
  EXPECT_EQ(Matched({"a(b)?"},
                    "\xff"
                    "a"),
            "");
}

TEST(RegexpDecoderTest, NulIsACharacter) {
  EXPECT_EQ(Input({"^a\\x00b$"}, "a\0b"s), "a\0b"s);
  EXPECT_EQ(Matched({"\\x00(.*)"}, "a\0b"s), "b");
}

TEST(RegexpDecoderTest, BadPatternsAreExplained) {
  for (const auto& [pattern, words] :
       {std::pair<std::string, std::string>{"(", "missing )"},
        {"[a", "missing ]"},
        {"a{1000}{1000}", "bad repetition operator"},
        {"\\1", "invalid escape sequence"},
        {"(?=a)", "invalid perl operator"},
        {"a\xff", "invalid UTF-8"},
        {"\\pL{1000}", "pattern too large"}}) {
    const auto made =
        RegexpDecoder::Make({"good", pattern}, RegexpMode::kKeepInput);
    ASSERT_FALSE(made.ok()) << pattern;
    EXPECT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(made.status().message().find(words), std::string::npos)
        << made.status();
  }
}

TEST(RegexpDecoderTest, LongPatternsAreRefusedBeforeTheyAreCompiled) {
  const std::string longest(RegexpDecoder::kMaxPatternLength, 'a');
  EXPECT_TRUE(RegexpDecoder::Make({longest}, RegexpMode::kKeepInput).ok());
  const auto made =
      RegexpDecoder::Make({longest + "a"}, RegexpMode::kKeepInput);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.status().message(),
            "regexp of 16385 bytes; at most 16384 are allowed");
}

TEST(RegexpDecoderTest, AwkwardPatternsTakeLinearTime) {
  EXPECT_EQ(Input({"(a*)*b"}, std::string(60000, 'a')), std::nullopt);
}

TEST(RegexpDecoderTest, ALiteralIsFoundWhereverItIs) {
  std::mt19937_64 random(10);
  for (int round = 0; round < 2000; ++round) {
    std::string in;
    for (uint64_t i = random() % 12; i > 0; --i) {
      in += "ab\xff\xc3\xa9"[random() % 5];
    }
    EXPECT_EQ(Input({"ab"}, in).has_value(), in.find("ab") != in.npos);
    // The rest after a literal is the same bytes, valid or not.
    const size_t at = in.find("ab");
    if (at == in.npos) continue;
    EXPECT_EQ(Matched({"(?s)ab(.*)"}, in), in.substr(at + 2));
    EXPECT_EQ(Matched({"(?s)^(.*?)ab"}, in), in.substr(0, at));
  }
}

}  // namespace
}  // namespace ebpf_exporter
