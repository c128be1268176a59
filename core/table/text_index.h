// TextIndex finds the number under which a text (a raw key, the labels of a
// series) is kept by its owner.
//
// An entry is its number and 32 bits of the text's hash, so neither growing nor
// a miss touches any text. A lookup among a million entries waits for memory
// once or twice; whoever knows its next texts asks for that memory ahead, with
// Prefetch. Cost: 10 to 20 bytes an entry. Not thread-safe.

#ifndef EBPF_EXPORTER_CORE_TABLE_TEXT_INDEX_H_
#define EBPF_EXPORTER_CORE_TABLE_TEXT_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"

namespace ebpf_exporter {

template <typename Owner>
class TextIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // `owner->TextOf(number)` is the text of each number that is inserted, for as
  // long as it is. `owner` outlives the index.
  explicit TextIndex(const Owner* owner)
      : entries_(0, Spread(), Equal{owner}) {}

  static uint32_t HashOf(std::string_view text) {
    return static_cast<uint32_t>(absl::HashOf(text));
  }

  // Fetches what Find and Insert will look at first.
  void Prefetch(uint32_t hash) const { entries_.prefetch(Probe{{}, hash}); }
  // The number of `text`, whose hash is `hash`, or kNone.
  uint32_t Find(std::string_view text, uint32_t hash) const;
  // Adds a number whose text Find does not know.
  void Insert(uint32_t number, uint32_t hash) {
    entries_.insert(Entry{number, hash});
  }
  void Erase(std::string_view text) {
    entries_.erase(Probe{text, HashOf(text)});
  }
  // Each number becomes `moved[number]`; texts stay theirs.
  template <typename Numbers>
  void Renumber(const Numbers& moved) {
    for (const Entry& entry : entries_) entry.number = moved[entry.number];
  }

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    mutable uint32_t number;  // no part of the hash
    uint32_t hash;
  };
  struct Probe {
    std::string_view text;
    uint32_t hash;
  };
  struct Spread {
    using is_transparent = void;
    // The table takes 7 bits of it for one thing and the rest for another.
    static size_t Of(uint32_t hash) { return hash * 0x9e3779b97f4a7c15; }
    size_t operator()(const Entry& entry) const { return Of(entry.hash); }
    size_t operator()(const Probe& probe) const { return Of(probe.hash); }
  };
  struct Equal {
    using is_transparent = void;
    const Owner* owner;
    bool operator()(const Entry& a, const Entry& b) const {
      return a.number == b.number;
    }
    bool operator()(const Entry& entry, const Probe& probe) const {
      return entry.hash == probe.hash &&
             owner->TextOf(entry.number) == probe.text;
    }
    bool operator()(const Probe& probe, const Entry& entry) const {
      return (*this)(entry, probe);
    }
  };

  absl::flat_hash_set<Entry, Spread, Equal> entries_;
};

template <typename Owner>
uint32_t TextIndex<Owner>::Find(std::string_view text, uint32_t hash) const {
  const auto found = entries_.find(Probe{text, hash});
  return found == entries_.end() ? kNone : found->number;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_TEXT_INDEX_H_
