// BPF maps on the host, for tests of the helpers: a FakeMap stands for a hash
// or an array, and the helper calls below work on it as the kernel's do. The
// current task and the time are what FakeTask() says.
//
// Use it in tests of *.bpf.h only. It is not a model of time: `before_update`
// lets a test do what another CPU would have done between two calls.

#ifndef EBPF_EXPORTER_BPF_INCLUDE_FAKE_MAPS_H_
#define EBPF_EXPORTER_BPF_INCLUDE_FAKE_MAPS_H_

#include <linux/bpf.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ebpf_exporter {

class FakeMap {
 public:
  // A hash, empty. Sizes are in bytes.
  static FakeMap Hash(size_t key_size, size_t value_size, size_t max_entries) {
    return FakeMap(key_size, value_size, max_entries, false);
  }

  // An array, all zero, with uint32_t indices.
  static FakeMap Array(size_t value_size, size_t max_entries);

  // The value under the key, where it stays until the map dies, or null.
  void* Find(const void* key);

  // As the system call: 0, -EEXIST or -E2BIG.
  long Update(const void* key, const void* value, uint64_t flags);

  // As the system call: 0 or -ENOENT.
  long Delete(const void* key) {
    return entries_.erase(Key(key)) > 0 ? 0 : -ENOENT;
  }

  size_t size() const { return entries_.size(); }

  // Called at the start of every update.
  std::function<void()> before_update = [] {};

 private:
  FakeMap(size_t key_size, size_t value_size, size_t max_entries, bool is_array)
      : key_size_(key_size),
        value_size_(value_size),
        max_entries_(max_entries),
        is_array_(is_array) {}

  std::string Key(const void* key) const {
    return std::string(static_cast<const char*>(key), key_size_);
  }

  void Put(std::string key, const void* value);

  size_t key_size_;
  size_t value_size_;
  size_t max_entries_;
  bool is_array_;
  // Values are kept in units of eight bytes, so that they are aligned.
  std::map<std::string, std::vector<uint64_t>> entries_;
};

inline FakeMap FakeMap::Array(size_t value_size, size_t max_entries) {
  FakeMap map(sizeof(uint32_t), value_size, max_entries, true);
  const std::string zero(value_size, '\0');
  for (uint32_t i = 0; i < max_entries; ++i) map.Put(map.Key(&i), zero.data());
  return map;
}

inline void* FakeMap::Find(const void* key) {
  const auto found = entries_.find(Key(key));
  return found == entries_.end() ? nullptr : found->second.data();
}

inline long FakeMap::Update(const void* key, const void* value,
                            uint64_t flags) {
  before_update();
  const bool exists = entries_.count(Key(key)) > 0;
  if (exists && flags == BPF_NOEXIST) return -EEXIST;
  if (!exists && (is_array_ || size() == max_entries_)) return -E2BIG;
  Put(Key(key), value);
  return 0;
}

inline void FakeMap::Put(std::string key, const void* value) {
  std::vector<uint64_t>& slot = entries_[std::move(key)];
  slot.resize((value_size_ + 7) / 8);
  std::memcpy(slot.data(), value, value_size_);
}

struct FakeNow {
  uint64_t pid_tgid = 0;
  uint64_t ns = 0;
};

inline FakeNow& FakeTask() {
  static FakeNow now;
  return now;
}

}  // namespace ebpf_exporter

inline void* bpf_map_lookup_elem(void* map, const void* key) {
  return static_cast<ebpf_exporter::FakeMap*>(map)->Find(key);
}

inline long bpf_map_update_elem(void* map, const void* key, const void* value,
                                uint64_t flags) {
  return static_cast<ebpf_exporter::FakeMap*>(map)->Update(key, value, flags);
}

inline long bpf_map_delete_elem(void* map, const void* key) {
  return static_cast<ebpf_exporter::FakeMap*>(map)->Delete(key);
}

inline uint64_t bpf_get_current_pid_tgid() {
  return ebpf_exporter::FakeTask().pid_tgid;
}

inline uint64_t bpf_ktime_get_ns() { return ebpf_exporter::FakeTask().ns; }

#endif  // EBPF_EXPORTER_BPF_INCLUDE_FAKE_MAPS_H_
