#include "cmd/overhead-bench/environment.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cmd/overhead-bench/host_warnings.h"
#include "cmd/overhead-bench/machine.h"

namespace ebpf_exporter {
namespace {

// `2 on, none against mds`.
std::string Mitigations(const HostFacts& facts) {
  size_t mitigated = 0;
  std::vector<std::string> open;
  for (const auto& [name, state] : facts.vulnerabilities) {
    mitigated += state.starts_with("Mitigation");
    if (state.starts_with("Vulnerable")) open.push_back(name);
  }
  std::string text = absl::StrCat(mitigated, " on");
  if (!open.empty()) {
    absl::StrAppend(&text, ", none against ", absl::StrJoin(open, ", "));
  }
  return text;
}

std::string Frequency(const HostFacts& facts) {
  std::string text = facts.governor.empty() ? "not told" : facts.governor;
  const bool boosts = facts.boost == "1" || facts.no_turbo == "0";
  if (boosts) text += ", with boost";
  return text;
}

}  // namespace

Environment JudgeHost(const HostFacts& before, const HostFacts& after) {
  Environment environment;
  const std::string cpu = CpuinfoValue(before.cpuinfo, "model name");
  environment.facts = {
      {"kernel", before.kernel},
      {"cpu", cpu.empty() ? "not told" : cpu},
      {"cpus", absl::StrFormat("%d online, %d to use", before.online_cpus,
                               before.allowed_cpus)},
      {"virtualisation", DescribeMachine(before)},
      {"governor", Frequency(before)},
      {"smt", before.smt == "1" ? "on" : "off"},
      {"mitigations", Mitigations(before)},
      {"jit", absl::StrCat(before.jit == "0" ? "off" : "on",
                           before.jit_harden == "0" || before.jit_harden.empty()
                               ? ""
                               : ", hardened")},
      {"clock", before.clock},
      {"libbpf", before.libbpf},
      {"objects", before.objects},
      {"load", before.loadavg}};
  std::erase_if(environment.facts,
                [](const auto& fact) { return fact.second.empty(); });
  environment.comparable = MachineOf(before) != Machine::kEmulated;
  environment.warnings = HostWarnings(before, after);
  return environment;
}

}  // namespace ebpf_exporter
