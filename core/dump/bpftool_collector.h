// EntryCollector: the entries of a dump that are complete and of their map's
// sizes, as batches.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_COLLECTOR_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_COLLECTOR_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/dump/bpftool_entry.h"
#include "core/dump/dump_reader.h"
#include "core/dump/entry_batch.h"

namespace ebpf_exporter {

// Sizes of a map's entries; 0 is not known yet.
struct EntrySizes {
  uint32_t key = 0;
  uint32_t value = 0;
  std::optional<uint32_t> cpus;  // of a per-CPU map
  bool per_cpu = false;
};

// Where nothing else says them, the first entry tells the sizes of a map. Those
// that differ, and those that are incomplete, are left out and counted; the
// first of each kind stands in the notes.
class EntryCollector {
 public:
  explicit EntryCollector(DumpNotes* notes) : notes_(notes) {}

  // A map begins of which so much is known.
  void Begin(const EntrySizes& known);
  void Add(const DumpedEntry& entry);

  bool full() const {
    return count_ >= kMaxCount || keys_.size() + values_.size() >= kMaxBytes;
  }
  size_t count() const { return count_; }
  // Of the map, as far as they are known by now.
  const EntrySizes& sizes() const { return sizes_; }

  // What was added since Clear().
  EntryBatch Lend() const;
  void Clear();

 private:
  static constexpr size_t kMaxCount = 1024;
  static constexpr size_t kMaxBytes = 1 << 20;
  static constexpr size_t kMaxDamageLines = 100;

  // Why an entry cannot be taken; empty if it can.
  std::string Fault(const DumpedEntry& entry) const;
  // As above for the CPUs of a complete map.
  std::string CpuFault(const DumpedEntry& entry, uint32_t cpus) const;
  // Takes the sizes that are not known yet from a sound entry.
  void Learn(const DumpedEntry& entry);
  void LeaveOut(const DumpedEntry& entry, const std::string& why);
  uint32_t stride() const;
  uint32_t cpus() const { return sizes_.cpus.value_or(1); }

  DumpNotes* const notes_;
  EntrySizes sizes_;
  bool learned_ = false;
  bool noted_ = false;  // an entry of this map that was left out
  size_t count_ = 0;
  std::vector<std::byte> keys_;
  std::vector<std::byte> values_;
};

// Implementation below.

inline void EntryCollector::Begin(const EntrySizes& known) {
  Clear();
  sizes_ = known;
  learned_ = false;
  noted_ = false;
}

inline void EntryCollector::Clear() {
  count_ = 0;
  keys_.clear();
  values_.clear();
}

inline void EntryCollector::Add(const DumpedEntry& entry) {
  if (entry.unreadable) {
    ++notes_->error_entries;
    return;
  }
  if (std::string fault = Fault(entry); !fault.empty()) {
    return LeaveOut(entry, fault);
  }
  Learn(entry);
  ++count_;
  keys_.insert(keys_.end(), entry.key.begin(), entry.key.end());
  const size_t base = values_.size();
  values_.resize(base + size_t{stride()} * cpus());
  for (const DumpedEntry::CpuValue& part : entry.parts) {
    std::copy(entry.values.begin() + static_cast<ptrdiff_t>(part.begin),
              entry.values.begin() + static_cast<ptrdiff_t>(part.end),
              values_.begin() +
                  static_cast<ptrdiff_t>(base + size_t{stride()} * part.cpu));
  }
}

inline std::string EntryCollector::Fault(const DumpedEntry& entry) const {
  if (entry.parts.empty()) return "it has no value";
  const bool key_known = learned_ || sizes_.key > 0;
  if (key_known && entry.key.size() != sizes_.key) {
    return absl::StrCat("its key has ", entry.key.size(), " bytes, not ",
                        sizes_.key);
  }
  if (learned_ && entry.per_cpu != sizes_.per_cpu) {
    return "it mixes per-CPU values with others";
  }
  const size_t first = entry.parts[0].end - entry.parts[0].begin;
  const bool value_known = learned_ || sizes_.value > 0;
  const size_t expected = value_known ? sizes_.value : first;
  uint32_t last_cpu = 0;
  for (const DumpedEntry::CpuValue& part : entry.parts) {
    last_cpu = std::max(last_cpu, part.cpu);
    if (part.end - part.begin != expected || expected == 0) {
      return absl::StrCat("its value has ", part.end - part.begin,
                          " bytes, not ", expected);
    }
  }
  return CpuFault(entry, sizes_.cpus.value_or(last_cpu + 1));
}

inline std::string EntryCollector::CpuFault(const DumpedEntry& entry,
                                            uint32_t cpus) const {
  if (!entry.per_cpu) return "";
  std::vector<bool> seen(cpus, false);
  for (const DumpedEntry::CpuValue& part : entry.parts) {
    if (part.cpu >= cpus || seen[part.cpu]) {
      return absl::StrCat("it has a value too many, of CPU ", part.cpu);
    }
    seen[part.cpu] = true;
  }
  const auto missing = std::find(seen.begin(), seen.end(), false);
  if (missing == seen.end()) return "";
  return absl::StrCat("its value of CPU ", missing - seen.begin(),
                      " is missing");
}

inline void EntryCollector::Learn(const DumpedEntry& entry) {
  if (learned_) return;
  learned_ = true;
  sizes_.key = static_cast<uint32_t>(entry.key.size());
  sizes_.value =
      static_cast<uint32_t>(entry.parts[0].end - entry.parts[0].begin);
  sizes_.per_cpu = entry.per_cpu;
  sizes_.cpus.reset();
  if (entry.per_cpu) sizes_.cpus = static_cast<uint32_t>(entry.parts.size());
}

inline void EntryCollector::LeaveOut(const DumpedEntry& entry,
                                     const std::string& why) {
  ++notes_->error_entries;
  if (noted_ || notes_->damage.size() >= kMaxDamageLines) return;
  noted_ = true;
  notes_->damage.push_back(
      absl::StrCat("byte ", entry.offset, ": an entry is left out: ", why));
}

inline uint32_t EntryCollector::stride() const {
  return sizes_.per_cpu ? (sizes_.value + 7) / 8 * 8 : sizes_.value;
}

inline EntryBatch EntryCollector::Lend() const {
  return {.keys = keys_.data(),
          .values = values_.data(),
          .count = count_,
          .key_size = sizes_.key,
          .value_size = sizes_.value,
          .value_stride = stride(),
          .cpus = cpus()};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_COLLECTOR_H_
