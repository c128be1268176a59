#include "bpf/loader/kernel_load.h"

#include <errno.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/attach_multi.h"
#include "bpf/loader/denials.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/log.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/verifier_log.h"

namespace ebpf_exporter {
namespace {

// Each refused function costs another round of loading.
constexpr int kMaxRounds = 64;

// Such a map can also be read by mapping it into memory.
bool CanBeMapped(const bpf_map* map) {
  return !bpf_map__is_internal(map) &&
         bpf_map__type(map) == BPF_MAP_TYPE_ARRAY &&
         bpf_map__map_flags(map) == 0 && bpf_map__value_size(map) % 8 == 0;
}

// The type of programs whose section does not say it to libbpf; nothing where
// it does.
std::optional<bpf_prog_type> ProgramTypeOf(HookKind kind) {
  switch (kind) {
    case HookKind::kSection:
    case HookKind::kIterator:
      return std::nullopt;
    case HookKind::kKprobeMulti:
    case HookKind::kKretprobeMulti:
      if (KernelHasKprobeMulti()) return std::nullopt;
      return BPF_PROG_TYPE_KPROBE;
    case HookKind::kTracepoint:
      return BPF_PROG_TYPE_TRACEPOINT;
    case HookKind::kRawTracepoint:
      return BPF_PROG_TYPE_RAW_TRACEPOINT;
    case HookKind::kKprobe:
    case HookKind::kKretprobe:
    case HookKind::kUprobeMulti:
    case HookKind::kUretprobeMulti:
      return BPF_PROG_TYPE_KPROBE;
    case HookKind::kPerfEvent:
      return BPF_PROG_TYPE_PERF_EVENT;
    case HookKind::kXdp:
      return BPF_PROG_TYPE_XDP;
    case HookKind::kTcx:
      return BPF_PROG_TYPE_SCHED_CLS;
  }
  return std::nullopt;
}

void PrepareProgram(bpf_program* program, const AttachPlan& plan,
                    LogBuffer& log) {
  const std::string_view name = bpf_program__name(program);
  const auto planned = std::find_if(
      plan.begin(), plan.end(),
      [&](const PlannedProgram& other) { return other.function == name; });
  bpf_program__set_autoload(program, planned != plan.end());
  if (planned == plan.end()) return;
  if (log.data() != nullptr) {
    bpf_program__set_log_buf(program, log.data(), log.size());
  }
  if (const auto type = ProgramTypeOf(planned->kind)) {
    bpf_program__set_type(program, *type);
    bpf_program__set_expected_attach_type(
        program, planned->kind == HookKind::kXdp
                     ? BPF_XDP
                     : static_cast<bpf_attach_type>(0));
  }
}

void Prepare(bpf_object* object, const AttachPlan& plan, LogBuffer& log) {
  bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(object, program)) != nullptr) {
    PrepareProgram(program, plan, log);
  }
  bpf_map* map = nullptr;
  while ((map = bpf_object__next_map(object, map)) != nullptr) {
    if (CanBeMapped(map)) bpf_map__set_map_flags(map, BPF_F_MMAPABLE);
  }
}

// libbpf says which function it stopped at in words only: the last of its
// warnings that begins with `prog 'NAME': `.
std::string StoppedAt(const LibbpfWarnings& warnings) {
  constexpr std::string_view kStart = "prog '";
  for (auto line = warnings.lines().rbegin(); line != warnings.lines().rend();
       ++line) {
    if (!absl::StartsWith(*line, kStart)) continue;
    const std::string_view name = std::string_view(*line).substr(kStart.size());
    return std::string(name.substr(0, name.find('\'')));
  }
  return "";
}

// Why one function was refused, or with an empty `log` the object.
Problem WhyRefused(int error, std::string_view log,
                   const LibbpfWarnings& warnings) {
  const std::string words = LastWords(log);
  if (!words.empty()) {
    const std::string hint = LockdownHint(words, LookForDenials().lockdown);
    return {"verifier", absl::StrCat("the kernel's verifier refuses it: ",
                                     words, hint.empty() ? "" : "; ", hint)};
  }
  const std::string reason(ErrorReason(error, "load"));
  if (reason == "permission") return {reason, ExplainPermissionDenied()};
  if (error == -ENOSYS) {
    const Denials denials = LookForDenials();
    return {denials.seccomp ? "permission" : "not_supported",
            WhyNoBpf(denials)};
  }
  const std::string cause = warnings.Cause();
  return {reason, absl::StrCat("cannot be loaded: ", ErrorText(error),
                               cause.empty() ? "" : "; ", cause)};
}

// Whether the other functions would be refused as well.
bool StopsAll(const Problem& problem) {
  if (problem.reason == "permission") return !CheckPrivileges().ok();
  return problem.reason == "out_of_files";
}

}  // namespace

KernelLoad LoadPlanned(const ObjectFile& file, const OpenOptions& options,
                       const Constants& constants, AttachPlan& plan,
                       Failures& failures) {
  LogBuffer log;
  for (int round = 0; round < kMaxRounds && !plan.empty(); ++round) {
    absl::StatusOr<ObjectPtr> object =
        OpenObject(file.bytes, file.name, options);
    if (!object.ok()) {
      return {nullptr,
              Problem{"bad_object", std::string(object.status().message())}};
    }
    Prepare(object->get(), plan, log);
    if (auto problem = SetConstants(object->get(), constants)) {
      return {nullptr, std::move(problem)};
    }
    log.Clear();
    LibbpfWarnings warnings;
    const int error = bpf_object__load(object->get());
    if (error == 0) return {*std::move(object), std::nullopt};
    const Problem problem = WhyRefused(error, log.text(), warnings);
    const std::string function = StoppedAt(warnings);
    const bool planned =
        std::erase_if(plan, [&](const PlannedProgram& program) {
          return program.function == function;
        }) > 0;
    if (!planned || StopsAll(problem)) return {nullptr, problem};
    failures.Add(function, problem);
  }
  if (plan.empty()) return {nullptr, std::nullopt};
  return {nullptr, Problem{"load", absl::StrCat("the kernel refused ",
                                                kMaxRounds, " functions")}};
}

}  // namespace ebpf_exporter
