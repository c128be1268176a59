// DumpReader: a dump of maps, read front to back in constant memory. A capture,
// bpftool's output and raw bytes are its models; what they do not know of
// themselves (sizes, byte order) is left for the user's configuration and
// flags.
//
//   while (const DumpedMap* map = *reader.NextMap()) {
//     while (true) {
//       EntryBatch batch = *reader.NextBatch();
//       if (batch.count == 0) break;
//       ...
//     }
//   }

#ifndef EBPF_EXPORTER_CORE_DUMP_DUMP_READER_H_
#define EBPF_EXPORTER_CORE_DUMP_DUMP_READER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"
#include "core/resolve/kallsyms.h"
#include "core/resolve/name_table.h"

namespace ebpf_exporter {

// The host that a dump was taken on.
struct DumpOrigin {
  std::string kernel_release = {};  // as `uname -r` prints it
  uint64_t time_nanoseconds = 0;    // since 1970-01-01 00:00 UTC
  uint32_t possible_cpus = 1;
  std::endian endian = std::endian::native;  // of keys, values and BTF
  std::string machine = {};  // as `uname -m` prints it; empty: not known
};

// The kinds of names, besides symbols, that a dump may have recorded.
enum class NameKind : uint8_t { kBlockDevices, kInterfaces, kCgroups, kPci };
inline constexpr size_t kNameKinds = 4;

// What a dump says of one of its maps before the entries come.
struct DumpedMap {
  MapShape shape;      // name empty, sizes 0 where the dump does not say
  std::string config;  // the program of the configuration that it belongs to
  // Byte order of the numbers in keys and values; nothing: not said.
  std::optional<std::endian> endian;
};

// What went wrong without ending the reading.
struct DumpNotes {
  uint64_t error_entries = 0;  // entries that the dump marks as unreadable
  // Damage that was stepped over or cut the dump short, one line each.
  std::vector<std::string> damage;
};

class DumpReader {
 public:
  virtual ~DumpReader() = default;

  // The next map, null after the last. Skips what is left of the one before.
  virtual absl::StatusOr<const DumpedMap*> NextMap() = 0;

  // Entries of the current map, lent until the next call; `count` is 0 at the
  // end. Bytes are as they were on the host that wrote them.
  virtual absl::StatusOr<EntryBatch> NextBatch() = 0;

  // Who was dumped and when, once NextMap() has been called; null where the
  // dump does not say.
  virtual const DumpOrigin* origin() const { return nullptr; }

  // The symbols that were recorded, those of the current batch among them; null
  // if none were. The table stays in its place and may grow with each call.
  virtual const SymbolTable* symbols() const { return nullptr; }

  // The same of other names; numbered as core/resolve/names.h says.
  virtual const NameTable* names(NameKind /*kind*/) const { return nullptr; }

  virtual const DumpNotes& notes() const = 0;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_DUMP_READER_H_
