#include "bpf/loader/all_programs.h"

#include <errno.h>

#include <map>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

// Nothing where the kernel does not tell; kernels before 6.6 do not.
std::optional<std::string> KindOfPerfLink(const bpf_link_info& link) {
  switch (link.perf_event.type) {
    case BPF_PERF_EVENT_UPROBE:
      return "uprobe";
    case BPF_PERF_EVENT_URETPROBE:
      return "uretprobe";
    case BPF_PERF_EVENT_KPROBE:
      return "kprobe";
    case BPF_PERF_EVENT_KRETPROBE:
      return "kretprobe";
    case BPF_PERF_EVENT_TRACEPOINT:
      return "tracepoint";
    case BPF_PERF_EVENT_EVENT:
      return "perf_event";
    default:
      return std::nullopt;
  }
}

std::optional<std::string> KindOfTracing(const bpf_link_info& link) {
  switch (link.tracing.attach_type) {
    case BPF_TRACE_RAW_TP:
      return "tp_btf";
    case BPF_TRACE_FENTRY:
      return "fentry";
    case BPF_TRACE_FEXIT:
      return "fexit";
    default:
      return std::nullopt;
  }
}

std::optional<std::string> KindOfLink(const bpf_link_info& link) {
  switch (link.type) {
    case BPF_LINK_TYPE_PERF_EVENT:
      return KindOfPerfLink(link);
    case BPF_LINK_TYPE_TRACING:
      return KindOfTracing(link);
    default:
      return std::nullopt;
  }
}

// By program id. What cannot be listed is left out: kinds are then types.
std::map<uint32_t, std::string> KindsOfLinks() {
  std::map<uint32_t, std::string> kinds;
  for (uint32_t id = 0; bpf_link_get_next_id(id, &id) == 0;) {
    const FileDescriptor fd(bpf_link_get_fd_by_id(id));
    if (!fd.valid()) continue;
    bpf_link_info link = {};
    uint32_t size = sizeof(link);
    if (bpf_obj_get_info_by_fd(fd.get(), &link, &size) != 0) continue;
    std::optional<std::string> kind = KindOfLink(link);
    if (kind) kinds.emplace(link.prog_id, *std::move(kind));
  }
  return kinds;
}

std::string KindOfType(uint32_t type) {
  if (type == BPF_PROG_TYPE_RAW_TRACEPOINT) return "raw_tp";
  const char* name = libbpf_bpf_prog_type_str(static_cast<bpf_prog_type>(type));
  return name == nullptr ? absl::StrCat("type ", type) : name;
}

}  // namespace

absl::StatusOr<std::vector<KernelProgram>> AllPrograms() {
  const std::map<uint32_t, std::string> kinds = KindsOfLinks();
  std::vector<KernelProgram> programs;
  uint32_t id = 0;
  int result = 0;
  while ((result = bpf_prog_get_next_id(id, &id)) == 0) {
    const FileDescriptor fd(bpf_prog_get_fd_by_id(id));
    if (!fd.valid() && errno == ENOENT) continue;
    if (!fd.valid()) return KernelError(-errno, "opening a program by its id");
    bpf_prog_info info = {};
    uint32_t size = sizeof(info);
    const int error = bpf_obj_get_info_by_fd(fd.get(), &info, &size);
    if (error != 0) return KernelError(error, absl::StrCat("program ", id));
    const auto kind = kinds.find(id);
    programs.push_back(
        {id,
         kind == kinds.end() ? KindOfType(info.type) : kind->second,
         info.name,
         {info.run_time_ns, info.run_cnt}});
  }
  if (result == -ENOENT) return programs;
  return KernelError(result,
                     "listing the kernel's programs (needs CAP_SYS_ADMIN: run "
                     "it as root)");
}

}  // namespace ebpf_exporter
