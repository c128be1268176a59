// What the command line says, with its defaults. `--flag value` and
// `--flag=value` mean the same; a switch `--x` can be taken back by `--no-x`.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_FLAGS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_FLAGS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/exporter/log_format.h"

namespace ebpf_exporter {

// What to do with a key that the configuration format does not know.
enum class UnknownKeys { kError, kWarn };

struct Flags {
  // What the whole call is for. The first of help and version wins.
  enum class Purpose { kServe, kHelp, kVersion, kCompile, kMigrate };
  Purpose purpose = Purpose::kServe;

  std::string config_file;  // empty: the programs that are built in
  std::string config_dir;   // in its place, a directory of configurations
  std::vector<std::string> config_names;  // of files there; empty: of all
  bool config_check = false;
  bool config_strict = false;
  UnknownKeys config_unknown_keys = UnknownKeys::kError;

  std::string listen_address = ":9435";  // valid by listen_address.h
  std::string telemetry_path = "/metrics";
  bool debug = false;
  // Where a capture of the maps is put at the end; empty: none is taken.
  std::string capture;
  // Print the metrics once, after this time, instead of serving them.
  std::optional<std::chrono::nanoseconds> once;

  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;

  bool log_timestamps = true;

  bool bpf_stats = false;
  std::string btf_path;    // empty: the kernel's own
  std::string clang_path;  // for inline code; empty: clang in PATH
  // Where objects of inline code are kept; nothing: the usual place.
  std::optional<std::string> cache_directory;
  std::string tracefs_path;  // empty: where the kernel has it mounted
  // Of `compile` and `migrate`.
  std::string input_file;
  std::string output_directory;
  bool typed_hooks = false;
  // The set of capabilities that stay after the start; nothing: all.
  std::optional<uint64_t> keep_capabilities;
  int64_t series_limit = 4'000'000;
};

// Reads the arguments after the program's name. InvalidArgument carries one
// line for the user, complete with "exporter: error: " and a hint.
absl::StatusOr<Flags> ParseFlags(std::span<const char* const> arguments);

// What --help prints.
std::string HelpText();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_FLAGS_H_
