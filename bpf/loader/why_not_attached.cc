#include "bpf/loader/why_not_attached.h"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/privileges.h"

namespace ebpf_exporter {
namespace {

constexpr int kKernelNotSupported = 524;  // the kernel's own ENOTSUPP

bool NeedsKprobes(const PlannedProgram& program) {
  switch (program.kind) {
    case HookKind::kKprobe:
    case HookKind::kKretprobe:
    case HookKind::kKprobeMulti:
    case HookKind::kKretprobeMulti:
      return true;
    case HookKind::kSection:
      return absl::StartsWith(program.section, "kprobe") ||
             absl::StartsWith(program.section, "kretprobe") ||
             absl::StartsWith(program.section, "ksyscall") ||
             absl::StartsWith(program.section, "kretsyscall");
    default:
      return false;
  }
}

bool KernelHasKprobes() {
  return access("/sys/bus/event_source/devices/kprobe", F_OK) == 0 ||
         access("/sys/kernel/tracing/kprobe_events", F_OK) == 0 ||
         access("/sys/kernel/debug/tracing/kprobe_events", F_OK) == 0;
}

// `do_nothing` of a list's target or of `kprobe/do_nothing`.
std::string_view FunctionOf(std::string_view target) {
  return target.substr(target.rfind('/') + 1);
}

// What is special to probes of functions.
std::string KprobeMend(int error, std::string_view target) {
  const std::string_view function = FunctionOf(target);
  if (error == EINVAL) {
    return absl::StrCat("; ", function,
                        " may be one that the kernel forbids to probe, or an "
                        "alias of another function");
  }
  if (error != ENOENT) return "";
  const std::string similar =
      SimilarSymbols(ReadFile("/proc/kallsyms"), function);
  if (similar.empty()) {
    return absl::StrCat("; this kernel has no function ", function,
                        ": it was renamed or inlined");
  }
  return absl::StrCat("; this kernel has ", similar, " instead");
}

std::string PerfEventMend(int error) {
  switch (error) {
    case ENOENT:
    case EOPNOTSUPP:
      return "; this machine has no such event: virtual machines often have "
             "no hardware events";
    case EINVAL:
      return "; see type and config in perf_event_open(2), and whether the "
             "frequency is above /proc/sys/kernel/perf_event_max_sample_rate";
    default:
      return "";
  }
}

std::string Mend(int error, const PlannedProgram& program,
                 std::string_view target) {
  if (program.kind == HookKind::kPerfEvent) return PerfEventMend(error);
  if (NeedsKprobes(program)) return KprobeMend(error, target);
  if (program.kind == HookKind::kXdp && error == EBUSY) {
    return "; another XDP program holds this interface: `ip link set dev IF "
           "xdp off` takes it off";
  }
  return "";
}

// Kernels tell a program whose probe it is from 5.15 on. Before, libbpf knows
// by the address, which differs between processes unless a program is linked
// for one place.
std::string UsdtMend(const PlannedProgram& program) {
  if (!absl::StartsWith(program.section, "usdt")) return "";
  return "; before Linux 5.15 such probes are found neither in shared "
         "libraries nor in position-independent programs";
}

bool IsOfInterface(HookKind kind) {
  return kind == HookKind::kXdp || kind == HookKind::kTcx;
}

bool IsMissing(int error, const PlannedProgram& program) {
  return error == ENOENT || error == ENODEV ||
         (program.kind == HookKind::kPerfEvent && error == EOPNOTSUPP);
}

}  // namespace

std::string SimilarSymbols(std::string_view kallsyms,
                           std::string_view function) {
  std::vector<std::string_view> found;
  const std::string start = absl::StrCat(" ", function, ".");
  for (size_t at = kallsyms.find(start); at != std::string_view::npos;
       at = kallsyms.find(start, at + 1)) {
    const std::string_view rest = kallsyms.substr(at + 1);
    found.push_back(rest.substr(0, rest.find_first_of("\t\n")));
    if (found.size() == 3) break;
  }
  return absl::StrJoin(found, ", ");
}

Problem WhyNotAttached(int error, std::string_view why,
                       const PlannedProgram& program, std::string_view target,
                       const LibbpfWarnings& warnings) {
  const std::string what = absl::StrCat("cannot attach to \"", target, "\": ");
  if (NeedsKprobes(program) && !KernelHasKprobes()) {
    return {"not_supported", what + "this kernel is built without kprobes"};
  }
  if (!IsMissing(error, program) &&
      (error == EOPNOTSUPP || error == kKernelNotSupported)) {
    return {
        "not_supported",
        absl::StrCat(what,
                     "neither libbpf nor this kernel can attach such a program",
                     UsdtMend(program))};
  }
  const std::string reason(ErrorReason(
      error, IsMissing(error, program) ? "missing_hook" : "attach"));
  if (reason == "permission" && IsOfInterface(program.kind)) {
    return {reason, what + "programs at network interfaces need CAP_NET_ADMIN"};
  }
  if (reason == "permission") return {reason, what + ExplainPermissionDenied()};
  if (!why.empty()) return {reason, absl::StrCat(what, why)};
  const std::string cause = warnings.Cause();
  return {reason,
          absl::StrCat(what, ErrorText(error), Mend(error, program, target),
                       cause.empty() ? "" : "; ", cause)};
}

}  // namespace ebpf_exporter
