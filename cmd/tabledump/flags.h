// The command line of tabledump.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_FLAGS_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_FLAGS_H_

#include <span>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "cmd/tabledump/command_flags.h"

namespace ebpf_exporter {

// Nothing to do but to print this.
struct PrintFlags {
  std::string text;
};

using Flags = std::variant<PrintFlags, DecodeFlags, LayoutFlags, ExplainFlags,
                           CheckFlags, DiffFlags, CaptureFlags>;

// Reads the arguments after the program's name. InvalidArgument carries one
// line for the user.
absl::StatusOr<Flags> ParseFlags(std::span<const char* const> arguments);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_FLAGS_H_
