// EntryCopier: reads a hash map by a program in the kernel, which copies all
// entries into memory that it shares with this process. That costs a third of
// what the batch calls do, which lock each hash bucket and copy it by itself.
//
//   source (hash) ─▶ copy_entries ─▶ blocks (array, mapped here) ─▶ EntryBatch
//
// Without locks it is exact only while the elements of the map stay where they
// are: entries may be added and values changed in place, but none may be
// deleted, and none put anew under its key: the kernel then uses an element
// again, and a walk that stands on it goes astray.
//
// Needs Linux 5.14, for maps with BPF_F_NO_PREALLOC 6.1, and CAP_BPF and
// CAP_PERFMON when it is made. One system call copies all, in which kernels
// that cannot be preempted do nothing else on that CPU: 6 ms for 100,000 small
// entries. There, maps with room for more than kMostUnpreempted entries are
// refused.
//
// Memory: kMostBytes, or kMostBytesUnpreempted where copying must not take
// long.

#ifndef EBPF_EXPORTER_BPF_LOADER_ENTRY_COPIER_H_
#define EBPF_EXPORTER_BPF_LOADER_ENTRY_COPIER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "bpf/loader/array_mapping.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/libbpf.h"
#include "core/dump/entry_batch.h"

namespace ebpf_exporter {

class EntryCopier {
 public:
  static constexpr size_t kMostUnpreempted = 1 << 17;
  static constexpr size_t kMostBytes = 64 << 20;
  static constexpr size_t kMostBytesUnpreempted = 8 << 20;

  // With room for `entries`. Nothing if the map is no plain hash, or these are
  // too much to be copied, or the kernel lacks or refuses this: then it is to
  // be read by other means.
  static std::optional<EntryCopier> Make(int fd, size_t entries);

  // Copies the entries and tells how many there are: beyond room(), they were
  // counted only. Nothing if the kernel refuses.
  std::optional<size_t> Copy();
  size_t room() const { return blocks_ << block_bits_; }

  // The copies from the `first` on as far as they lie together, of `count` that
  // there are. They stay until the next Copy().
  EntryBatch From(size_t first, size_t count) const;
  // What From() gives at most; it begins at multiples of this.
  size_t block_entries() const { return size_t{1} << block_bits_; }

 private:
  EntryCopier(const bpf_map_info& info, size_t entries);

  bool Load(int fd);

  uint32_t key_size_;
  uint32_t value_size_;
  uint32_t block_bits_;
  size_t blocks_;
  FileDescriptor program_;
  std::optional<ArrayMapping> mapping_;  // of the blocks
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ENTRY_COPIER_H_
