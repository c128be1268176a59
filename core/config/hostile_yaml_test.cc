// Files made to cost time or memory. Each is refused with a finding that says
// why; the test's own time limit is the proof that it is cheap.

#include <chrono>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/config/read_config.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;

std::string Repeat(std::string_view piece, size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  out.resize(bytes);
  return out;
}

std::string First(const Findings& findings) {
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::kError) return ToString(finding);
  }
  return "";
}

TEST(HostileYamlTest, TooLarge) {
  EXPECT_EQ(First(ReadConfig(std::string(100 * kMebibyte, 'a'), "t").findings),
            "t: error: the file has more than 1048576 bytes; split it, or "
            "compile inline code and name the object with `object:`");
}

TEST(HostileYamlTest, TenThousandBrackets) {
  EXPECT_EQ(First(ReadConfig(std::string(10000, '['), "t").findings),
            "t:1:33: error: lists and maps are nested more than 64 deep; a "
            "configuration needs about ten levels");
}

// One piece over and over, each a bad case of some parser; a quarter of the
// size that is allowed shows a square as well.
TEST(HostileYamlTest, OnePieceOverAndOver) {
  for (std::string_view piece :
       {"[",     "{",   "- ",    "? ",      "a: ",  "a:\n ",     "a: b\n",
        "- a\n", "-\n", "?\n",   ": \n",    "&a ",  "*a ",       "&a [",
        "!a ",   "\"",  "'",     "\"\\x41", "|",    ">\n",       "[a],",
        "[a,",   "{a,", "{? ",   "\n",      "#",    "%",         "\t",
        " ",     "\r",  "---\n", "...\n",   "<<: ", "- - - a\n", "\xc3\xa9"}) {
    const auto start = std::chrono::steady_clock::now();
    const ParsedConfig parsed = ReadConfig(Repeat(piece, kMebibyte / 4), "t");
    const auto seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start);
    EXPECT_NE(First(parsed.findings), "") << piece;
    EXPECT_LT(seconds.count(), 30) << piece;
  }
}

TEST(HostileYamlTest, MergeBomb) {
  std::string text = "x-0: &m0 {a: 1, b: 2}\n";
  for (int i = 1; i < 40; ++i) {
    absl::StrAppend(&text, "x-", i, ": &m", i, " {<<: [*m", i - 1, ", *m",
                    i - 1, "]}\n");
  }
  text += "programs: [*m39]\n";
  EXPECT_TRUE(absl::StrContains(First(ReadConfig(text, "t").findings),
                                "use fewer aliases"));
}

TEST(HostileYamlTest, LongTextAliasedOften) {
  std::string text = absl::StrCat("x-a: &a ", std::string(500000, 'a'),
                                  "\nprograms:\n  - name: p\n    cflags: [");
  for (int i = 0; i < 100000; ++i) text += "*a,";
  EXPECT_TRUE(absl::StrContains(First(ReadConfig(text + "]\n", "t").findings),
                                "use fewer aliases"));
}

TEST(HostileYamlTest, OneProgramAliasedOften) {
  std::string text = "x-p: &p {name: p, object: o, kprobes: {";
  for (int i = 0; i < 50000; ++i) absl::StrAppend(&text, "f", i, ": g, ");
  text += "}}\nprograms: [";
  for (int i = 0; i < 50000; ++i) text += "*p,";
  EXPECT_TRUE(absl::StrContains(First(ReadConfig(text + "]\n", "t").findings),
                                "use fewer aliases"));
}

// A hundred thousand entries are many, but honest.
TEST(HostileYamlTest, LargeStaticMap) {
  std::string text =
      "programs: [{name: p, object: o, metrics: {counters: [{name: a_total, "
      "help: h, labels: [{name: l, size: 8, decoders: [{name: uint}, {name: "
      "static_map, static_map: {";
  for (int i = 0; i < 100000; ++i) absl::StrAppend(&text, i, ": x,");
  text += "\"quote\\\"\": \"new\\nline\"}}]}]}]}}]";
  const ParsedConfig parsed = ReadConfig(text, "t");
  EXPECT_EQ(First(parsed.findings), "");
  const auto& map = parsed.config.programs.at(0)
                        .metrics.at(0)
                        .labels.at(0)
                        .decoders.at(1)
                        .static_map;
  ASSERT_EQ(map.size(), 100001u);
  EXPECT_EQ(map[99999].first, "99999");
  EXPECT_EQ(map.back().first, "quote\"");
  EXPECT_EQ(map.back().second, "new\nline");
}

TEST(HostileYamlTest, ManyPrograms) {
  std::string text = "programs:\n";
  for (int i = 0; i < 14000; ++i) {
    absl::StrAppend(&text, "- {name: p", i,
                    ", object: o, metrics: {gauges: [{name: g", i,
                    ", help: h}]}}\n");
  }
  ASSERT_LT(text.size(), kMebibyte);
  const ParsedConfig parsed = ReadConfig(text, "t");
  EXPECT_EQ(First(parsed.findings), "");
  EXPECT_EQ(parsed.config.programs.size(), 14000u);
}

TEST(HostileYamlTest, ManyLabels) {
  std::string text =
      "programs: [{name: p, object: o, metrics: {gauges: [{name: g, help: h, "
      "labels: [";
  for (int i = 0; i < 500; ++i) {
    absl::StrAppend(&text, "{name: l", i,
                    ", size: 1, decoders: [{name: uint}]}", i < 499 ? "," : "");
  }
  EXPECT_EQ(First(ReadConfig(text + "]}]}}]", "t").findings),
            "t:1:52: error: metric \"g\": 500 labels; 64 are possible");
}

TEST(HostileYamlTest, ManyFindings) {
  std::string text = "programs:\n- name: p\n  object: o\n  kprobes:\n";
  for (int i = 0; i < 100000; ++i) text += "    a:\n";
  const ParsedConfig parsed = ReadConfig(text, "t");
  EXPECT_TRUE(parsed.config.programs.at(0).refused);
  EXPECT_LT(parsed.findings.size(), 2100u);
  EXPECT_TRUE(
      absl::StrContains(ToString(parsed.findings.back()), "too many findings"));
}

TEST(HostileYamlTest, LongKeysAndNames) {
  const std::string name(500000, 'n');
  EXPECT_LT(First(ReadConfig(name + ": 1", "t").findings).size(), 300u);
  const std::string text =
      absl::StrCat("programs: [{name: ", name, ", object: o}]");
  EXPECT_LT(First(ReadConfig(text, "t").findings).size(), 300u);
}

}  // namespace
}  // namespace ebpf_exporter
