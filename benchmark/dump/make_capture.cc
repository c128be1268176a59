// Writes a capture of a hash map with many entries to standard output, for
// measuring what reads it:
//
//   bazel run -c opt //benchmark/dump:make_capture -- 10000000 > big.capture
//
// Keys are a __u32 that counts up, times an odd number, so that neighbours
// differ; values are counts of up to six digits.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/dump/capture_writer.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {
namespace {

struct StdoutSink {
  bool Write(std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
  }
};

int Write(uint32_t entries) {
  StdoutSink sink;
  DumpOrigin origin;
  origin.kernel_release = "6.18";
  CaptureWriter<StdoutSink> writer(&sink, origin);
  CapturedMap map;
  map.shape = {.name = "big",
               .type = MapType::kHash,
               .key_size = sizeof(uint32_t),
               .value_size = sizeof(uint64_t),
               .max_entries = entries,
               .key = {},
               .value = {}};
  writer.BeginMap(map);
  constexpr uint32_t kBatch = 4096;
  std::vector<uint32_t> keys;
  std::vector<uint64_t> values;
  for (uint32_t i = 0; i < entries; ++i) {
    keys.push_back(i * 2654435761u);
    values.push_back(i * 7919u % 1'000'000);
    if (keys.size() < kBatch && i + 1 < entries) continue;
    writer.Add({.keys = reinterpret_cast<const std::byte*>(keys.data()),
                .values = reinterpret_cast<const std::byte*>(values.data()),
                .count = keys.size(),
                .key_size = sizeof(uint32_t),
                .value_size = sizeof(uint64_t),
                .value_stride = sizeof(uint64_t)});
    keys.clear();
    values.clear();
  }
  writer.Finish();
  return writer.ok() && std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ebpf_exporter

int main(int argc, char** argv) {
  const long entries = argc > 1 ? std::atol(argv[1]) : 1'000'000;
  return ebpf_exporter::Write(static_cast<uint32_t>(entries));
}
