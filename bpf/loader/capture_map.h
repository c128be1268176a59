// From a live map into a capture: its description, with the types of its key
// and value, and its entries.
//
//   CaptureWriter writer(&sink, *ThisHost());
//   for each map:
//     writer.BeginMap(DescribeMap(fd, shape, config));
//     absl::Status status = CaptureEntries(fd, shape, writer);
//   writer.Finish();

#ifndef EBPF_EXPORTER_BPF_LOADER_CAPTURE_MAP_H_
#define EBPF_EXPORTER_BPF_LOADER_CAPTURE_MAP_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/map_reader.h"
#include "core/dump/capture_writer.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/exposition/chunk_buffer.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// This host, now.
absl::StatusOr<DumpOrigin> ThisHost();

// `shape` as it is to be written, so also with a name longer than the kernel's.
// Types are those the kernel keeps with the map; without CAP_SYS_ADMIN, or
// where it keeps none, the sizes alone are written.
CapturedMap DescribeMap(int fd, const MapShape& shape, std::string config);

// Adds all entries of the map, whose description has been written. `before`
// sees each batch before it is written, and may write what the batch needs. On
// an error the capture says that the map broke off, and goes on.
template <ByteSink S, typename Before>
absl::Status CaptureEntries(int fd, const MapShape& shape,
                            CaptureWriter<S>& writer, Before before);
template <ByteSink S>
absl::Status CaptureEntries(int fd, const MapShape& shape,
                            CaptureWriter<S>& writer);

// Implementation below.

template <ByteSink S, typename Before>
absl::Status CaptureEntries(int fd, const MapShape& shape,
                            CaptureWriter<S>& writer, Before before) {
  absl::StatusOr<MapReader> reader = MapReader::Make(fd, shape);
  absl::Status status = reader.status();
  if (status.ok()) {
    status = reader->Walk([&](const EntryBatch& batch) {
      if (!writer.ok()) return;  // nobody listens any more
      before(batch);
      writer.Add(batch);
    });
  }
  if (!status.ok()) writer.BreakOff(status.message());
  return status;
}

template <ByteSink S>
absl::Status CaptureEntries(int fd, const MapShape& shape,
                            CaptureWriter<S>& writer) {
  return CaptureEntries(fd, shape, writer, [](const EntryBatch&) {});
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_CAPTURE_MAP_H_
