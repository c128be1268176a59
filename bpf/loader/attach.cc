#include "bpf/loader/attach.h"

#include <errno.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/loader/attach_multi.h"
#include "bpf/loader/attach_network.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/log.h"
#include "bpf/loader/why_not_attached.h"

namespace ebpf_exporter {
namespace {

// Attaches one function to its targets.
class Attacher {
 public:
  Attacher(bpf_program* program, const PlannedProgram& planned,
           const std::string& online_cpus, Attachments& out)
      : program_(program),
        planned_(planned),
        online_cpus_(online_cpus),
        out_(out) {}

  std::optional<Problem> Attach(const std::string& target);

 private:
  // All of these return 0, or an errno.
  int AttachTo(const std::string& target);
  int Keep(LinkPtr link);
  int Keep(MultiLinks links);
  int KeepTcx(const std::string& target);
  int KeepIterator();
  int KeepPerfEvents(const std::string& target);
  LinkPtr AttachTracepoint(const std::string& target);

  bpf_program* const program_;
  const PlannedProgram& planned_;
  const std::string& online_cpus_;
  Attachments& out_;
  std::string why_;      // in words, where there are some
  bool partly_ = false;  // some of a target's functions are attached
};

std::optional<Problem> Attacher::Attach(const std::string& target) {
  LibbpfWarnings warnings;
  why_.clear();
  partly_ = false;
  const int error = AttachTo(target);
  if (error != 0 && partly_) {
    return Problem{
        std::string(ErrorReason(error, "attach")),
        absl::StrCat("cannot attach to all of \"", target, "\": ", why_)};
  }
  if (error != 0) {
    return WhyNotAttached(error, why_, planned_, target, warnings);
  }
  out_.functions.insert(planned_.function);
  return std::nullopt;
}

int Attacher::AttachTo(const std::string& target) {
  switch (planned_.kind) {
    case HookKind::kSection:
      return Keep(LinkPtr(bpf_program__attach(program_)));
    case HookKind::kTracepoint:
      return Keep(AttachTracepoint(target));
    case HookKind::kRawTracepoint:
      return Keep(LinkPtr(
          bpf_program__attach_raw_tracepoint(program_, target.c_str())));
    case HookKind::kKprobe:
    case HookKind::kKretprobe:
      return Keep(LinkPtr(bpf_program__attach_kprobe(
          program_, planned_.kind == HookKind::kKretprobe, target.c_str())));
    case HookKind::kKprobeMulti:
    case HookKind::kKretprobeMulti:
      return Keep(AttachKprobeMulti(
          program_, target, planned_.kind == HookKind::kKretprobeMulti));
    case HookKind::kUprobeMulti:
    case HookKind::kUretprobeMulti:
      return Keep(AttachUprobeMulti(
          program_, target, planned_.kind == HookKind::kUretprobeMulti));
    case HookKind::kPerfEvent:
      return KeepPerfEvents(target);
    case HookKind::kXdp:
      return Keep(AttachXdp(program_, target));
    case HookKind::kTcx:
      return KeepTcx(target);
    case HookKind::kIterator:
      return KeepIterator();
  }
  return EINVAL;
}

int Attacher::Keep(LinkPtr link) {
  if (link == nullptr) return errno;
  out_.links.push_back(std::move(link));
  return 0;
}

int Attacher::Keep(MultiLinks links) {
  why_ = std::move(links.why);
  if (links.links.empty()) return links.error;
  for (LinkPtr& link : links.links) out_.links.push_back(std::move(link));
  // Some are at work, which does not make up for those that are not.
  out_.functions.insert(planned_.function);
  partly_ = links.error != 0;
  return links.error;
}

LinkPtr Attacher::AttachTracepoint(const std::string& target) {
  const std::pair<std::string, std::string> event =
      absl::StrSplit(target, absl::MaxSplits(':', 1));
  return LinkPtr(bpf_program__attach_tracepoint(program_, event.first.c_str(),
                                                event.second.c_str()));
}

int Attacher::KeepTcx(const std::string& target) {
  FileDescriptor link = AttachTcx(program_, target);
  if (!link.valid()) {
    // Kernels before 6.6 do not know the kind of link.
    return errno == EINVAL ? EOPNOTSUPP : errno;
  }
  out_.plain_links.push_back(std::move(link));
  return 0;
}

int Attacher::KeepIterator() {
  LinkPtr link(bpf_program__attach(program_));
  if (link == nullptr) return errno;
  out_.iterators.push_back(bpf_link__fd(link.get()));
  out_.links.push_back(std::move(link));
  return 0;
}

int Attacher::KeepPerfEvents(const std::string& target) {
  absl::StatusOr<PerfEventSpec> spec = ParsePerfEvent(target);
  if (!spec.ok()) {
    why_ = std::string(spec.status().message());
    return EINVAL;
  }
  PerfEvents events(program_, *spec, online_cpus_);
  const int error = events.Follow();
  if (events.cpus() == 0) return error == 0 ? ENODEV : error;
  out_.perf_events.push_back(std::move(events));
  return 0;
}

// Runs an iterator to its end; what it prints is not of interest.
int RunIterator(int link) {
  const FileDescriptor run(bpf_iter_create(link));
  if (!run.valid()) return errno;
  std::array<char, 4096> printed;
  while (true) {
    const ssize_t got = read(run.get(), printed.data(), printed.size());
    if (got == 0) return 0;
    if (got < 0 && errno != EINTR && errno != EAGAIN) return errno;
  }
}

}  // namespace

Attachments AttachPlanned(const bpf_object& object, const AttachPlan& plan,
                          const std::string& online_cpus, Failures& failures) {
  Attachments out;
  for (const PlannedProgram& planned : plan) {
    bpf_program* program =
        bpf_object__find_program_by_name(&object, planned.function.c_str());
    Attacher attacher(program, planned, online_cpus, out);
    const bool by_section = planned.kind == HookKind::kSection ||
                            planned.kind == HookKind::kIterator;
    const std::vector<std::string> targets =
        by_section ? std::vector<std::string>{planned.section}
                   : planned.targets;
    for (const std::string& target : targets) {
      std::optional<Problem> problem = attacher.Attach(target);
      if (problem) failures.Add(planned.function, *std::move(problem));
    }
  }
  return out;
}

absl::Status BeforeWalk(Attachments& attachments) {
  absl::Status first;
  for (PerfEvents& events : attachments.perf_events) {
    const int error = events.Follow();
    if (error != 0) first.Update(KernelError(error, "perf event of a new CPU"));
  }
  for (int link : attachments.iterators) {
    const int error = RunIterator(link);
    if (error != 0) first.Update(KernelError(error, "running an iterator"));
  }
  return first;
}

}  // namespace ebpf_exporter
