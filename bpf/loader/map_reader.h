// MapReader: walks a live map and lends out its entries in batches.
//
// A walk sees every entry that stays in the map while it lasts. An entry that
// is put in or deleted meanwhile may be seen or not; after a concurrent delete
// or resize some may be seen twice: the receiver takes the last one. Keys and
// values are lent for the length of one call.
//
// Cost: one system call for some thousand entries, none for arrays that were
// created mmapable, which are lent in place. Kernels or map types without
// batches (per-CPU arrays before 5.13) are read key by key, about 20 times as
// slowly. A hash whose elements stay where they are is copied by a program in
// the kernel (EntryCopier), at a third of the cost, once it has some thousand
// entries. Not for use by two threads at once.

#ifndef EBPF_EXPORTER_BPF_LOADER_MAP_READER_H_
#define EBPF_EXPORTER_BPF_LOADER_MAP_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/array_mapping.h"
#include "bpf/loader/entry_copier.h"
#include "bpf/loader/file_descriptor.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

class MapReader {
 public:
  using Receiver = absl::FunctionRef<void(const EntryBatch& batch)>;

  // How entries are read. kAuto reads in place if it can, else tries batches
  // and falls back to keys. kCopies cannot be asked for.
  enum class Method { kAuto, kCopies, kBatches, kKeys };

  // Keeps a descriptor of its own. InvalidArgument if the map's type cannot be
  // walked or the map is not of this shape.
  static absl::StatusOr<MapReader> Make(int fd, const MapShape& shape,
                                        Method method = Method::kAuto);

  // Whether nobody deletes entries, or puts new values under their keys, while
  // this walks. Unless told so it does not rely on it. For kAuto alone.
  void SetElementsStay(bool stay) { elements_stay_ = stay && may_choose_; }

  // Calls `receive` with all entries, each batch not empty. After an error the
  // entries received are part of the map only.
  absl::Status Walk(Receiver receive);

  // How the last walk read; kAuto means in place.
  Method method() const { return method_; }

 private:
  MapReader(FileDescriptor fd, const MapShape& shape, uint32_t cpus,
            Method method);

  void WalkInPlace(Receiver receive);
  bool WalkCopies(Receiver receive);
  bool MakeRoom();
  absl::Status WalkBatches(Receiver receive, bool& unsupported);
  int ReadBatch(std::byte* in, std::byte* out, uint32_t& count);
  absl::Status WalkKeys(Receiver receive);
  absl::Status Read(const std::byte* previous, std::byte* key, std::byte* value,
                    bool& end, bool& vanished) const;
  void Resize(size_t entries);
  void Hand(Receiver receive, size_t count);
  EntryBatch BatchOf(size_t count) const;
  absl::Status Error(int error, std::string_view what) const;
  absl::Status Endless() const;

  FileDescriptor fd_;
  std::string name_;
  Method method_;
  std::optional<ArrayMapping> mapping_;  // with kAuto
  uint32_t key_size_;
  uint32_t value_size_;
  uint32_t value_stride_;
  uint32_t cpus_;
  uint32_t max_entries_;
  uint64_t limit_;           // entries after which a walk is given up
  size_t entries_ = 0;       // that the buffer holds
  size_t seen_ = 0;          // entries in the last walk
  bool may_choose_ = false;  // how to read
  bool elements_stay_ = false;
  std::optional<EntryCopier> copier_;
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
  // Where a walk stands, as the kernel tells it: a hash bucket's number or a
  // key.
  std::vector<std::byte> cursor_;
  std::vector<std::byte> next_cursor_;
};

// `in_place`, `copies`, `batches` or `keys`.
std::string_view NameOf(MapReader::Method method);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_MAP_READER_H_
