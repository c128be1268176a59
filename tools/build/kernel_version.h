// The version of the running kernel, for tests of what older ones lack and that
// no attempt can tell from an error.
//
//   if (!KernelIsAtLeast(5, 18)) GTEST_SKIP() << "kernels from 5.18 on";
#ifndef EBPF_EXPORTER_TOOLS_BUILD_KERNEL_VERSION_H_
#define EBPF_EXPORTER_TOOLS_BUILD_KERNEL_VERSION_H_

#include <sys/utsname.h>

#include <cstdio>
#include <utility>

namespace ebpf_exporter {

// `release` as uname() says it: 6.1.0-49-cloud-amd64. False for what is none.
inline bool ReleaseIsAtLeast(const char* release, int major, int minor) {
  int its_major = 0;
  int its_minor = 0;
  return std::sscanf(release, "%d.%d", &its_major, &its_minor) == 2 &&
         std::pair(its_major, its_minor) >= std::pair(major, minor);
}

inline bool KernelIsAtLeast(int major, int minor) {
  utsname name = {};
  uname(&name);
  return ReleaseIsAtLeast(name.release, major, minor);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_KERNEL_VERSION_H_
