#include "bpf/loader/map_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kBatchEntries = 4096;
constexpr size_t kBufferBytes = 8 << 20;
// Entries from which on a program of its own is worth its place in the kernel.
constexpr size_t kWorthCopying = 4096;
// Entries beyond twice the map's size before a walk counts as endless, and
// tries at one place before it counts as stuck.
constexpr uint64_t kSlack = 4096;
constexpr int kMaxRetries = 64;
constexpr int kKernelNotSupported = 524;  // the kernel's own ENOTSUPP

bool Unsupported(int error) {
  return error == EINVAL || error == EOPNOTSUPP || error == kKernelNotSupported;
}

bool Walkable(MapType type) {
  switch (type) {
    case MapType::kHash:
    case MapType::kArray:
    case MapType::kPerCpuHash:
    case MapType::kPerCpuArray:
    case MapType::kLruHash:
    case MapType::kLruPerCpuHash:
    case MapType::kLpmTrie:
      return true;
    default:
      return false;
  }
}

uint32_t StrideOf(const MapShape& shape) {
  return IsPerCpu(shape.type) ? (shape.value_size + 7) / 8 * 8
                              : shape.value_size;
}

// Fills `info` with what the kernel knows of the map.
absl::Status CheckShape(int fd, const MapShape& shape, bpf_map_info& info) {
  const std::string what = absl::StrCat("map \"", shape.name, "\"");
  uint32_t size = sizeof(info);
  const int result = bpf_obj_get_info_by_fd(fd, &info, &size);
  if (result != 0) return KernelError(result, what);
  if (info.type != static_cast<uint32_t>(shape.type) ||
      info.key_size != shape.key_size || info.value_size != shape.value_size) {
    return absl::InvalidArgumentError(absl::StrCat(
        what, ": in the kernel it has type ", info.type, ", keys of ",
        info.key_size, " and values of ", info.value_size,
        " bytes; expected were type ", static_cast<uint32_t>(shape.type), ", ",
        shape.key_size, " and ", shape.value_size));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MapReader> MapReader::Make(int fd, const MapShape& shape,
                                          Method method) {
  if (!Walkable(shape.type)) {
    return absl::InvalidArgumentError(
        absl::StrCat("map \"", shape.name, "\": entries of a map of type ",
                     static_cast<uint32_t>(shape.type), " cannot be listed"));
  }
  bpf_map_info info = {};
  absl::Status status = CheckShape(fd, shape, info);
  if (!status.ok()) return status;
  const int cpus = IsPerCpu(shape.type) ? libbpf_num_possible_cpus() : 1;
  if (cpus < 1) return KernelError(cpus, "number of possible CPUs");
  FileDescriptor own(fcntl(fd, F_DUPFD_CLOEXEC, 3));
  if (!own.valid()) {
    return KernelError(errno, absl::StrCat("map \"", shape.name, "\""));
  }
  MapReader reader(std::move(own), shape, cpus, method);
  if (method != Method::kAuto) return reader;
  reader.may_choose_ = true;
  reader.mapping_ = ArrayMapping::Make(fd, info);
  reader.max_entries_ = info.max_entries;
  if (!reader.mapping_) reader.method_ = Method::kBatches;
  return reader;
}

MapReader::MapReader(FileDescriptor fd, const MapShape& shape, uint32_t cpus,
                     Method method)
    : fd_(std::move(fd)),
      name_(shape.name),
      method_(method),
      key_size_(shape.key_size),
      value_size_(shape.value_size),
      value_stride_(StrideOf(shape)),
      cpus_(cpus),
      max_entries_(shape.max_entries),
      limit_(2 * uint64_t{shape.max_entries} + kSlack) {
  const size_t entry = key_size_ + size_t{value_stride_} * cpus_;
  const size_t wanted = std::clamp<size_t>(shape.max_entries, 1, kBatchEntries);
  Resize(std::clamp<size_t>(kBufferBytes / entry, 1, wanted));
  cursor_.resize(std::max<size_t>(4, key_size_));
  next_cursor_.resize(cursor_.size());
}

absl::Status MapReader::Walk(Receiver receive) {
  if (mapping_) {
    WalkInPlace(receive);
    return absl::OkStatus();
  }
  if (WalkCopies(receive)) return absl::OkStatus();
  seen_ = 0;
  if (method_ != Method::kKeys) {
    method_ = Method::kBatches;
    bool unsupported = false;
    absl::Status status = WalkBatches(receive, unsupported);
    if (!unsupported) return status;
    method_ = Method::kKeys;
  }
  return WalkKeys(receive);
}

// The keys of an array are its indices, as many as the buffer holds at a time.
void MapReader::WalkInPlace(Receiver receive) {
  EntryBatch batch = BatchOf(0);
  batch.value_stride = (value_size_ + 7) / 8 * 8;
  for (uint32_t index = 0; index < max_entries_;) {
    const uint32_t count = std::min<uint32_t>(static_cast<uint32_t>(entries_),
                                              max_entries_ - index);
    batch.count = count;
    batch.values = mapping_->values() + size_t{index} * batch.value_stride;
    for (uint32_t i = 0; i < count; ++i) {
      std::memcpy(keys_.data() + i * sizeof(index), &index, sizeof(index));
      ++index;
    }
    receive(batch);
  }
}

// False, before anything was received, if it has to be done in another way.
bool MapReader::WalkCopies(Receiver receive) {
  constexpr int kTries = 3;  // the map may grow meanwhile
  if (!elements_stay_ || seen_ < kWorthCopying) return false;
  for (int i = 0; i < kTries; ++i) {
    const std::optional<size_t> count =
        MakeRoom() ? copier_->Copy() : std::nullopt;
    if (!count) {
      elements_stay_ = false;  // it will not be otherwise the next time
      copier_.reset();
      return false;
    }
    seen_ = *count;
    if (seen_ > copier_->room()) continue;
    for (size_t at = 0; at < seen_; at += copier_->block_entries()) {
      receive(copier_->From(at, seen_));
    }
    method_ = Method::kCopies;
    return true;
  }
  return false;
}

// For what the last walk saw, and if it can be a quarter more when it is made
// anew.
bool MapReader::MakeRoom() {
  if (copier_ && seen_ <= copier_->room()) return true;
  copier_.reset();
  copier_ = EntryCopier::Make(fd_.get(), seen_ + seen_ / 4);
  if (!copier_) copier_ = EntryCopier::Make(fd_.get(), seen_);
  return copier_.has_value();
}

absl::Status MapReader::WalkBatches(Receiver receive, bool& unsupported) {
  bool first = true;
  int stuck = 0;
  for (uint64_t seen = 0; seen <= limit_;) {
    uint32_t count = 0;
    const int error =
        ReadBatch(first ? nullptr : cursor_.data(), next_cursor_.data(), count);
    if (error == ENOSPC) continue;  // the buffer has grown
    if (first && Unsupported(error)) {
      unsupported = true;
      return absl::OkStatus();
    }
    // EINTR: keys vanished under the kernel's hands; what it has is good.
    if (error != 0 && error != ENOENT && error != EINTR) {
      return Error(error, "reading entries");
    }
    Hand(receive, count);
    if (error == ENOENT) return absl::OkStatus();
    if (count == 0 && ++stuck > kMaxRetries) {
      return Error(EAGAIN, "reading entries");
    }
    if (count == 0) continue;
    seen += count;
    cursor_.swap(next_cursor_);
    first = false;
  }
  return Endless();
}

// Fills the buffer from the place that `in` tells, with `count` entries and the
// next place in `out`. ENOSPC: one hash bucket holds more than the buffer did;
// it has grown, the same place is to be tried again.
int MapReader::ReadBatch(std::byte* in, std::byte* out, uint32_t& count) {
  count = static_cast<uint32_t>(entries_);
  const int error = -bpf_map_lookup_batch(fd_.get(), in, out, keys_.data(),
                                          values_.data(), &count, nullptr);
  count = std::min(count, static_cast<uint32_t>(entries_));
  if (error == ENOSPC && entries_ > limit_) return EOVERFLOW;
  if (error == ENOSPC) Resize(entries_ * 2);
  return error;
}

absl::Status MapReader::WalkKeys(Receiver receive) {
  bool first = true;
  size_t count = 0;
  for (uint64_t steps = 0; steps <= limit_; ++steps) {
    std::byte* key = keys_.data() + count * key_size_;
    std::byte* value = values_.data() + count * size_t{value_stride_} * cpus_;
    bool end = false;
    bool vanished = false;
    absl::Status status =
        Read(first ? nullptr : cursor_.data(), key, value, end, vanished);
    if (!status.ok()) return status;
    if (end) {
      Hand(receive, count);
      return absl::OkStatus();
    }
    std::copy_n(key, key_size_, cursor_.data());
    first = false;
    if (!vanished) ++count;
    if (count == entries_) {
      Hand(receive, count);
      count = 0;
    }
  }
  return Endless();
}

// The key after `previous`, and its value. If `previous` is gone the kernel
// starts over: entries come twice, and Walk's limit ends what does not end.
absl::Status MapReader::Read(const std::byte* previous, std::byte* key,
                             std::byte* value, bool& end,
                             bool& vanished) const {
  const int next = bpf_map_get_next_key(fd_.get(), previous, key);
  end = next == -ENOENT;
  if (end) return absl::OkStatus();
  if (next != 0) return Error(next, "finding the next key");
  const int result = bpf_map_lookup_elem(fd_.get(), key, value);
  vanished = result == -ENOENT;
  if (result != 0 && !vanished) return Error(result, "reading an entry");
  return absl::OkStatus();
}

void MapReader::Resize(size_t entries) {
  entries_ = entries;
  keys_.resize(entries_ * key_size_);
  values_.resize(entries_ * value_stride_ * cpus_);
}

void MapReader::Hand(Receiver receive, size_t count) {
  seen_ += count;
  if (count > 0) receive(BatchOf(count));
}

EntryBatch MapReader::BatchOf(size_t count) const {
  EntryBatch batch;
  batch.keys = keys_.data();
  batch.values = values_.data();
  batch.count = count;
  batch.key_size = key_size_;
  batch.value_size = value_size_;
  batch.value_stride = value_stride_;
  batch.cpus = cpus_;
  return batch;
}

absl::Status MapReader::Error(int error, std::string_view what) const {
  return KernelError(error, absl::StrCat("map \"", name_, "\": ", what));
}

absl::Status MapReader::Endless() const {
  return absl::ResourceExhaustedError(absl::StrCat(
      "map \"", name_, "\": the walk met more than ", limit_,
      " entries and was given up; keys are deleted faster than they are read"));
}

std::string_view NameOf(MapReader::Method method) {
  switch (method) {
    case MapReader::Method::kAuto:
      return "in_place";
    case MapReader::Method::kCopies:
      return "copies";
    case MapReader::Method::kBatches:
      return "batches";
    case MapReader::Method::kKeys:
      break;
  }
  return "keys";
}

}  // namespace ebpf_exporter
