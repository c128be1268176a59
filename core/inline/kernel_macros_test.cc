#include "core/inline/kernel_macros.h"

#include <optional>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(KernelMacrosTest, KnownNamesAreDefined) {
  EXPECT_EQ(KernelMacro("EADDRINUSE"), "#define EADDRINUSE 98\n");
  EXPECT_EQ(KernelMacro("EOPNOTSUPP"), "#define EOPNOTSUPP 95\n");
  EXPECT_EQ(KernelMacro("TASK_RUNNING"), "#define TASK_RUNNING 0\n");
  EXPECT_EQ(KernelMacro("MAJOR"),
            "#define MAJOR(dev) ((unsigned int)((dev) >> 20))\n");
  EXPECT_EQ(KernelMacro("E"), std::nullopt);
  EXPECT_EQ(KernelMacro(""), std::nullopt);
  EXPECT_EQ(KernelMacro("EUNKNOWN"), std::nullopt);
}

}  // namespace
}  // namespace ebpf_exporter
