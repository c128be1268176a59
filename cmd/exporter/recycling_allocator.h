// RecyclingAllocator: memory for objects of one type that come and go with
// every scrape, such as the counts of shared pointers. Blocks that are given
// back are kept for the next, up to a limit. Copies, also those for other
// types, share their blocks. Thread-safe.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_RECYCLING_ALLOCATOR_H_
#define EBPF_EXPORTER_CMD_EXPORTER_RECYCLING_ALLOCATOR_H_

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>

namespace ebpf_exporter {

// Blocks of memory that nobody uses, of whatever sizes there were.
class FreeBlocks {
 public:
  FreeBlocks() = default;
  ~FreeBlocks();
  FreeBlocks(const FreeBlocks&) = delete;
  FreeBlocks& operator=(const FreeBlocks&) = delete;

  void* Take(size_t size);
  void GiveBack(void* memory, size_t size);

 private:
  // As many scrapes as are likely to overlap.
  static constexpr size_t kKept = 8;
  struct Block {
    void* memory = nullptr;
    size_t size = 0;
  };

  std::mutex mutex_;  // guards what follows
  std::array<Block, kKept> blocks_;
};

template <typename T>
class RecyclingAllocator {
 public:
  using value_type = T;

  RecyclingAllocator() : blocks_(std::make_shared<FreeBlocks>()) {}
  template <typename U>
  // Allocators turn into each other.
  // NOLINTNEXTLINE(google-explicit-constructor)
  RecyclingAllocator(const RecyclingAllocator<U>& other)
      : blocks_(other.blocks()) {}

  T* allocate(size_t count) {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    return static_cast<T*>(blocks_->Take(count * sizeof(T)));
  }
  void deallocate(T* block, size_t count) {
    blocks_->GiveBack(block, count * sizeof(T));
  }

  const std::shared_ptr<FreeBlocks>& blocks() const { return blocks_; }
  template <typename U>
  bool operator==(const RecyclingAllocator<U>& other) const {
    return blocks_ == other.blocks();
  }

 private:
  std::shared_ptr<FreeBlocks> blocks_;
};

inline FreeBlocks::~FreeBlocks() {
  for (const Block& block : blocks_) ::operator delete(block.memory);
}

inline void* FreeBlocks::Take(size_t size) {
  {
    const std::lock_guard lock(mutex_);
    for (Block& block : blocks_) {
      if (block.memory == nullptr || block.size != size) continue;
      void* const memory = block.memory;
      block.memory = nullptr;
      return memory;
    }
  }
  return ::operator new(size);
}

inline void FreeBlocks::GiveBack(void* memory, size_t size) {
  {
    const std::lock_guard lock(mutex_);
    for (Block& block : blocks_) {
      if (block.memory != nullptr) continue;
      block = {.memory = memory, .size = size};
      return;
    }
  }
  ::operator delete(memory);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_RECYCLING_ALLOCATOR_H_
