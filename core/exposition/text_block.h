// TextBlock is where a writer gathers what it hands on. It may be lent, so that
// one page after another is written in the same memory, or be the writer's own.
// Around what is gathered there is room, so that whoever lent it can put a
// frame there and send both without a copy.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_TEXT_BLOCK_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_TEXT_BLOCK_H_

#include <cstddef>
#include <memory>

namespace ebpf_exporter {

struct TextBlock {
  // Large, since each hand-over wakes whoever reads; within a CPU's own cache.
  static constexpr size_t kSize = size_t{256} * 1024;
  // Free room before the bytes, and behind them.
  static constexpr size_t kMargin = 32;

  char* bytes() { return memory + kMargin; }

  char memory[kMargin + kSize + kMargin];
};

class BlockHolder {
 public:
  // `lent` outlives this; null: there is one here.
  explicit BlockHolder(TextBlock* lent)
      : own_(lent == nullptr ? new TextBlock : nullptr),
        bytes_(lent == nullptr ? own_->bytes() : lent->bytes()) {}

  char* bytes() const { return bytes_; }

 private:
  const std::unique_ptr<TextBlock> own_;
  char* const bytes_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_TEXT_BLOCK_H_
