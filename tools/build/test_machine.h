// Whether the machine is there for tests alone, as those of tools/vmtest are:
// a test may then take a CPU offline, or change what holds for everybody.
//
//   if (!MachineIsForTests()) GTEST_SKIP() << "changes the whole machine";
//
// The environment variable TEST_MACHINE_IS_FOR_TESTS says so: 1.
#ifndef EBPF_EXPORTER_TOOLS_BUILD_TEST_MACHINE_H_
#define EBPF_EXPORTER_TOOLS_BUILD_TEST_MACHINE_H_

#include <cstdlib>
#include <string_view>

namespace ebpf_exporter {

inline bool MachineIsForTests() {
  const char* value = std::getenv("TEST_MACHINE_IS_FOR_TESTS");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_TEST_MACHINE_H_
