// ObjectPool lends objects whose memory is worth keeping to one user after
// another. Thread-safe.
//
//   const auto scratch = pool.Take();  // as its last user left it
//   Use(*scratch);

#ifndef EBPF_EXPORTER_CMD_EXPORTER_OBJECT_POOL_H_
#define EBPF_EXPORTER_CMD_EXPORTER_OBJECT_POOL_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace ebpf_exporter {

template <typename T>
class ObjectPool {
 public:
  // Lent: goes back when it is destroyed. Must not outlive the pool.
  class Lent;

  // Keeps at most `kept` objects that nobody uses.
  explicit ObjectPool(size_t kept) { free_.reserve(kept); }
  ObjectPool(const ObjectPool&) = delete;
  ObjectPool& operator=(const ObjectPool&) = delete;

  Lent Take();

 private:
  void GiveBack(std::unique_ptr<T> object);

  std::mutex mutex_;  // guards what follows
  std::vector<std::unique_ptr<T>> free_;
};

template <typename T>
class ObjectPool<T>::Lent {
 public:
  Lent(ObjectPool* pool, std::unique_ptr<T> object)
      : pool_(pool), object_(std::move(object)) {}
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() { pool_->GiveBack(std::move(object_)); }

  T& operator*() const { return *object_; }

 private:
  ObjectPool* const pool_;
  std::unique_ptr<T> object_;
};

template <typename T>
typename ObjectPool<T>::Lent ObjectPool<T>::Take() {
  std::unique_ptr<T> object;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      object = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (object == nullptr) object = std::make_unique<T>();
  return Lent(this, std::move(object));
}

template <typename T>
void ObjectPool<T>::GiveBack(std::unique_ptr<T> object) {
  const std::lock_guard lock(mutex_);
  if (free_.size() < free_.capacity()) free_.push_back(std::move(object));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_OBJECT_POOL_H_
