#include "core/table/key_renderer.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Copies its bytes; 's' skips, 'e' is an error, 'k' asks the symbols in vain.
struct FakeDecoder {
  static constexpr std::string_view kName = "fake";

  Outcome Decode(ByteView in, std::string& out) const {
    if (in.front() == 's') return Outcome::Skip();
    if (in.front() == 'e') return Outcome::Error("no e");
    out.append(in);
    if (in.front() == 'k') return {.sources = kSymbols, .missed = true};
    return Outcome::Keep();
  }
};

KeyRenderer<FakeDecoder> Make(
    const std::vector<std::pair<std::string, BytesAt>>& labels) {
  std::vector<KeyLabel<FakeDecoder>> made;
  for (const auto& [name, bytes] : labels) {
    made.push_back({name, bytes, Pipeline<FakeDecoder>({FakeDecoder()})});
  }
  return KeyRenderer<FakeDecoder>(std::move(made));
}

TEST(KeyRendererTest, LabelsStandInTheOrderOfTheirNames) {
  const auto renderer = Make({{"op", {0, 2}}, {"command", {2, 3}}});
  std::string text;
  EXPECT_EQ(renderer.Render("rdcat", text).verdict, Verdict::kKeep);
  EXPECT_EQ(text, R"(command="cat",op="rd")");
}

TEST(KeyRendererTest, BytesOutsideTheLabelsAreNotLookedAt) {
  const auto renderer = Make({{"a", {4, 1}}});
  std::string text;
  renderer.Render("ssssx\xff", text);
  EXPECT_EQ(text, R"(a="x")");
}

TEST(KeyRendererTest, KnowsWhichDecodersItUses) {
  EXPECT_TRUE(Make({{"a", {4, 1}}}).Uses("fake"));
  EXPECT_FALSE(Make({{"a", {4, 1}}}).Uses("ksym"));
  EXPECT_FALSE(Make({}).Uses("fake"));
}

TEST(KeyRendererTest, WithoutLabelsTheTextIsEmpty) {
  std::string text;
  EXPECT_EQ(Make({}).Render("\0\0\0\0", text).verdict, Verdict::kKeep);
  EXPECT_EQ(text, "");
}

TEST(KeyRendererTest, InvalidBytesAreRepairedBeforeTheyAreEscaped) {
  std::string text;
  Make({{"a", {0, 4}}}).Render("\"\xff\\\n", text);
  EXPECT_EQ(text,
            "a=\"\\\"\xEF\xBF\xBD"
            "ff\\\\\\n\"");
}

TEST(KeyRendererTest, OneLabelDecidesForTheEntry) {
  const auto renderer = Make({{"a", {0, 1}}, {"b", {1, 1}}});
  std::string text;
  EXPECT_EQ(renderer.Render("xs", text).verdict, Verdict::kSkip);
  const Outcome error = renderer.Render("xe", text);
  EXPECT_EQ(error.verdict, Verdict::kError);
  EXPECT_EQ(error.reason, "no e");
}

TEST(KeyRendererTest, SourcesOfAllLabelsAreJoined) {
  const auto renderer = Make({{"a", {0, 1}}, {"b", {1, 1}}});
  std::string text;
  const Outcome outcome = renderer.Render("kx", text);
  EXPECT_EQ(outcome.sources, kSymbols);
  EXPECT_TRUE(outcome.missed);
  // Also of an entry that is left out: it may be kept once the name is known.
  EXPECT_EQ(renderer.Render("ks", text).sources, kSymbols);
}

}  // namespace
}  // namespace ebpf_exporter
