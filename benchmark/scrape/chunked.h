// ChunkedReader finds the body in an answer of HTTP/1.1 with chunks (RFC 9112,
// 7.1) as its bytes arrive. For answers of a server that is trusted: trailers
// are not known, and what is malformed ends in failed().

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_CHUNKED_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_CHUNKED_H_

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace ebpf_exporter {

class ChunkedReader {
 public:
  // Takes the next bytes and calls `take(text)` for each piece of the body.
  template <typename Sink>
  void Take(std::string_view bytes, Sink take);

  // Status line and headers; whole once the body has begun.
  const std::string& head() const { return head_; }
  bool done() const { return state_ == State::kDone; }
  bool failed() const { return state_ == State::kFailed; }

 private:
  enum class State { kHead, kSize, kChunk, kDone, kFailed };

  void TakeHeadByte(char byte);
  void TakeSizeByte(char byte);
  void EndSizeLine();

  State state_ = State::kHead;
  std::string head_;
  std::string size_line_;
  size_t left_ = 0;  // of the chunk, with the line end behind it
};

template <typename Sink>
void ChunkedReader::Take(std::string_view bytes, Sink take) {
  while (!bytes.empty() && !done() && !failed()) {
    if (state_ != State::kChunk) {
      state_ == State::kHead ? TakeHeadByte(bytes[0]) : TakeSizeByte(bytes[0]);
      bytes.remove_prefix(1);
      continue;
    }
    constexpr size_t kLineEnd = 2;
    const size_t here = std::min(left_, bytes.size());
    const size_t text = left_ > kLineEnd ? left_ - kLineEnd : 0;
    if (text > 0) take(bytes.substr(0, std::min(text, here)));
    left_ -= here;
    bytes.remove_prefix(here);
    if (left_ == 0) state_ = State::kSize;
  }
}

inline void ChunkedReader::TakeHeadByte(char byte) {
  head_ += byte;
  if (head_.ends_with("\r\n\r\n")) {
    state_ = head_.find("chunked") == std::string::npos ? State::kFailed
                                                        : State::kSize;
  }
}

inline void ChunkedReader::TakeSizeByte(char byte) {
  size_line_ += byte;
  if (byte == '\n') EndSizeLine();
}

inline void ChunkedReader::EndSizeLine() {
  // The last chunk, of size 0, has an empty line behind it.
  if (size_line_ == "\r\n") {
    state_ = left_ == 0 ? State::kDone : State::kFailed;
    return;
  }
  size_t size = 0;
  const char* const end = size_line_.data() + size_line_.size();
  if (std::from_chars(size_line_.data(), end, size, 16).ptr + 2 != end) {
    state_ = State::kFailed;
    return;
  }
  size_line_.clear();
  if (size > 0) {
    left_ = size + 2;
    state_ = State::kChunk;
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_CHUNKED_H_
