// InChild runs a part of a test in a process of its own, which may lose rights
// and be denied things for good.

#ifndef EBPF_EXPORTER_TOOLS_BUILD_IN_CHILD_H_
#define EBPF_EXPORTER_TOOLS_BUILD_IN_CHILD_H_

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "gtest/gtest.h"

namespace ebpf_exporter {

// What fails there is printed, and fails here too.
inline void InChild(const std::function<void()>& test) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    test();
    std::fflush(nullptr);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_IN_CHILD_H_
