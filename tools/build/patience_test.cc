#include "tools/build/patience.h"

#include <cstdlib>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(PatienceTest, IsOneUnlessTheEnvironmentSaysMore) {
  unsetenv("TEST_SLOWER_BY");
  EXPECT_EQ(Patience(), 1);
  setenv("TEST_SLOWER_BY", "10", 1);
  EXPECT_EQ(Patience(), 10);
  for (const char* bad : {"0", "-3", "fast", ""}) {
    setenv("TEST_SLOWER_BY", bad, 1);
    EXPECT_EQ(Patience(), 1) << bad;
  }
}

}  // namespace
}  // namespace ebpf_exporter
