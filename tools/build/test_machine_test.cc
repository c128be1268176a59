#include "tools/build/test_machine.h"

#include <cstdlib>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(TestMachineTest, OnlyTheEnvironmentMayGiveItAway) {
  unsetenv("TEST_MACHINE_IS_FOR_TESTS");
  EXPECT_FALSE(MachineIsForTests());
  for (const char* bad : {"", "0", "yes", "11"}) {
    setenv("TEST_MACHINE_IS_FOR_TESTS", bad, 1);
    EXPECT_FALSE(MachineIsForTests()) << bad;
  }
  setenv("TEST_MACHINE_IS_FOR_TESTS", "1", 1);
  EXPECT_TRUE(MachineIsForTests());
}

}  // namespace
}  // namespace ebpf_exporter
