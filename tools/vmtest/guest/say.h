// What a load did: NAME TIMES, one a line.

#ifndef EBPF_EXPORTER_TOOLS_VMTEST_GUEST_SAY_H_
#define EBPF_EXPORTER_TOOLS_VMTEST_GUEST_SAY_H_

#include <cstdio>
#include <string>

inline void Say(const std::string& name, int times) {
  std::printf("%s %d\n", name.c_str(), times);
}

#endif  // EBPF_EXPORTER_TOOLS_VMTEST_GUEST_SAY_H_
