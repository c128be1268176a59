// Raw entries: keys and values back to back as they were in memory, with
// nothing between them; the sizes are the user's. A per-CPU map's entry has one
// value for each possible CPU, each rounded up to 8 bytes, as the kernel gives
// them.

#ifndef EBPF_EXPORTER_CORE_DUMP_RAW_ENTRIES_H_
#define EBPF_EXPORTER_CORE_DUMP_RAW_ENTRIES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/dump/byte_source.h"
#include "core/dump/detect_options.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

class RawReader final : public DumpReader {
 public:
  // The options' sizes say how the bytes are cut into entries.
  RawReader(std::unique_ptr<ByteSource> source, const DumpOptions& options);

  absl::StatusOr<const DumpedMap*> NextMap() override;
  absl::StatusOr<EntryBatch> NextBatch() override;
  const DumpNotes& notes() const override { return notes_; }

 private:
  static constexpr size_t kBatchBytes = 256 * 1024;

  // Reads until `bytes_` is full or the dump ends; how many there are.
  absl::StatusOr<size_t> FillBytes();
  // Makes a batch of the first `count` entries in `bytes_`.
  void Split(size_t count);

  const std::unique_ptr<ByteSource> source_;
  const bool lenient_;
  DumpedMap map_;
  DumpNotes notes_;
  EntryBatch batch_;
  uint64_t entry_size_ = 0;
  uint64_t offset_ = 0;  // of the bytes that are not lent yet
  size_t rest_ = 0;      // bytes at the end that are less than an entry
  enum class Place { kStart, kEntries, kEnd } place_ = Place::kStart;
  std::vector<char> bytes_;
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
};

// Implementation below.

inline RawReader::RawReader(std::unique_ptr<ByteSource> source,
                            const DumpOptions& options)
    : source_(std::move(source)), lenient_(options.lenient) {
  map_.shape.name = options.map_name;
  map_.shape.key_size = options.key_size;
  map_.shape.value_size = options.value_size;
  map_.endian = options.endian;
  uint64_t stride = options.value_size;
  if (options.cpus.has_value()) {
    map_.shape.type = MapType::kPerCpuHash;
    batch_.cpus = *options.cpus;
    stride = (stride + 7) / 8 * 8;
  }
  batch_.key_size = options.key_size;
  batch_.value_size = options.value_size;
  batch_.value_stride = static_cast<uint32_t>(stride);
  entry_size_ = batch_.key_size + stride * batch_.cpus;
}

inline absl::StatusOr<const DumpedMap*> RawReader::NextMap() {
  constexpr uint64_t kMaxEntry = uint64_t{64} << 20;
  if (place_ == Place::kStart) {
    if (batch_.value_size == 0 || batch_.cpus == 0 || entry_size_ > kMaxEntry) {
      return absl::InvalidArgumentError(
          absl::StrCat("raw entries of ", entry_size_,
                       " bytes: give the sizes of key and value"));
    }
    place_ = Place::kEntries;
    bytes_.resize(std::max<uint64_t>(kBatchBytes / entry_size_, 1) *
                  entry_size_);
    return &map_;
  }
  while (place_ == Place::kEntries) {
    absl::StatusOr<EntryBatch> skipped = NextBatch();
    if (!skipped.ok()) return skipped.status();
  }
  return nullptr;
}

inline absl::StatusOr<EntryBatch> RawReader::NextBatch() {
  batch_.count = 0;
  if (place_ != Place::kEntries) return batch_;
  size_t filled = 0;
  if (rest_ == 0) {
    absl::StatusOr<size_t> count = FillBytes();
    if (!count.ok()) return count.status();
    filled = *count;
    rest_ = filled % entry_size_;
  }
  Split(filled / entry_size_);
  if (batch_.count > 0) return batch_;
  place_ = Place::kEnd;
  if (rest_ == 0) return batch_;
  std::string what =
      absl::StrCat("byte ", offset_, ": the last ", rest_,
                   " bytes are not an entry, which has ", entry_size_);
  if (!lenient_) return absl::InvalidArgumentError(what);
  notes_.damage.push_back(std::move(what));
  return batch_;
}

inline absl::StatusOr<size_t> RawReader::FillBytes() {
  size_t filled = 0;
  while (filled < bytes_.size()) {
    absl::StatusOr<size_t> count =
        source_->Read(std::span(bytes_).subspan(filled));
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    filled += *count;
  }
  return filled;
}

inline void RawReader::Split(size_t count) {
  const size_t key_size = batch_.key_size;
  const size_t value_size = entry_size_ - key_size;
  keys_.resize(count * key_size);
  values_.resize(count * value_size);
  const auto* from = reinterpret_cast<const std::byte*>(bytes_.data());
  for (size_t i = 0; i < count; ++i, from += entry_size_) {
    std::copy_n(from, key_size, keys_.data() + i * key_size);
    std::copy_n(from + key_size, value_size, values_.data() + i * value_size);
  }
  offset_ += count * entry_size_;
  batch_.count = count;
  batch_.keys = keys_.data();
  batch_.values = values_.data();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_RAW_ENTRIES_H_
