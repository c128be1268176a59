#include "bpf/loader/attach.h"

#include <errno.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/log.h"
#include "bpf/loader/privileges.h"

namespace ebpf_exporter {
namespace {

LinkPtr AttachOne(bpf_program* program, HookKind kind,
                  const std::string& target) {
  if (kind == HookKind::kSection) return LinkPtr(bpf_program__attach(program));
  if (kind == HookKind::kRawTracepoint) {
    return LinkPtr(bpf_program__attach_raw_tracepoint(program, target.c_str()));
  }
  const std::pair<std::string, std::string> event =
      absl::StrSplit(target, absl::MaxSplits(':', 1));
  return LinkPtr(bpf_program__attach_tracepoint(program, event.first.c_str(),
                                                event.second.c_str()));
}

bool NeedsKprobes(std::string_view section) {
  return absl::StartsWith(section, "kprobe") ||
         absl::StartsWith(section, "kretprobe") ||
         absl::StartsWith(section, "ksyscall") ||
         absl::StartsWith(section, "kretsyscall");
}

bool KernelHasKprobes() {
  return access("/sys/bus/event_source/devices/kprobe", F_OK) == 0 ||
         access("/sys/kernel/tracing/kprobe_events", F_OK) == 0 ||
         access("/sys/kernel/debug/tracing/kprobe_events", F_OK) == 0;
}

Problem WhyNotAttached(int error, const PlannedProgram& program,
                       std::string_view target,
                       const LibbpfWarnings& warnings) {
  const std::string what = absl::StrCat("cannot attach to \"", target, "\": ");
  if (NeedsKprobes(program.section) && !KernelHasKprobes()) {
    return {"not_supported", what + "this kernel is built without kprobes"};
  }
  if (error == EOPNOTSUPP) {
    return {"not_supported",
            what + "neither libbpf nor this kernel can attach such a program"};
  }
  const std::string reason(
      ErrorReason(error, error == ENOENT ? "missing_hook" : "attach"));
  if (reason == "permission") return {reason, what + ExplainPermissionDenied()};
  const std::string cause = warnings.Cause();
  return {reason, absl::StrCat(what, ErrorText(error),
                               cause.empty() ? "" : "; ", cause)};
}

}  // namespace

Attachments AttachPlanned(const bpf_object& object, const AttachPlan& plan,
                          Failures& failures) {
  Attachments out;
  for (const PlannedProgram& planned : plan) {
    bpf_program* program =
        bpf_object__find_program_by_name(&object, planned.function.c_str());
    const std::vector<std::string> targets =
        planned.kind == HookKind::kSection
            ? std::vector<std::string>{planned.section}
            : planned.targets;
    for (const std::string& target : targets) {
      LibbpfWarnings warnings;
      LinkPtr link = AttachOne(program, planned.kind, target);
      if (link == nullptr) {
        failures.Add(planned.function,
                     WhyNotAttached(errno, planned, target, warnings));
        continue;
      }
      out.links.push_back(std::move(link));
      out.functions.insert(planned.function);
    }
  }
  return out;
}

}  // namespace ebpf_exporter
