// Bits as deflate packs them: the first bit is the lowest of the first byte
// (RFC 1951, section 3.1.1).

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_BITS_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_BITS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/exposition/chunk_buffer.h"

namespace ebpf_exporter {

// `size` bits, the first of them lowest; those above are 0.
struct BitString {
  uint64_t bits = 0;
  uint32_t size = 0;

  void Append(BitString more) {
    bits |= more.bits << size;
    size += more.size;
  }
};

// Stores the eight bytes of `word`, lowest first.
inline void StoreLittleEndian(uint64_t word, char* to) {
  if constexpr (std::endian::native == std::endian::big) {
    word = __builtin_bswap64(word);
  }
  std::memcpy(to, &word, sizeof(word));
}

// Writes bits behind one another. A value, so that a loop keeps it in
// registers; does not know where its memory ends. Each Put writes eight bytes,
// of which those beyond the bits put so far will be overwritten.
class BitCursor {
 public:
  // The most bits of one Put.
  static constexpr uint32_t kMostBits = 56;

  explicit BitCursor(char* to) : to_(to) {}

  void Put(BitString bits) {
    pending_ |= bits.bits << filled_;
    filled_ += bits.size;
    StoreLittleEndian(pending_, to_);
    to_ += filled_ >> 3;
    pending_ >>= filled_ & ~7u;
    filled_ &= 7;
  }
  // Fills the last byte with zeros.
  void Align() { Put({0, (8 - filled_) & 7}); }

  // Behind the last full byte.
  char* end() const { return to_; }
  // Goes on elsewhere, with the bits of the unfinished byte.
  void MoveTo(char* to) { to_ = to; }

 private:
  char* to_;
  uint64_t pending_ = 0;  // `filled_` bits of an unfinished byte
  uint32_t filled_ = 0;   // < 8
};

// Gathers bits in one block and hands the block to a sink when it is full.
template <ByteSink S>
class BitBuffer {
 public:
  // Bytes there is room for after MakeRoom().
  static constexpr size_t kRoom = size_t{16} * 1024;

  // `sink` outlives the buffer, and so does `lent` unless it is null.
  explicit BitBuffer(S* sink, TextBlock* lent = nullptr)
      : sink_(sink), holder_(lent), block_(holder_.bytes()) {
    cursor_.MoveTo(block_);
  }
  BitBuffer(const BitBuffer&) = delete;
  BitBuffer& operator=(const BitBuffer&) = delete;

  // Before anything is put; what is put until the next call fits kRoom.
  void MakeRoom() {
    if (used() > kBlockSize - kRoom) Flush();
  }
  // To be written through, in place or as a copy that is assigned back.
  BitCursor& cursor() { return cursor_; }
  // Hands on all full bytes.
  void Flush();
  // False once the sink has refused a chunk; what comes then is lost.
  bool ok() const { return ok_; }

 private:
  // A cursor writes whole words.
  static constexpr size_t kBlockSize = TextBlock::kSize - sizeof(uint64_t);

  size_t used() const { return static_cast<size_t>(cursor_.end() - block_); }

  S* const sink_;
  const BlockHolder holder_;
  char* const block_;
  BitCursor cursor_{nullptr};
  bool ok_ = true;
};

template <ByteSink S>
void BitBuffer<S>::Flush() {
  if (ok_ && used() > 0) ok_ = sink_->Write({block_, used()});
  cursor_.MoveTo(block_);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_BITS_H_
