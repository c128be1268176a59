#include "benchmark/scrape/bare_walk.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

namespace ebpf_exporter {
namespace {

// Those of bpf/loader/map_reader.cc.
constexpr size_t kBatchEntries = 4096;
constexpr size_t kBufferBytes = 8 << 20;

uint64_t Address(const void* pointer) {
  return reinterpret_cast<uint64_t>(pointer);
}

}  // namespace

BareWalk::BareWalk(int fd, const MapShape& shape, size_t cpus)
    : fd_(fd),
      key_size_(shape.key_size),
      value_size_(IsPerCpu(shape.type) ? (shape.value_size + 7) / 8 * 8 * cpus
                                       : shape.value_size) {
  const size_t wanted = std::clamp<size_t>(shape.max_entries, 1, kBatchEntries);
  Resize(static_cast<uint32_t>(
      std::clamp<size_t>(kBufferBytes / (key_size_ + value_size_), 1, wanted)));
}

absl::StatusOr<size_t> BareWalk::Walk() {
  std::vector<std::byte> in(std::max<size_t>(4, key_size_));
  std::vector<std::byte> out(in.size());
  size_t total = 0;
  for (bool first = true;;) {
    bpf_attr attr = {};
    attr.batch.in_batch = first ? 0 : Address(in.data());
    attr.batch.out_batch = Address(out.data());
    attr.batch.keys = Address(keys_.data());
    attr.batch.values = Address(values_.data());
    attr.batch.count = entries_;
    attr.batch.map_fd = static_cast<uint32_t>(fd_);
    const bool good =
        syscall(SYS_bpf, BPF_MAP_LOOKUP_BATCH, &attr, sizeof(attr)) == 0;
    if (!good && errno == ENOSPC) {  // one hash bucket holds more
      Resize(2 * entries_);
      continue;
    }
    if (!good && errno != ENOENT) return absl::ErrnoToStatus(errno, "a walk");
    total += attr.batch.count;
    if (!good) return total;
    first = false;
    in.swap(out);
  }
}

void BareWalk::Resize(uint32_t entries) {
  entries_ = entries;
  keys_.resize(entries * key_size_);
  values_.resize(entries * value_size_);
}

}  // namespace ebpf_exporter
