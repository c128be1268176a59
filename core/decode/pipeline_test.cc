#include "core/decode/pipeline.h"

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Appends its letter to what it is given, then ends as it was told to.
struct Letter {
  static constexpr std::string_view kName = "letter";

  char letter;
  Outcome outcome = Outcome::Keep();

  Outcome Decode(ByteView in, std::string& out) const {
    out += in;
    out += letter;
    return outcome;
  }
};

static_assert(Decoder<Letter>);

struct NamedLetter : Letter {
  std::string_view name() const { return {&letter, 1}; }
};

using Letters = Pipeline<Letter>;
using Steps = std::vector<Letter>;

Outcome Missed(uint8_t sources) { return {.sources = sources, .missed = true}; }

TEST(PipelineTest, GoesFromLeftToRight) {
  const Letters pipeline({{'a'}, {'b'}, {'c'}, {'d'}});
  std::string out = "> ";
  const Outcome outcome = pipeline.Run("x", out);
  EXPECT_EQ(out, "> xabcd");
  EXPECT_EQ(outcome.verdict, Verdict::kKeep);
  EXPECT_EQ(outcome.sources, kNoSource);
  EXPECT_FALSE(outcome.missed);
}

TEST(PipelineTest, MayHaveOneStepOrNone) {
  std::string out = "> ";
  EXPECT_EQ(Letters(Steps{{'a'}}).Run("x", out).verdict, Verdict::kKeep);
  EXPECT_EQ(out, "> xa");
  EXPECT_EQ(Letters().Run("y", out).verdict, Verdict::kKeep);
  EXPECT_EQ(out, "> xay");
}

TEST(PipelineTest, KnowsWhichDecodersItUses) {
  EXPECT_TRUE(Letters(Steps{{'a'}}).Uses("letter"));
  EXPECT_FALSE(Letters(Steps{{'a'}}).Uses("ksym"));
  EXPECT_FALSE(Letters().Uses("letter"));
  std::vector<NamedLetter> steps(2);
  steps[0].letter = 'a';
  steps[1].letter = 'b';
  EXPECT_TRUE(Pipeline<NamedLetter>(steps).Uses("b"));
  EXPECT_FALSE(Pipeline<NamedLetter>(steps).Uses("letter"));
}

TEST(PipelineTest, LongTextsPassThrough) {
  const std::string in(10000, 'x');
  std::string out;
  Letters({{'a'}, {'b'}, {'c'}}).Run(in, out);
  EXPECT_EQ(out, in + "abc");
}

TEST(PipelineTest, RemembersWhoWasAskedAndWhatWasMissed) {
  const Letters pipeline(
      {{'a', {.sources = kSymbols}}, {'b', Missed(kCgroups)}, {'c'}});
  std::string out;
  const Outcome outcome = pipeline.Run("", out);
  EXPECT_EQ(outcome.sources, kSymbols | kCgroups);
  EXPECT_TRUE(outcome.missed);
}

TEST(PipelineTest, ASkipEndsTheRun) {
  const Letters pipeline({{'a', Missed(kSymbols)},
                          {'b', Outcome::Skip()},
                          {'c', {.sources = kCgroups}}});
  std::string out = "> ";
  const Outcome outcome = pipeline.Run("x", out);
  EXPECT_EQ(outcome.verdict, Verdict::kSkip);
  EXPECT_EQ(outcome.sources, kSymbols) << "only of steps that ran";
  EXPECT_TRUE(outcome.missed) << "the name may be there next time";
  EXPECT_EQ(out, "> ");
}

TEST(PipelineTest, AnErrorEndsTheRunWithItsReason) {
  std::string out = "> ";
  const Letters last({{'a'}, {'b', Outcome::Error("broken")}});
  EXPECT_EQ(last.Run("x", out).verdict, Verdict::kError);
  EXPECT_EQ(last.Run("x", out).reason, "broken");
  EXPECT_EQ(out, "> ");
}

TEST(PipelineTest, ExplainsEveryStep) {
  const Pipeline<NamedLetter> pipeline(
      {{{'a'}}, {{'b', Missed(kSymbols)}}, {{'c'}}});
  std::string out = "> ";
  std::vector<std::string> told;
  const Outcome outcome = pipeline.Explain(
      "x", out, [&](std::string_view name, ByteView bytes, const Outcome& one) {
        told.push_back(std::string(name) + ":" + std::string(bytes) +
                       (one.missed ? " missed" : ""));
      });
  EXPECT_EQ(told, (std::vector<std::string>{"a:xa", "b:xab missed", "c:xabc"}));
  EXPECT_EQ(out, "> xabc");
  EXPECT_TRUE(outcome.missed);
}

TEST(PipelineTest, ExplainsUpToTheStepThatEnds) {
  const Letters pipeline({{'a'}, {'b', Outcome::Skip()}, {'c'}});
  std::string out;
  std::vector<std::string> told;
  pipeline.Explain(
      "x", out, [&](std::string_view name, ByteView bytes, const Outcome&) {
        told.push_back(std::string(name) + ":" + std::string(bytes));
      });
  EXPECT_EQ(told, (std::vector<std::string>{"letter:xa", "letter:"}));
}

}  // namespace
}  // namespace ebpf_exporter
