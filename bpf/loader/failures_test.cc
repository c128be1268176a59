#include "bpf/loader/failures.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(Failures, JoinsThoseOfEqualFunctionAndReason) {
  Failures failures("bio");
  failures.Add("f", {"missing_hook", "one"});
  failures.Add("f", {"missing_hook", "two"});
  failures.Add("f", {"attach", "three"});
  failures.Add("g", {"missing_hook", "four"});
  ASSERT_EQ(failures.list().size(), 3);
  EXPECT_EQ(failures.list()[0].config, "bio");
  EXPECT_EQ(failures.list()[0].function, "f");
  EXPECT_EQ(failures.list()[0].reason, "missing_hook");
  EXPECT_EQ(failures.list()[0].detail, "one; two");
  EXPECT_EQ(failures.list()[1].detail, "three");
  EXPECT_EQ(failures.list()[2].detail, "four");
}

}  // namespace
}  // namespace ebpf_exporter
