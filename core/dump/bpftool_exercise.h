// Dumps for tests: all that a reader gives of one, as plain values that
// compare, and writers of each of bpftool's forms that are not its parsers.
// ReadWhole() is also what the fuzzer drives: it looks at every byte.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_EXERCISE_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_EXERCISE_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/dump/byte_source.h"
#include "core/dump/detect.h"
#include "core/dump/detect_options.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// Gives no more than `piece` bytes at once, as a pipe may.
class PieceSource final : public ByteSource {
 public:
  PieceSource(std::string bytes, size_t piece)
      : bytes_(std::move(bytes)), piece_(piece) {}

  absl::StatusOr<size_t> Read(std::span<char> to) override {
    return bytes_.Read(to.first(std::min(to.size(), piece_)));
  }

 private:
  StringSource bytes_;
  const size_t piece_;
};

// A key and the value of each CPU.
struct PlainEntry {
  std::string key;
  std::vector<std::string> values;

  friend bool operator==(const PlainEntry&, const PlainEntry&) = default;
};

struct PlainMap {
  std::string name;
  MapType type = MapType::kUnspecified;
  uint32_t key_size = 0;
  uint32_t value_size = 0;
  std::vector<PlainEntry> entries;

  friend bool operator==(const PlainMap&, const PlainMap&) = default;
};

struct PlainDump {
  absl::Status status;  // that the reading ended with
  std::vector<PlainMap> maps;
  uint64_t error_entries = 0;
  std::vector<std::string> damage;
};

inline std::string PlainBytes(const std::byte* bytes, size_t size) {
  return size == 0 ? ""
                   : std::string(reinterpret_cast<const char*>(bytes), size);
}

inline void AppendEntries(const EntryBatch& batch, PlainMap& map) {
  for (size_t i = 0; i < batch.count; ++i) {
    PlainEntry entry;
    entry.key = PlainBytes(batch.key(i), batch.key_size);
    for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
      entry.values.push_back(PlainBytes(
          batch.value(i) + size_t{cpu} * batch.value_stride, batch.value_size));
    }
    map.entries.push_back(std::move(entry));
  }
}

// All batches of the current map.
inline absl::Status ReadMap(DumpReader& reader, PlainMap& map) {
  while (true) {
    absl::StatusOr<EntryBatch> batch = reader.NextBatch();
    if (!batch.ok()) return batch.status();
    if (batch->count == 0) return absl::OkStatus();
    AppendEntries(*batch, map);
  }
}

inline PlainDump ReadWhole(std::unique_ptr<ByteSource> source,
                           const DumpOptions& options = {}) {
  PlainDump dump;
  absl::StatusOr<std::unique_ptr<DumpReader>> reader =
      OpenDump(std::move(source), options);
  dump.status = reader.status();
  while (dump.status.ok()) {
    absl::StatusOr<const DumpedMap*> map = (*reader)->NextMap();
    dump.status = map.status();
    if (!map.ok() || *map == nullptr) break;
    const MapShape& shape = (*map)->shape;
    dump.maps.push_back(
        {shape.name, shape.type, shape.key_size, shape.value_size, {}});
    dump.status = ReadMap(**reader, dump.maps.back());
  }
  if (!reader.ok()) return dump;
  dump.error_entries = (*reader)->notes().error_entries;
  dump.damage = (*reader)->notes().damage;
  return dump;
}

inline PlainDump ReadWhole(std::string_view text,
                           const DumpOptions& options = {}) {
  return ReadWhole(std::make_unique<StringSource>(std::string(text)), options);
}

// A file of testdata/dumps/bpftool.
inline std::string RecordedDump(std::string_view name) {
  std::ifstream file(absl::StrCat("testdata/dumps/bpftool/", name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// `["0x0f","0x00"]`.
inline std::string JsonBytes(std::string_view bytes) {
  std::string text = "[";
  for (char c : bytes) {
    absl::StrAppend(&text, text.size() > 1 ? "," : "", "\"0x",
                    absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2), "\"");
  }
  return text + "]";
}

inline std::string JsonEntry(const PlainEntry& entry, bool per_cpu) {
  std::string text = absl::StrCat("{\"key\":", JsonBytes(entry.key));
  if (!per_cpu) {
    return absl::StrCat(text, ",\"value\":", JsonBytes(entry.values[0]), "}");
  }
  absl::StrAppend(&text, ",\"values\":[");
  for (size_t cpu = 0; cpu < entry.values.size(); ++cpu) {
    absl::StrAppend(&text, cpu > 0 ? "," : "", "{\"cpu\":", cpu,
                    ",\"value\":", JsonBytes(entry.values[cpu]), "}");
  }
  return text + "]}";
}

// As `bpftool -j map dump` prints a map.
inline std::string JsonDump(const PlainMap& map) {
  std::string text = "[";
  for (const PlainEntry& entry : map.entries) {
    absl::StrAppend(&text, text.size() > 1 ? "," : "",
                    JsonEntry(entry, IsPerCpu(map.type)));
  }
  return text + "]\n";
}

// `0f 00`, sixteen bytes a line.
inline std::string TextBytes(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const std::string_view between = i == 0        ? ""
                                     : i % 16 == 0 ? "\n"
                                     : i % 8 == 0  ? "  "
                                                   : " ";
    absl::StrAppend(&text, between,
                    absl::Hex(static_cast<uint8_t>(bytes[i]), absl::kZeroPad2));
  }
  return text;
}

inline std::string TextEntry(const PlainEntry& entry, bool per_cpu) {
  if (!per_cpu) {
    const size_t key = entry.key.size();
    const size_t value = entry.values[0].size();
    const bool lines = key > 16 || value > 16;
    return absl::StrCat("key:", lines ? "\n" : " ", TextBytes(entry.key),
                        key + value <= 24 && !lines ? "  " : "\n",
                        "value:", lines ? "\n" : " ",
                        TextBytes(entry.values[0]), "\n");
  }
  std::string text = absl::StrCat("key:\n", TextBytes(entry.key), "\n");
  for (size_t cpu = 0; cpu < entry.values.size(); ++cpu) {
    absl::StrAppend(&text, "value (CPU ", absl::Dec(cpu, absl::kZeroPad2),
                    "):", entry.values[cpu].size() > 16 ? "\n" : " ",
                    TextBytes(entry.values[cpu]), "\n");
  }
  return text;
}

// As `bpftool map dump` prints a map without BTF.
inline std::string TextDump(const PlainMap& map) {
  std::string text;
  for (const PlainEntry& entry : map.entries) {
    absl::StrAppend(&text, TextEntry(entry, IsPerCpu(map.type)));
  }
  const size_t count = map.entries.size();
  return absl::StrCat(text, "Found ", count, " element", count == 1 ? "" : "s",
                      "\n");
}

// Keys and values back to back.
inline std::string RawDump(const PlainMap& map) {
  std::string bytes;
  for (const PlainEntry& entry : map.entries) {
    bytes += entry.key;
    for (const std::string& value : entry.values) {
      bytes += value;
      if (IsPerCpu(map.type)) bytes.append((8 - value.size() % 8) % 8, '\0');
    }
  }
  return bytes;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_EXERCISE_H_
