#include "benchmark/programs/summarize.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(MeanRunTimeTest, IsTheMedianOfTheMeans) {
  const RunStats runs[] = {{1000, 10}, {300, 10}, {5000, 100}, {0, 0}};
  EXPECT_EQ(MeanRunTime(runs), 50);
  EXPECT_EQ(MeanRunTime({}), 0);
}

TEST(SummarizeAllTest, CallsOfOthersAndTheAccountingAreTakenOff) {
  const std::vector<Variant> variants = {
      EmptyVariant("raw_tp"),
      {"raw_tp", Form::kCounter, "simple", "hash", MapType::kHash, "helper"}};
  std::vector<Samples> samples(2);
  samples[0].runs = {{60 * 150, 150}};
  samples[0].alone = {{110, 100}};
  // 100 calls of ours at 90 ns, 50 of others that are looked at for 60.
  samples[1].runs = {{90 * 100 + 60 * 50, 150}};
  samples[1].alone = {{150, 100}};
  const Results results = SummarizeAll(variants, samples, 100, 40);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_DOUBLE_EQ(results[0].run_time, 20);
  EXPECT_DOUBLE_EQ(results[1].run_time, 50);
  EXPECT_EQ(results[1].added.median, 50);
  EXPECT_EQ(results[1].pairs.size(), 1u);
}

TEST(SummarizeAllTest, KeepsReasons) {
  std::vector<Samples> samples(1);
  samples[0].alone = {{110, 100}};
  samples[0].contended[2] = {{130, 100}};
  samples[0].never_free = {{2, "later"}, {4, "busy"}};
  const Results some = SummarizeAll({EmptyVariant("raw_tp")}, samples, 1, 0);
  ASSERT_EQ(some[0].contended.size(), 2u);
  EXPECT_EQ(some[0].contended[0].unavailable, "");
  EXPECT_EQ(some[0].contended[1].cpus, 4);
  EXPECT_EQ(some[0].contended[1].unavailable, "busy");
  samples[0].unavailable = "no hook";
  const Results none = SummarizeAll({EmptyVariant("raw_tp")}, samples, 1, 0);
  EXPECT_EQ(none[0].unavailable, "no hook");
  EXPECT_TRUE(none[0].contended.empty());
}

}  // namespace
}  // namespace ebpf_exporter
