#include "bpf/loader/entry_copier.h"

#include <fcntl.h>

#include <algorithm>
#include <bit>

#include "absl/status/statusor.h"
#include "bpf/loader/constants.h"
#include "bpf/loader/copier_object.h"
#include "bpf/loader/handles.h"
#include "bpf/loader/log.h"
#include "bpf/loader/open_object.h"
#include "bpf/loader/preemption.h"

namespace ebpf_exporter {
namespace {

// A block has as many entries as a batch call reads, or fewer that are large.
constexpr size_t kBlockEntries = 4096;
constexpr size_t kBlockBytes = 1 << 20;
// Of a key and its value. The program copies eight bytes at a time, and what
// larger ones cost is mostly the copying, by any means.
constexpr size_t kMostEntryBytes = 1024;

size_t EntryBytes(const bpf_map_info& info) {
  return size_t{info.key_size} + info.value_size;
}

bool CanBeCopied(const bpf_map_info& info) {
  return info.type == BPF_MAP_TYPE_HASH &&
         EntryBytes(info) <= kMostEntryBytes &&
         (info.max_entries <= EntryCopier::kMostUnpreempted ||
          KernelIsPreemptible());
}

size_t MostBytes() {
  return KernelIsPreemptible() ? EntryCopier::kMostBytes
                               : EntryCopier::kMostBytesUnpreempted;
}

size_t BlockEntries(const bpf_map_info& info) {
  return std::min(std::bit_floor(kBlockBytes / EntryBytes(info)),
                  kBlockEntries);
}

// The object's map `source` is the one of `fd`, and its `blocks`, which are
// returned, have their sizes; null if that cannot be.
bpf_map* SetMaps(bpf_object* object, int fd, size_t block_bytes,
                 size_t blocks) {
  // Both are found before the first takes the name of the map it stands for.
  bpf_map* const source = bpf_object__find_map_by_name(object, "source");
  bpf_map* const copies = bpf_object__find_map_by_name(object, "blocks");
  const bool set =
      source != nullptr && copies != nullptr &&
      bpf_map__reuse_fd(source, fd) == 0 &&
      bpf_map__set_map_flags(copies, BPF_F_MMAPABLE) == 0 &&
      bpf_map__set_value_size(copies, static_cast<uint32_t>(block_bytes)) ==
          0 &&
      bpf_map__set_max_entries(copies, static_cast<uint32_t>(blocks)) == 0;
  return set ? copies : nullptr;
}

FileDescriptor Duplicate(int fd) {
  return FileDescriptor(fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

}  // namespace

std::optional<EntryCopier> EntryCopier::Make(int fd, size_t entries) {
  bpf_map_info info = {};
  uint32_t size = sizeof(info);
  if (bpf_obj_get_info_by_fd(fd, &info, &size) != 0 || !CanBeCopied(info)) {
    return std::nullopt;
  }
  EntryCopier copier(info, std::max<size_t>(1, entries));
  const size_t bytes = copier.room() * EntryBytes(info);
  if (bytes > MostBytes() || !copier.Load(fd)) return std::nullopt;
  return copier;
}

EntryCopier::EntryCopier(const bpf_map_info& info, size_t entries)
    : key_size_(info.key_size),
      value_size_(info.value_size),
      block_bits_(static_cast<uint32_t>(std::countr_zero(BlockEntries(info)))),
      blocks_((entries + block_entries() - 1) / block_entries()) {}

bool EntryCopier::Load(int fd) {
  const LibbpfWarnings unsaid;  // a map that is read otherwise is no trouble
  absl::StatusOr<ObjectPtr> object =
      OpenObject(CopierObject()[0].bytes, CopierObject()[0].name);
  if (!object.ok()) return false;
  const size_t block_bytes = block_entries() * (key_size_ + value_size_);
  const Constants constants = {{"key_size", key_size_},
                               {"value_size", value_size_},
                               {"block_bits", block_bits_}};
  if (SetConstants(object->get(), constants).has_value()) return false;
  const bpf_map* const copies =
      SetMaps(object->get(), fd, block_bytes, blocks_);
  if (copies == nullptr || bpf_object__load(object->get()) != 0) return false;
  bpf_map_info info = {};
  uint32_t size = sizeof(info);
  if (bpf_obj_get_info_by_fd(bpf_map__fd(copies), &info, &size) != 0) {
    return false;
  }
  mapping_ = ArrayMapping::Make(bpf_map__fd(copies), info);
  program_ = Duplicate(bpf_program__fd(
      bpf_object__find_program_by_name(object->get(), "copy_entries")));
  return mapping_.has_value() && program_.valid();
}

std::optional<size_t> EntryCopier::Copy() {
  bpf_test_run_opts options = {};
  options.sz = sizeof(options);
  if (bpf_prog_test_run_opts(program_.get(), &options) != 0) {
    return std::nullopt;
  }
  return options.retval;
}

EntryBatch EntryCopier::From(size_t first, size_t count) const {
  const size_t stride = block_entries() * (key_size_ + value_size_);
  EntryBatch batch;
  batch.keys = mapping_->values() + (first >> block_bits_) * stride;
  batch.values = batch.keys + block_entries() * key_size_;
  batch.count = std::min(block_entries(), count - first);
  batch.key_size = key_size_;
  batch.value_size = value_size_;
  batch.value_stride = value_size_;
  return batch;
}

}  // namespace ebpf_exporter
