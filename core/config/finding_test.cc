#include "core/config/finding.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

Finding Make(Severity severity, SourceMark mark) {
  return {severity, "a.yaml", mark, "", "text"};
}

TEST(FindingTest, ToStringLeavesOutWhatIsUnknown) {
  EXPECT_EQ(ToString(Make(Severity::kError, {3, 7})),
            "a.yaml:3:7: error: text");
  EXPECT_EQ(ToString(Make(Severity::kWarning, {})), "a.yaml: warning: text");
}

TEST(FindingTest, HasErrorSeesPastWarnings) {
  EXPECT_FALSE(HasError({}));
  EXPECT_FALSE(HasError({Make(Severity::kWarning, {})}));
  EXPECT_TRUE(
      HasError({Make(Severity::kWarning, {}), Make(Severity::kError, {})}));
}

TEST(FindingTest, OrderOfTheFile) {
  const Finding nowhere = Make(Severity::kError, {});
  const Finding early = Make(Severity::kError, {2, 9});
  const Finding late = Make(Severity::kError, {10, 1});
  EXPECT_TRUE(IsBefore(nowhere, early));
  EXPECT_TRUE(IsBefore(early, late));
  EXPECT_FALSE(IsBefore(late, early));
  EXPECT_FALSE(IsBefore(early, early));
}

}  // namespace
}  // namespace ebpf_exporter
