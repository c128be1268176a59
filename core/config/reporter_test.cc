#include "core/config/reporter.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ReporterTest, FindingsBelongToTheProgramEntered) {
  Reporter reporter("a.yaml");
  reporter.Warning({9, 1}, "comes last");
  reporter.Error({1, 2}, "file");
  reporter.EnterProgram("bio");
  EXPECT_FALSE(reporter.program_has_error());
  reporter.Warning({3, 4}, "careful");
  EXPECT_FALSE(reporter.program_has_error());
  reporter.Error({5, 6}, "wrong");
  EXPECT_TRUE(reporter.program_has_error());
  const Findings findings = std::move(reporter).Take();
  ASSERT_EQ(findings.size(), 4u);
  EXPECT_EQ(ToString(findings[0]), "a.yaml:1:2: error: file");
  EXPECT_EQ(findings[0].program, "");
  EXPECT_EQ(ToString(findings[1]), "a.yaml:3:4: warning: careful");
  EXPECT_EQ(findings[1].program, "bio");
  EXPECT_EQ(findings[2].program, "bio");
  EXPECT_EQ(ToString(findings[3]), "a.yaml:9:1: warning: comes last");
}

TEST(ReporterTest, TheSameIsSaidOnce) {
  Reporter reporter("a.yaml");
  reporter.Error({1, 2}, "x");
  reporter.Error({1, 2}, "x");
  reporter.Error({1, 2}, "y");
  EXPECT_EQ(std::move(reporter).Take().size(), 2u);
}

TEST(ReporterTest, StopsAfterManyFindings) {
  Reporter reporter("a.yaml");
  for (int i = 1; i < 5000; ++i) reporter.Warning({i, 1}, "x");
  EXPECT_EQ(reporter.errors(), 0u);
  for (int i = 5000; i < 9000; ++i) reporter.Error({i, 1}, "y");
  EXPECT_EQ(reporter.errors(), 4000u);
  const Findings findings = std::move(reporter).Take();
  ASSERT_EQ(findings.size(), Reporter::kMaxFindings + 2);
  EXPECT_EQ(ToString(findings[Reporter::kMaxFindings]),
            "a.yaml:1001:1: warning: too many findings; mend these first, the "
            "rest is left out");
  EXPECT_EQ(ToString(findings.back()),
            "a.yaml:5000:1: error: too many findings; mend these first, the "
            "rest is left out");
}

}  // namespace
}  // namespace ebpf_exporter
