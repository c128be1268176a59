#include "cmd/tabledump/dump_input.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cmd/tabledump/files.h"
#include "cmd/tabledump/say.h"
#include "core/dump/detect.h"

namespace ebpf_exporter {

absl::StatusOr<std::unique_ptr<DumpReader>> OpenDumpInput(
    const DumpFlags& flags, std::vector<MapShape> shapes,
    std::string map_name) {
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenInput(flags.path);
  if (!source.ok()) return source.status();
  return OpenDumpInput(*std::move(source), flags, std::move(shapes),
                       std::move(map_name));
}

absl::StatusOr<std::unique_ptr<DumpReader>> OpenDumpInput(
    std::unique_ptr<ByteSource> source, const DumpFlags& flags,
    std::vector<MapShape> shapes, std::string map_name) {
  DumpOptions options;
  options.lenient = flags.lenient;
  options.endian = flags.endian;
  options.key_size = flags.key_size.value_or(0);
  options.value_size = flags.value_size.value_or(0);
  options.cpus = flags.cpus;
  options.map_name = std::move(map_name);
  options.shapes = std::move(shapes);
  absl::StatusOr<std::unique_ptr<DumpReader>> reader =
      OpenDump(std::move(source), options);
  if (reader.ok()) return reader;
  // Files that cannot be read are named by who reads them.
  if (absl::StartsWith(reader.status().message(), "cannot read")) return reader;
  return absl::Status(
      reader.status().code(),
      absl::StrCat("\"", flags.path, "\": ", reader.status().message()));
}

void SayNotes(const DumpReader& reader) {
  for (const std::string& damage : reader.notes().damage) SayNote(damage);
  const uint64_t errors = reader.notes().error_entries;
  if (errors > 0) {
    SayNote(absl::StrCat(
        "entries that could not be read when the dump was taken: ", errors));
  }
}

}  // namespace ebpf_exporter
