#include "cmd/overhead-bench/machine.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {
namespace {

struct Signature {
  std::string_view text;
  std::string_view name;
};

constexpr std::string_view kTranslator = "TCGTCGTCGTCG";

// As in the kernel's arch/x86/kernel/cpu and in QEMU.
constexpr Signature kSignatures[] = {
    {kTranslator, "QEMU TCG"},   {"KVMKVMKVM", "KVM"},
    {"Microsoft Hv", "Hyper-V"}, {"VMwareVMware", "VMware"},
    {"XenVMMXenVMM", "Xen"},     {"bhyve bhyve ", "bhyve"},
    {"ACRNACRNACRN", "ACRN"}};

std::string NameOf(std::string_view signature) {
  for (const Signature& known : kSignatures) {
    if (known.text == signature) return std::string(known.name);
  }
  return std::string(signature);
}

bool HasEmulatedModel(std::string_view cpuinfo) {
  return absl::StrContains(cpuinfo, "QEMU TCG CPU") ||
         absl::StrContains(cpuinfo, "QEMU Virtual CPU");
}

bool HasHypervisorFlag(std::string_view cpuinfo) {
  return absl::StrContains(absl::StrCat(CpuinfoValue(cpuinfo, "flags"), " "),
                           "hypervisor ");
}

}  // namespace

Machine MachineOf(const HostFacts& facts) {
  if (facts.hypervisor == kTranslator || HasEmulatedModel(facts.cpuinfo)) {
    return Machine::kEmulated;
  }
  if (!facts.hypervisor.empty() || HasHypervisorFlag(facts.cpuinfo)) {
    return Machine::kVirtual;
  }
  const bool is_qemu = facts.vendor == "QEMU" ||
                       absl::StrContains(facts.board, "linux,dummy-virt");
  return is_qemu ? Machine::kPerhapsEmulated : Machine::kBare;
}

std::string DescribeMachine(const HostFacts& facts) {
  std::string text;
  switch (MachineOf(facts)) {
    case Machine::kBare:
      return "none seen";
    case Machine::kVirtual:
      text = "a virtual machine";
      break;
    case Machine::kPerhapsEmulated:
      text = "a virtual machine, perhaps emulated";
      break;
    case Machine::kEmulated:
      text = "emulated CPUs, not comparable";
      break;
  }
  for (const std::string& name : {NameOf(facts.hypervisor), facts.vendor}) {
    if (!name.empty()) absl::StrAppend(&text, ", ", name);
  }
  return text;
}

std::string CpuinfoValue(std::string_view cpuinfo, std::string_view name) {
  for (const std::string_view line : absl::StrSplit(cpuinfo, '\n')) {
    const size_t colon = line.find(':');
    if (!line.starts_with(name) || colon == std::string_view::npos) continue;
    return std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
  return "";
}

}  // namespace ebpf_exporter
