// What the command line says of each subcommand.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_COMMAND_FLAGS_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_COMMAND_FLAGS_H_

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ebpf_exporter {

// How to read a dump; what it says of itself goes before.
struct DumpFlags {
  std::string path;  // `-` for standard input
  std::optional<uint32_t> key_size;
  std::optional<uint32_t> value_size;
  std::optional<uint32_t> cpus;
  std::optional<std::endian> endian;
  bool lenient = false;
  std::string object;  // to take shapes from
};

// Which metrics.
struct ChoiceFlags {
  std::string config_file;
  std::string program;  // empty: all
  std::string metric;   // empty: all
};

enum class DecodeFormat { kTable, kJson, kNdjson, kCsv, kProm };

struct DecodeFlags {
  DumpFlags dump;
  ChoiceFlags choice;
  DecodeFormat format = DecodeFormat::kTable;
  bool strict = false;
};

struct LayoutFlags {
  DumpFlags dump;  // or an object
  std::string map;
};

struct ExplainFlags {
  DumpFlags dump;  // path empty: there is none
  ChoiceFlags choice;
  std::vector<std::string> key;  // hexadecimal, however it is cut up
};

struct CheckFlags {
  std::string config_file;
  std::string object;
  bool strict = false;
};

struct DiffFlags {
  DumpFlags before;
  DumpFlags after;
  ChoiceFlags choice;
  bool rate = false;
  int64_t interval_nanoseconds = 0;  // 0: between the times of the dumps
};

struct CaptureFlags {
  std::optional<uint32_t> map_id;
  std::string map_name;
  std::string pinned;
  ChoiceFlags choice;  // config_file empty: not by configuration
  std::string output;
  bool redact = false;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_COMMAND_FLAGS_H_
