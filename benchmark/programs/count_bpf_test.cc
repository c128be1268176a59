// Each program once, briefly: that it counted exactly the calls that were made
// is part of measuring it. Needs root, or CAP_BPF.

#include "benchmark/programs/measure.h"
#include "benchmark/programs/variant.h"
#include "bpf/loader/privileges.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

TEST(CountBpfTest, MeasuresEveryProgram) {
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) GTEST_SKIP() << privileges;
  MeasureOptions options;
  options.rounds = 1;
  options.calls = {.slices = 3, .calls = 100};
  options.walked = 100;
  options.walks = 1;
  const absl::StatusOr<Results> results = Measure(CodeVariants(), options);
  ASSERT_TRUE(results.ok()) << results.status();
  ASSERT_EQ(results->size(), CodeVariants().size());
  for (const Result& result : *results) {
    SCOPED_TRACE(result.variant.Name());
    if (result.variant.kind == "tracepoint" && !result.unavailable.empty()) {
      EXPECT_THAT(result.unavailable, HasSubstr("mount -t tracefs"));
      continue;
    }
    EXPECT_EQ(result.unavailable, "");
    EXPECT_GT(result.added.baseline, 5);
    EXPECT_GT(result.run_time, 0);
    EXPECT_EQ(result.walk > 0, result.variant.form != Form::kEmpty);
    EXPECT_EQ(result.added.samples, 1u);
  }
}

}  // namespace
}  // namespace ebpf_exporter
