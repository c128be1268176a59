// What kind of machine the CPUs belong to. Pure.
//
// Figures of emulated CPUs say how fast the emulator is, not the hardware: they
// cannot be compared with any others. An emulator tells in one of two ways:
// QEMU's own models by their name, and whatever it pretends to be by the
// hypervisor leaf of CPUID (0x40000000), where its translator (TCG) signs
// TCGTCGTCGTCG and KVM signs KVMKVMKVM. CPUs without CPUID do not tell.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_MACHINE_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_MACHINE_H_

#include <string>
#include <string_view>

#include "cmd/overhead-bench/host_facts.h"

namespace ebpf_exporter {

enum class Machine {
  kBare,  // or nothing else was seen
  kVirtual,
  kPerhapsEmulated,  // QEMU's, and the CPUs do not tell
  kEmulated,
};

Machine MachineOf(const HostFacts& facts);

// `a virtual machine, KVM, Amazon EC2`.
std::string DescribeMachine(const HostFacts& facts);

// What stands behind `name` and a colon on its line of /proc/cpuinfo.
std::string CpuinfoValue(std::string_view cpuinfo, std::string_view name);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_MACHINE_H_
