// Opening the dump that the flags name, whatever form it has.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_DUMP_INPUT_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_DUMP_INPUT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cmd/tabledump/command_flags.h"
#include "core/dump/byte_source.h"
#include "core/dump/dump_reader.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// `shapes`: of maps that the dump may have, for forms that need types.
// `map_name`: of the only map, where the user's choice leaves no other.
absl::StatusOr<std::unique_ptr<DumpReader>> OpenDumpInput(
    const DumpFlags& flags, std::vector<MapShape> shapes,
    std::string map_name = "");

// The same for a source that is open.
absl::StatusOr<std::unique_ptr<DumpReader>> OpenDumpInput(
    std::unique_ptr<ByteSource> source, const DumpFlags& flags,
    std::vector<MapShape> shapes, std::string map_name = "");

// Says on standard error what the reader stepped over.
void SayNotes(const DumpReader& reader);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_DUMP_INPUT_H_
