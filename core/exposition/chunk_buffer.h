// ChunkBuffer gathers text in one block and hands it on when the block is full,
// so that a page of any length is written in constant memory while it is sent.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_CHUNK_BUFFER_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_CHUNK_BUFFER_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "core/exposition/number.h"
#include "core/exposition/text_block.h"

namespace ebpf_exporter {

namespace internal {

// Copies text that is mostly short without a call: in overlapping steps of a
// fixed size.
template <size_t kStep>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline char* CopySteps(std::string_view text,
                                                    char* to) {
  const char* const last = text.data() + text.size() - kStep;
  char* const last_to = to + text.size() - kStep;
  const char* from = text.data();
  for (; from < last; from += kStep, to += kStep) std::memcpy(to, from, kStep);
  std::memcpy(last_to, last, kStep);
  return last_to + kStep;
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline char* CopyText(std::string_view text,
                                                   char* to) {
  if (text.size() >= 16) return CopySteps<16>(text, to);
  if (text.size() >= 8) return CopySteps<8>(text, to);
  if (text.size() >= 4) return CopySteps<4>(text, to);
  for (const char c : text) *to++ = c;
  return to;
}

}  // namespace internal

// Takes chunks of text. False means: nobody listens any more, stop.
template <typename S>
concept ByteSink = requires(S& sink, std::string_view chunk) {
  { sink.Write(chunk) } -> std::same_as<bool>;
};

template <ByteSink S>
class ChunkBuffer {
 public:
  // `sink` outlives the buffer, and so does `lent` unless it is null.
  explicit ChunkBuffer(S* sink, TextBlock* lent = nullptr)
      : sink_(sink), holder_(lent), block_(holder_.bytes()) {}
  ChunkBuffer(const ChunkBuffer&) = delete;
  ChunkBuffer& operator=(const ChunkBuffer&) = delete;

  void Append(std::string_view text);
  // A line: pieces of text, a number (number.h), and the end of the line.
  template <typename Number, typename... Pieces>
  void AppendLine(Number number, Pieces... pieces);
  // Hands on what is gathered.
  void Flush();
  // False once the sink has refused a chunk; what is appended then is lost.
  bool ok() const { return ok_; }

 private:
  static constexpr size_t kBlockSize = TextBlock::kSize;

  // A line that may not fit what is left of the block.
  template <typename Number, typename... Pieces>
  ABSL_ATTRIBUTE_NOINLINE void AppendLongLine(Number number, Pieces... pieces);
  // Where the next number goes, with room for the longest; its end goes back.
  char* RoomForNumber();
  void EndNumber(const char* end) { used_ = static_cast<size_t>(end - block_); }

  S* const sink_;
  const BlockHolder holder_;
  char* const block_;
  size_t used_ = 0;
  bool ok_ = true;
};

template <ByteSink S>
void ChunkBuffer<S>::Append(std::string_view text) {
  while (text.size() > kBlockSize - used_) {
    const size_t fits = kBlockSize - used_;
    std::memcpy(block_ + used_, text.data(), fits);
    used_ = kBlockSize;
    text.remove_prefix(fits);
    Flush();
  }
  std::memcpy(block_ + used_, text.data(), text.size());
  used_ += text.size();
}

template <ByteSink S>
char* ChunkBuffer<S>::RoomForNumber() {
  if (kBlockSize - used_ < kMaxNumberLength) Flush();
  return block_ + used_;
}

template <ByteSink S>
template <typename Number, typename... Pieces>
void ChunkBuffer<S>::AppendLongLine(Number number, Pieces... pieces) {
  (Append(pieces), ...);
  EndNumber(number.Write(RoomForNumber()));
  Append("\n");
}

template <ByteSink S>
template <typename Number, typename... Pieces>
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void ChunkBuffer<S>::AppendLine(
    Number number, Pieces... pieces) {
  const size_t size = (pieces.size() + ... + (kMaxNumberLength + 1));
  if (ABSL_PREDICT_FALSE(size > kBlockSize - used_)) {
    return AppendLongLine(number, pieces...);
  }
  char* to = block_ + used_;
  ((to = internal::CopyText(pieces, to)), ...);
  to = number.Write(to);
  *to++ = '\n';
  EndNumber(to);
}

template <ByteSink S>
void ChunkBuffer<S>::Flush() {
  if (ok_ && used_ > 0) ok_ = sink_->Write({block_, used_});
  used_ = 0;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_CHUNK_BUFFER_H_
