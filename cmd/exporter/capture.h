// Captures of what the exporter reads: every map that a metric names, and the
// names that labels were given, so that tabledump shows elsewhere what was
// served here. core/dump/README.md describes the bytes; they are packed with
// zstd.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_CAPTURE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_CAPTURE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/exporter/http.h"
#include "cmd/exporter/scraper.h"

namespace ebpf_exporter {

// Reads the maps anew, beside the scraper. While programs are attached a map
// may change between the pass that looks for names and the one that writes;
// what comes in between brings its names along. Aborted if `out` gave up; a
// map that cannot be read is an error too, after which the capture is whole but
// says so.
absl::Status WriteCapture(const LiveConfigs& configs, BodyWriter& out);

// `ebpf_exporter-20261124T083059Z.capture.zst`, for seconds since 1970.
std::string CaptureName(int64_t seconds);

// OK if a capture can be put into `directory`, else what to do.
absl::Status CheckCaptureDirectory(const std::string& directory);

// Writes a capture into a new file of `directory`, named after the time, which
// only the user can read; its path. The name appears when the file is whole.
absl::StatusOr<std::string> SaveCapture(const LiveConfigs& configs,
                                        const std::string& directory);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_CAPTURE_H_
