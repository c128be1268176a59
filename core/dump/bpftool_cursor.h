// DumpCursor: a place in a stream of text, with a few bytes of sight ahead and
// the first failure, which names its byte. Parsers of bpftool's output stand on
// it; a dump of any length passes through one window.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_CURSOR_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/dump/byte_source.h"

namespace ebpf_exporter {

class DumpCursor {
 public:
  static constexpr int kEnd = -1;
  // How far PeekAt() sees.
  static constexpr size_t kSight = 256;

  explicit DumpCursor(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), window_(new char[kWindow]) {}

  // The next byte, or the one `n` behind it; kEnd past the last.
  int Peek() { return at_ < end_ || Fill(1) ? Byte(at_) : kEnd; }
  int PeekAt(size_t n) {
    return end_ - at_ > n || Fill(n + 1) ? Byte(at_ + n) : kEnd;
  }
  // True if these bytes come next; no more than kSight.
  bool Sees(std::string_view text);
  // Where, `at` bytes or more ahead, no space is; looks no further than kSight.
  size_t PastSpace(size_t at);
  // What is known of the bytes to come: kSight of them, or all there are.
  std::string_view Ahead();

  // Goes over bytes that were peeked at.
  void Skip(size_t n = 1) { at_ += n; }
  void SkipSpace();
  // Goes over `c` if it comes next.
  bool Take(char c);

  // Bytes that lie behind.
  uint64_t offset() const { return base_ + at_; }

  // Notes the first failure, always false.
  bool Fail(std::string_view what) { return FailAt(offset(), what); }
  bool FailAt(uint64_t offset, std::string_view what);
  // The next byte is not `expected`: says so, or that the dump ends here.
  bool FailExpecting(std::string_view expected);

  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }

 private:
  static constexpr size_t kWindow = 64 * 1024;
  static_assert(kSight < kWindow);

  int Byte(size_t at) const { return static_cast<unsigned char>(window_[at]); }
  // Makes `wanted` bytes visible; false if there are fewer.
  bool Fill(size_t wanted);

  const std::unique_ptr<ByteSource> source_;
  const std::unique_ptr<char[]> window_;
  size_t at_ = 0;
  size_t end_ = 0;
  uint64_t base_ = 0;  // offset of the window's first byte
  bool drained_ = false;
  absl::Status status_;
};

// Implementation below.

inline bool DumpCursor::Fill(size_t wanted) {
  if (drained_) return end_ - at_ >= wanted;
  std::memmove(window_.get(), window_.get() + at_, end_ - at_);
  base_ += at_;
  end_ -= at_;
  at_ = 0;
  while (end_ < wanted && !drained_) {
    absl::StatusOr<size_t> count =
        source_->Read(std::span(window_.get() + end_, kWindow - end_));
    drained_ = !count.ok() || *count == 0;
    if (count.ok()) end_ += *count;
    if (!count.ok() && status_.ok()) status_ = count.status();
  }
  return end_ >= wanted;
}

inline bool DumpCursor::Sees(std::string_view text) {
  if (end_ - at_ < text.size() && !Fill(text.size())) return false;
  return std::string_view(window_.get() + at_, text.size()) == text;
}

namespace internal {

inline bool IsSpace(int c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace internal

inline size_t DumpCursor::PastSpace(size_t at) {
  while (at < kSight && internal::IsSpace(PeekAt(at))) ++at;
  return at;
}

inline std::string_view DumpCursor::Ahead() {
  if (end_ - at_ < kSight) Fill(kSight);
  return {window_.get() + at_, end_ - at_};
}

inline void DumpCursor::SkipSpace() {
  while (internal::IsSpace(Peek())) Skip();
}

inline bool DumpCursor::Take(char c) {
  if (Peek() != static_cast<unsigned char>(c)) return false;
  Skip();
  return true;
}

inline bool DumpCursor::FailAt(uint64_t offset, std::string_view what) {
  if (status_.ok()) {
    status_ =
        absl::InvalidArgumentError(absl::StrCat("byte ", offset, ": ", what));
  }
  return false;
}

inline bool DumpCursor::FailExpecting(std::string_view expected) {
  const int c = Peek();
  if (c == kEnd) {
    return Fail(absl::StrCat("the dump ends here, where ", expected,
                             " should come: it was cut short"));
  }
  const char found = static_cast<char>(c);
  return Fail(absl::StrCat("expected ", expected, ", found `",
                           absl::CHexEscape(std::string_view(&found, 1)), "`"));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_CURSOR_H_
