#include "bpf/loader/hooks.h"

#include <errno.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/loader/attach_network.h"
#include "core/layout/hook_check.h"

namespace ebpf_exporter {
namespace {

// Sections whose hook is a kernel function, and what its name begins with.
struct FunctionSection {
  std::string_view name;
  std::string_view prefix;
  bool typed = false;    // the program's arguments are the function's
  bool returns = false;  // ... and behind them its result
};

constexpr std::array<FunctionSection, 10> kFunctionSections = {{
    {"fentry", "", true, false},
    {"fentry.s", "", true, false},
    {"fexit", "", true, true},
    {"fexit.s", "", true, true},
    {"fmod_ret", "", true, true},
    {"fmod_ret.s", "", true, true},
    {"lsm", "bpf_lsm_"},
    {"lsm.s", "bpf_lsm_"},
    {"iter", "bpf_iter_"},
    {"iter.s", "bpf_iter_"},
}};

bool IsRawTracepoint(std::string_view kind) {
  return kind == "raw_tp" || kind == "raw_tracepoint" || kind == "raw_tp.w" ||
         kind == "raw_tracepoint.w";
}

Problem NoTracefs() {
  return {"no_tracefs",
          "tracepoints need tracefs, which is not mounted: "
          "mount -t tracefs none /sys/kernel/tracing"};
}

Problem TracefsDenied(std::string_view directory) {
  return {"permission",
          absl::StrCat(directory,
                       " is closed to this user; run as root, grant "
                       "cap_dac_read_search too, or use a raw tracepoint")};
}

}  // namespace

KernelHooks::KernelHooks(KernelPaths paths)
    : paths_(std::move(paths)), types_(paths_.btf) {}

std::optional<Problem> KernelHooks::CheckTracepoint(
    std::string_view target) const {
  const std::vector<std::string_view> parts =
      absl::StrSplit(target, absl::MaxSplits(':', 1));
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty() ||
      absl::StrContains(target, "..")) {
    return Problem{"missing_hook",
                   absl::StrCat("tracepoint \"", target,
                                "\" is not of the form category:event")};
  }
  bool mounted = false;
  std::string closed;
  for (const std::string& directory : paths_.tracing) {
    const std::string events = directory + "/events";
    const std::string event =
        absl::StrCat(events, "/", parts[0], "/", parts[1], "/id");
    if (access(event.c_str(), R_OK) == 0) return std::nullopt;
    if (errno == EACCES) closed = directory;
    mounted |= access(events.c_str(), F_OK) == 0;
  }
  if (!closed.empty()) return TracefsDenied(closed);
  if (!mounted) return NoTracefs();
  return Problem{
      "missing_hook",
      absl::StrCat("this kernel has no tracepoint \"", target, "\"")};
}

std::optional<Problem> KernelHooks::CheckRawTracepoint(std::string_view name) {
  if (!HasTypes()) return std::nullopt;
  return CheckTyped(name, std::nullopt);
}

std::optional<Problem> KernelHooks::CheckSection(
    std::string_view section, const std::optional<Prototype>& expected) {
  const std::vector<std::string_view> parts =
      absl::StrSplit(section, absl::MaxSplits('/', 1));
  if (parts.size() != 2) return std::nullopt;
  const auto [kind, hook] = std::pair(parts[0], parts[1]);
  if (kind == "tp" || kind == "tracepoint") {
    const std::vector<std::string> names = absl::StrSplit(hook, '/');
    return CheckTracepoint(names.size() == 2
                               ? absl::StrCat(names[0], ":", names[1])
                               : std::string(hook));
  }
  if (IsRawTracepoint(kind)) return CheckRawTracepoint(hook);
  if (kind == "tp_btf") return CheckTyped(hook, expected);
  for (const FunctionSection& function : kFunctionSections) {
    if (kind != function.name) continue;
    // The name of a module may stand before the function.
    const std::vector<std::string_view> names = absl::StrSplit(hook, ':');
    return CheckFunction(absl::StrCat(function.prefix, names.back()),
                         function.typed ? expected : std::nullopt,
                         function.returns);
  }
  return std::nullopt;
}

std::optional<Problem> KernelHooks::CheckTyped(
    std::string_view hook, const std::optional<Prototype>& expected) {
  if (!HasTypes()) return NoTypes();
  absl::StatusOr<const Btf*> types =
      types_.TypesWith(BtfKind::kTypedef, absl::StrCat("btf_trace_", hook));
  if (!types.ok()) {
    return Problem{
        "missing_hook",
        absl::StrCat(
            "neither this kernel nor a loaded module has tracepoint \"", hook,
            "\"")};
  }
  if (!expected.has_value()) return std::nullopt;
  absl::StatusOr<Prototype> passed = TracepointPrototype(**types, hook);
  const absl::Status fits =
      passed.ok() ? CheckHook(hook, *expected, *passed) : passed.status();
  if (fits.ok()) return std::nullopt;
  return Problem{"type_mismatch", std::string(fits.message())};
}

std::optional<Problem> KernelHooks::CheckFunction(
    const std::string& function, const std::optional<Prototype>& expected,
    bool returns) {
  if (!HasTypes()) return NoTypes();
  absl::StatusOr<const Btf*> types =
      types_.TypesWith(BtfKind::kFunction, function);
  if (!types.ok()) {
    return Problem{
        "missing_hook",
        absl::StrCat("neither this kernel nor a loaded module has function ",
                     function, " (it may have been renamed or inlined)")};
  }
  if (!expected.has_value()) return std::nullopt;
  absl::StatusOr<Prototype> passed =
      FunctionPrototype(**types, function, returns);
  const absl::Status fits =
      passed.ok() ? CheckHook(function, *expected, *passed) : passed.status();
  if (fits.ok()) return std::nullopt;
  return Problem{"type_mismatch", std::string(fits.message())};
}

std::optional<Problem> KernelHooks::CheckTarget(HookKind kind,
                                                std::string_view target) {
  switch (kind) {
    case HookKind::kTracepoint:
      return CheckTracepoint(target);
    case HookKind::kRawTracepoint:
      return CheckRawTracepoint(target);
    case HookKind::kXdp:
      return CheckInterface(std::string(target));
    case HookKind::kTcx:
      return CheckInterface(std::string(target.substr(target.find('/') + 1)));
    default:
      return std::nullopt;
  }
}

}  // namespace ebpf_exporter
