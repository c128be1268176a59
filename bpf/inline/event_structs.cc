#include "bpf/inline/event_structs.h"

#include <filesystem>
#include <system_error>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "bpf/host/read_file.h"
#include "core/inline/trace_event.h"

namespace ebpf_exporter {
namespace {

std::string NoFormat(const std::string& event,
                     const std::vector<std::string>& tracing) {
  for (const std::string& directory : tracing) {
    std::error_code error;
    if (std::filesystem::exists(directory + "/events", error)) {
      return absl::StrCat("this kernel does not describe a tracepoint ", event,
                          " below ", directory,
                          "/events; it is gone or has another name, or this "
                          "user may not look there (root may)");
    }
  }
  return "tracepoints are described in tracefs, which is not mounted: mount -t "
         "tracefs none /sys/kernel/tracing";
}

}  // namespace

// `category__event`, where either may have underscores of its own, as tracefs
// has it: every place where it can be cut is tried.
std::string EventFormat(const std::string& event,
                        const std::vector<std::string>& tracing) {
  for (size_t cut = event.find("__"); cut != std::string::npos;
       cut = event.find("__", cut + 1)) {
    for (const std::string& directory : tracing) {
      const std::string format =
          ReadFile(absl::StrCat(directory, "/events/", event.substr(0, cut),
                                "/", event.substr(cut + 2), "/format"));
      if (!format.empty()) return format;
    }
  }
  return "";
}

std::string EventStructs(const std::set<std::string>& events,
                         const std::vector<std::string>& tracing,
                         std::vector<CodeFinding>& findings) {
  std::string text;
  for (const std::string& event : events) {
    const std::string format = EventFormat(event, tracing);
    if (format.empty()) {
      findings.push_back({0, NoFormat(event, tracing)});
      continue;
    }
    absl::StatusOr<std::string> made = TraceStruct(
        absl::StrCat("tracepoint__", event), ParseTraceFormat(format));
    if (made.ok()) {
      text += *made;
    } else {
      findings.push_back({0, std::string(made.status().message())});
    }
  }
  return text;
}

}  // namespace ebpf_exporter
