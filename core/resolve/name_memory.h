// NameMemory: the names of one kind of thing, what was asked about them, and
// the names of things that went.
//
//   memory.Append(8, out);               // asked: "veth8"
//   changed = memory.Update(names_now);  // has an answer become another?
//
// Things come and go while their numbers are still counted under: a name that
// was given stays after its thing went, until another takes the number. What is
// remembered so is bounded in number and in bytes; the oldest goes first. A
// number that was unknown is noted, to tell when it gets a name.
//
// Not thread-safe.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_NAME_MEMORY_H_
#define EBPF_EXPORTER_CORE_RESOLVE_NAME_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/resolve/names.h"

namespace ebpf_exporter {

struct NameMemoryLimits {
  size_t names = 16384;  // remembered of what went
  size_t bytes = 4 << 20;
  size_t misses = 16384;  // noted one by one; more are noted as "some"
};

class NameMemory {
 public:
  explicit NameMemory(NameMemoryLimits limits = {}) : limits_(limits) {}

  // Appends the name, now or of old, and notes that it was asked for.
  bool Append(uint64_t id, std::string& out);

  // These are all the names there are now. True if an answer that was given has
  // become another.
  bool Update(NumberedNames names);

  // A name learnt by itself, which is remembered like one that went.
  void Learn(uint64_t id, std::string_view name);

  // Names asked for and not known since the last Update().
  bool missed() const { return missed_since_; }

  size_t size() const { return names_.size(); }
  size_t remembered() const { return gone_.size(); }

 private:
  struct Entry {
    std::string name;
    bool asked = false;
    bool gone = false;
  };
  using Entries = std::unordered_map<uint64_t, Entry>;

  // Carries over what is known of a thing that is there.
  bool Carry(uint64_t id, Entry& entry);
  void Remember(uint64_t id, Entry entry);
  void ForgetOldest();
  // The next name of this number is another answer.
  void NoteMiss(uint64_t id);

  const NameMemoryLimits limits_;
  Entries names_;
  std::deque<uint64_t> gone_;  // in the order in which they went
  size_t gone_bytes_ = 0;
  std::unordered_set<uint64_t> misses_;
  bool many_misses_ = false;
  bool missed_since_ = false;
};

// Implementation below.

inline bool NameMemory::Append(uint64_t id, std::string& out) {
  const auto found = names_.find(id);
  if (found != names_.end()) {
    found->second.asked = true;
    out += found->second.name;
    return true;
  }
  missed_since_ = true;
  NoteMiss(id);
  return false;
}

inline void NameMemory::NoteMiss(uint64_t id) {
  if (misses_.size() < limits_.misses) {
    misses_.insert(id);
  } else {
    many_misses_ = true;
  }
}

inline bool NameMemory::Carry(uint64_t id, Entry& entry) {
  const auto old = names_.find(id);
  if (old == names_.end()) {
    if (misses_.contains(id)) entry.asked = true;
    return entry.asked || many_misses_;
  }
  entry.asked = old->second.asked;
  return entry.asked && entry.name != old->second.name;
}

inline bool NameMemory::Update(NumberedNames names) {
  Entries now;
  now.reserve(names.size());
  bool changed = false;
  for (NumberedName& one : names) {
    Entry entry{.name = std::move(one.name)};
    changed |= Carry(one.id, entry);
    now.try_emplace(one.id, std::move(entry));
  }
  now.swap(names_);
  // Those that went before stay in their order, then come those that went now.
  std::deque<uint64_t> gone;
  gone.swap(gone_);
  gone_bytes_ = 0;
  const auto remember = [&](uint64_t id) {
    const auto old = now.find(id);
    if (old == now.end() || names_.contains(id)) return;
    Remember(id, std::move(old->second));
  };
  for (const uint64_t id : gone) remember(id);
  for (auto& [id, entry] : now) {
    if (entry.asked && !entry.gone) remember(id);
  }
  missed_since_ = false;
  if (changed) {
    misses_.clear();
    many_misses_ = false;
  }
  return changed;
}

inline void NameMemory::Learn(uint64_t id, std::string_view name) {
  if (names_.contains(id)) return;
  Remember(id, Entry{.name = std::string(name), .asked = true});
}

inline void NameMemory::Remember(uint64_t id, Entry entry) {
  entry.gone = true;
  gone_bytes_ += entry.name.size();
  names_.insert_or_assign(id, std::move(entry));
  gone_.push_back(id);
  while (gone_.size() > limits_.names || gone_bytes_ > limits_.bytes) {
    ForgetOldest();
  }
}

inline void NameMemory::ForgetOldest() {
  const auto oldest = names_.find(gone_.front());
  NoteMiss(gone_.front());  // whoever takes the number has another name
  gone_.pop_front();
  gone_bytes_ -= oldest->second.name.size();
  names_.erase(oldest);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_NAME_MEMORY_H_
