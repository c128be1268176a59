// Captures for tests: what one says, as plain values that compare, a writer and
// a reader of them. ReadAll() is also what the fuzzer drives: it looks at every
// byte that the reader hands out.

#ifndef EBPF_EXPORTER_CORE_DUMP_CAPTURE_EXERCISE_H_
#define EBPF_EXPORTER_CORE_DUMP_CAPTURE_EXERCISE_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/dump/byte_source.h"
#include "core/dump/capture_reader.h"
#include "core/dump/capture_writer.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct StringSink {
  bool Write(std::string_view chunk) {
    bytes.append(chunk);
    return true;
  }
  std::string bytes;
};

// Gives its bytes in pieces of a few, as a pipe may.
class SmallSource final : public ByteSource {
 public:
  explicit SmallSource(std::string bytes) : all_(std::move(bytes)) {}

  absl::StatusOr<size_t> Read(std::span<char> to) override {
    step_ = step_ % 7 + 1;
    return all_.Read(to.first(std::min(step_, to.size())));
  }

 private:
  StringSource all_;
  size_t step_ = 0;
};

struct ReadMap {
  std::string name;
  std::string config;
  std::vector<std::string> keys{};
  std::vector<std::string> values{};  // of all CPUs, one behind the other

  friend bool operator==(const ReadMap&, const ReadMap&) = default;
};

struct ReadResult {
  absl::Status status;  // OK at the end
  std::vector<ReadMap> maps;
  DumpNotes notes;
};

// Reads to the end or the first error.
ReadResult ReadAll(DumpReader& reader);
ReadResult ReadCapture(std::string bytes, CaptureOptions options = {});

// A little capture of three maps (a hash, a per-CPU hash, an empty array) and
// two symbols. `big_endian` swaps nothing, it only says so.
std::string SmallCapture(bool big_endian = false);
std::vector<ReadMap> SmallCaptureMaps();

// Implementation below.

inline ReadResult ReadAll(DumpReader& reader) {
  ReadResult result;
  while (true) {
    const absl::StatusOr<const DumpedMap*> map = reader.NextMap();
    result.status = map.status();
    if (!map.ok() || *map == nullptr) break;
    result.maps.push_back(
        {.name = (*map)->shape.name, .config = (*map)->config});
    while (true) {
      const absl::StatusOr<EntryBatch> batch = reader.NextBatch();
      result.status = batch.status();
      if (!batch.ok() || batch->count == 0) break;
      const size_t value = size_t{batch->value_stride} * batch->cpus;
      for (size_t i = 0; i < batch->count; ++i) {
        result.maps.back().keys.emplace_back(
            reinterpret_cast<const char*>(batch->key(i)), batch->key_size);
        result.maps.back().values.emplace_back(
            reinterpret_cast<const char*>(batch->value(i)), value);
      }
    }
    if (!result.status.ok()) break;
  }
  result.notes = reader.notes();
  return result;
}

inline ReadResult ReadCapture(std::string bytes, CaptureOptions options) {
  CaptureReader reader(std::make_unique<StringSource>(std::move(bytes)),
                       options);
  return ReadAll(reader);
}

namespace internal {

inline MapShape SizesOf(std::string_view name, MapType type, uint32_t key_size,
                        uint32_t value_size) {
  MapShape shape;
  shape.name = std::string(name);
  shape.type = type;
  shape.key_size = key_size;
  shape.value_size = value_size;
  shape.max_entries = 10;
  return shape;
}

inline EntryBatch BatchOf(std::string_view keys, std::string_view values,
                          size_t count, uint32_t cpus) {
  const size_t value = values.size() / count / cpus;
  return {.keys = reinterpret_cast<const std::byte*>(keys.data()),
          .values = reinterpret_cast<const std::byte*>(values.data()),
          .count = count,
          .key_size = static_cast<uint32_t>(keys.size() / count),
          .value_size = static_cast<uint32_t>(value),
          .value_stride = static_cast<uint32_t>(value),
          .cpus = cpus};
}

}  // namespace internal

inline std::string SmallCapture(bool big_endian) {
  StringSink sink;
  CaptureWriter writer(&sink,
                       DumpOrigin{.kernel_release = "6.1.0-test",
                                  .time_nanoseconds = 1'700'000'000'123'456'789,
                                  .possible_cpus = 2,
                                  .endian = big_endian ? std::endian::big
                                                       : std::endian::little});
  writer.AddSymbols("ffffffff81000010 t first\nffffffff81000020 t [m]\n");
  CapturedMap map;
  map.shape = internal::SizesOf("counts", MapType::kHash, 4, 2);
  map.config = "demo";
  writer.BeginMap(map);
  writer.Add(internal::BatchOf("aaaabbbb", "1122", 2, 1));
  writer.Add(internal::BatchOf("cccc", "33", 1, 1));
  map.shape = internal::SizesOf("by_cpu", MapType::kPerCpuHash, 1, 8);
  writer.BeginMap(map);
  writer.Add(internal::BatchOf("k", "cpu zerocpu one!", 1, 2));
  map.shape = internal::SizesOf("empty", MapType::kArray, 4, 8);
  map.config.clear();
  writer.BeginMap(map);
  writer.Finish();
  return sink.bytes;
}

inline std::vector<ReadMap> SmallCaptureMaps() {
  return {{.name = "counts",
           .config = "demo",
           .keys = {"aaaa", "bbbb", "cccc"},
           .values = {"11", "22", "33"}},
          {.name = "by_cpu",
           .config = "demo",
           .keys = {"k"},
           .values = {"cpu zerocpu one!"}},
          {.name = "empty", .config = "", .keys = {}, .values = {}}};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_CAPTURE_EXERCISE_H_
