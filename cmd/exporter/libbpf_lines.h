// Sends what libbpf has to say to the log.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_LIBBPF_LINES_H_
#define EBPF_EXPORTER_CMD_EXPORTER_LIBBPF_LINES_H_

#include <string_view>

#include "bpf/loader/log.h"
#include "cmd/exporter/log.h"

namespace ebpf_exporter {

// Warnings only, or all lines with `debug`.
inline void LogLibbpfLines(bool debug) {
  SetLibbpfLog(debug ? LibbpfLogLevel::kDebug : LibbpfLogLevel::kWarning,
               [](LibbpfLogLevel level, std::string_view line) {
                 switch (level) {
                   case LibbpfLogLevel::kWarning:
                     return LogWarn("libbpf", {{"line", line}});
                   case LibbpfLogLevel::kInfo:
                     return LogInfo("libbpf", {{"line", line}});
                   case LibbpfLogLevel::kDebug:
                     return LogDebug("libbpf", {{"line", line}});
                 }
               });
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_LIBBPF_LINES_H_
