#include "benchmark/programs/code_pairs.h"

#include "cmd/overhead-bench/simulated_timings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

constexpr size_t kRounds = 31;

Result Measured(SimulatedHost& host, std::string_view code, double added) {
  Result result;
  result.variant = {"raw_tp", Form::kCounter, "simple",
                    "hash",   MapType::kHash, code};
  result.pairs = host.Measure(kRounds, added);
  result.added = Compare(result.pairs);
  return result;
}

std::vector<CodePair> Of(SimulatedHost& host, double plain, double helper) {
  return CodePairsOf(
      {Measured(host, "plain", plain), Measured(host, "helper", helper)});
}

TEST(CodePairsOfTest, FindsTheDearerAndTheCheaper) {
  SimulatedHost host(1);
  const std::vector<CodePair> dearer = Of(host, 100, 130);
  ASSERT_EQ(dearer.size(), 1u);
  EXPECT_TRUE(dearer[0].significant);
  EXPECT_NEAR(dearer[0].difference.median, 30, 8);
  EXPECT_NEAR(dearer[0].difference.baseline, 100, 8);
  EXPECT_TRUE(AnyHelperIsDearer(dearer));
  EXPECT_THAT(CodePairsText(dearer), ContainsRegex("hash .*helper dearer"));
  const std::vector<CodePair> cheaper = Of(host, 130, 100);
  EXPECT_TRUE(cheaper[0].significant);
  EXPECT_FALSE(AnyHelperIsDearer(cheaper));
  EXPECT_THAT(CodePairsText(cheaper), ContainsRegex("hash .*helper cheaper"));
}

TEST(CodePairsOfTest, ClaimsNothingWhereThereIsNothing) {
  SimulatedHost host(2);
  int claims = 0;
  for (int trial = 0; trial < 1000; ++trial) {
    claims += AnyHelperIsDearer(Of(host, 100, 100));
  }
  EXPECT_LE(claims, 3);
  const std::vector<CodePair> equal = Of(host, 100, 100);
  EXPECT_THAT(CodePairsText(equal), HasSubstr("no difference"));
  EXPECT_THAT(CodePairsJson(equal), HasSubstr("\"significant\": false"));
}

TEST(CodePairsOfTest, NeedsBothOfOneKindProgramAndMap) {
  SimulatedHost host(3);
  Result helper = Measured(host, "helper", 100);
  Result plain = Measured(host, "plain", 100);
  EXPECT_TRUE(CodePairsOf({helper}).empty());
  plain.variant.map = "array";
  EXPECT_TRUE(CodePairsOf({helper, plain}).empty());
  plain.variant.map = "hash";
  plain.pairs.clear();
  EXPECT_TRUE(CodePairsOf({helper, plain}).empty());
  EXPECT_EQ(CodePairsJson({}), "[\n  ]");
}

}  // namespace
}  // namespace ebpf_exporter
