// TextArena keeps the label texts of many series in few large blocks. A copy
// shares the blocks and pins them, so text handed out stays valid for as long
// as any copy lives, also after the table that wrote it has moved on.

#ifndef EBPF_EXPORTER_CORE_TABLE_TEXT_ARENA_H_
#define EBPF_EXPORTER_CORE_TABLE_TEXT_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

class TextArena {
 public:
  // Copies `text` in and returns where it lies. Only one owner may add; copies
  // are for reading.
  const char* Add(std::string_view text);
  // Bytes of text held, dropped ones included.
  size_t size() const { return size_; }

 private:
  // Blocks double up to this, so that a small table stays small.
  static constexpr size_t kFirstBlock = 1024;
  static constexpr size_t kLargestBlock = size_t{1} << 20;

  std::vector<std::shared_ptr<char[]>> blocks_;
  size_t used_ = 0;      // of the last block
  size_t capacity_ = 0;  // of the last block
  size_t size_ = 0;
};

inline const char* TextArena::Add(std::string_view text) {
  if (blocks_.empty() || capacity_ - used_ < text.size()) {
    const size_t grown = std::clamp(capacity_ * 2, kFirstBlock, kLargestBlock);
    capacity_ = std::max(grown, text.size());
    blocks_.emplace_back(new char[capacity_]);
    used_ = 0;
  }
  char* const at = blocks_.back().get() + used_;
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  used_ += text.size();
  size_ += text.size();
  return at;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_TEXT_ARENA_H_
