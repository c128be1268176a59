// A gzip stream (RFC 1952) that is written line by line: as text and numbers,
// which are coded as they come, or as rows coded before (gzip_row.h). Both may
// alternate. A line is its unit, which begins with the \n of the line before,
// and a number, which may be missing.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_LINES_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_LINES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/exposition/chunk_buffer.h"
#include "core/exposition/gzip_bits.h"
#include "core/exposition/gzip_code.h"
#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_digits.h"
#include "core/exposition/gzip_matcher.h"
#include "core/exposition/gzip_row.h"
#include "core/exposition/number.h"
#include "core/exposition/prometheus_layout.h"
#include "core/exposition/text_block.h"

namespace ebpf_exporter {

// Memory that one stream after another may use, so that only the first of them
// allocates.
struct GzipScratch {
  TextBlock block;
  std::string unit;    // being gathered
  std::string before;  // the unit of the line before; empty: unknown
  std::string row;
  std::string recalled;
};

template <ByteSink S>
class GzipLines {
 public:
  // `sink` outlives this, and so does `lent` unless it is null.
  explicit GzipLines(S* sink, GzipScratch* lent = nullptr);

  // A TextOutput: text of any length with any number of line ends, then a
  // number.
  void Append(std::string_view text);
  void AppendUnsigned(uint64_t value);
  void AppendSigned(int64_t value);
  void AppendGoDouble(double value);
  template <typename Number, typename... Pieces>
  void AppendLine(Number number, Pieces... pieces) {
    (Append(pieces), ...);
    Append(number);
    Append("\n");
  }

  // The unit of a coded row, with its size and share, and a number behind it;
  // returns the end of the row. REQUIRES: only a \n was appended since the last
  // number, and the row refers to the line that ended there.
  const char* PutUnsigned(const char* row, GzipRowHead head, uint64_t value);
  const char* PutSigned(const char* row, GzipRowHead head, int64_t value);
  const char* PutGoDouble(const char* row, GzipRowHead head, double value);
  // After rows, before text: the unit of the last line, to refer to.
  void Recall(std::string_view unit) { before_ = unit; }
  // For the unit to recall.
  std::string& recalled() { return scratch_.recalled; }

  // Ends the stream.
  void Finish();
  // False once the sink has refused a chunk.
  bool ok() const { return bits_.ok(); }

 private:
  void Append(UnsignedNumber number) { AppendUnsigned(number.value); }
  void Append(SignedNumber number) { AppendSigned(number.value); }
  void Append(GoDoubleNumber number) { AppendGoDouble(number.value); }
  // A number behind what was put: its size and its share.
  void EndLine(size_t size, uint32_t crc);
  // A unit of any length, at the end of `unit_`, which is empty then.
  void EndUnit();
  void PutLongUnit();
  GzipDigits::Put PutText(std::string_view text, BitCursor& out) const;
  GzipDigits::Put PutInteger(int64_t value, BitCursor& out) const;
  void CountUnit(GzipRowHead head);
  template <typename Number>
  void AppendNumber(Number put);
  template <typename Number>
  const char* PutLine(const char* row, GzipRowHead head, Number put);

  const GzipCode& code_ = GzipCode::Get();
  const GzipCrc& crc_table_ = GzipCrc::Get();
  const GzipDigits& digits_ = GzipDigits::Get();
  const std::unique_ptr<GzipScratch> own_;  // unless memory was lent
  GzipScratch& scratch_;
  BitBuffer<S> bits_;
  uint32_t crc_ = GzipCrc::kMask;
  uint32_t size_ = 0;  // modulo 2^32, as the stream ends with
  size_t gap_ = 0;     // size of the number of the line before
  GzipMatcher matcher_;
  std::string& unit_ = scratch_.unit;
  std::string& before_ = scratch_.before;
  std::string& row_ = scratch_.row;
};

// Implementation.

template <ByteSink S>
GzipLines<S>::GzipLines(S* sink, GzipScratch* lent)
    : own_(lent == nullptr ? new GzipScratch : nullptr),
      scratch_(lent == nullptr ? *own_ : *lent),
      bits_(sink, &scratch_.block) {
  unit_.clear();
  before_.clear();
  // Deflate, no name, no time, written fast, on some system.
  for (const unsigned byte : {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255}) {
    bits_.cursor().Put({byte, 8});
  }
  code_.PutBlockHeader(bits_.cursor());
}

template <ByteSink S>
void GzipLines<S>::Append(std::string_view text) {
  while (true) {
    const size_t end = text.find('\n');
    unit_.append(text.substr(0, end));
    if (end == std::string_view::npos) return;
    if (!unit_.empty()) EndUnit();
    unit_ = '\n';
    text.remove_prefix(end + 1);
  }
}

template <ByteSink S>
template <typename Number>
void GzipLines<S>::AppendNumber(Number put) {
  if (unit_.empty()) {
    before_.clear();  // a number right behind another
  } else {
    EndUnit();
  }
  bits_.MakeRoom();
  const GzipDigits::Put number = put(bits_.cursor());
  EndLine(number.size, number.crc);
}

template <ByteSink S>
void GzipLines<S>::AppendUnsigned(uint64_t value) {
  AppendNumber([&](BitCursor& out) { return digits_.Unsigned(value, out); });
}

template <ByteSink S>
void GzipLines<S>::AppendSigned(int64_t value) {
  AppendNumber([&](BitCursor& out) { return PutInteger(value, out); });
}

template <ByteSink S>
void GzipLines<S>::AppendGoDouble(double value) {
  char text[kMaxNumberLength];
  const char* const end = WriteGoDouble(value, text);
  AppendNumber([&](BitCursor& out) {
    return PutText({text, static_cast<size_t>(end - text)}, out);
  });
}

template <ByteSink S>
template <typename Number>
const char* GzipLines<S>::PutLine(const char* row, GzipRowHead head,
                                  Number put) {
  bits_.MakeRoom();
  BitCursor out = bits_.cursor();
  const char* const end = PutRow(row, gap_, code_, out);
  const GzipDigits::Put number = put(out);
  bits_.cursor() = out;
  // The unit and the number in one step, so that lines wait for each other as
  // little as can be.
  const uint32_t share = crc_table_.Shift(head.crc, number.size) ^ number.crc;
  crc_ = crc_table_.Shift(crc_, head.size + number.size) ^ share;
  size_ += static_cast<uint32_t>(head.size + number.size);
  gap_ = number.size;
  return end;
}

template <ByteSink S>
const char* GzipLines<S>::PutUnsigned(const char* row, GzipRowHead head,
                                      uint64_t value) {
  return PutLine(row, head,
                 [&](BitCursor& out) { return digits_.Unsigned(value, out); });
}

template <ByteSink S>
const char* GzipLines<S>::PutSigned(const char* row, GzipRowHead head,
                                    int64_t value) {
  return PutLine(row, head,
                 [&](BitCursor& out) { return PutInteger(value, out); });
}

template <ByteSink S>
const char* GzipLines<S>::PutGoDouble(const char* row, GzipRowHead head,
                                      double value) {
  char text[kMaxNumberLength];
  const char* const end = WriteGoDouble(value, text);
  return PutLine(row, head, [&](BitCursor& out) {
    return PutText({text, static_cast<size_t>(end - text)}, out);
  });
}

template <ByteSink S>
GzipDigits::Put GzipLines<S>::PutText(std::string_view text,
                                      BitCursor& out) const {
  for (const char c : text) out.Put(code_.Literal(c));
  return {text.size(), crc_table_.Append(0, text)};
}

template <ByteSink S>
GzipDigits::Put GzipLines<S>::PutInteger(int64_t value, BitCursor& out) const {
  const auto bits = static_cast<uint64_t>(value);
  if (value >= 0) return digits_.Unsigned(bits, out);
  const GzipDigits::Put sign = PutText("-", out);
  const GzipDigits::Put number = digits_.Unsigned(0 - bits, out);
  return {sign.size + number.size,
          crc_table_.Shift(sign.crc, number.size) ^ number.crc};
}

template <ByteSink S>
void GzipLines<S>::EndLine(size_t size, uint32_t crc) {
  crc_ = crc_table_.Shift(crc_, size) ^ crc;
  size_ += static_cast<uint32_t>(size);
  gap_ = size;
}

template <ByteSink S>
void GzipLines<S>::EndUnit() {
  crc_ = crc_table_.Append(crc_, unit_);
  size_ += static_cast<uint32_t>(unit_.size());
  if (unit_.size() > kLongestUnit) {
    PutLongUnit();
    before_.clear();
  } else {
    row_.clear();
    GzipRowBuilder row(&row_);
    row.Begin({});
    matcher_.AppendTokens(before_, unit_, row);
    row.End();
    row_.append(kRowPadding, '\0');
    bits_.MakeRoom();
    PutRow(row_.data(), gap_, code_, bits_.cursor());
    std::swap(before_, unit_);
  }
  unit_.clear();
  gap_ = 0;
}

template <ByteSink S>
void GzipLines<S>::PutLongUnit() {
  std::string_view rest = unit_;
  while (!rest.empty()) {
    bits_.MakeRoom();
    PutText(rest.substr(0, kLongestUnit), bits_.cursor());
    rest.remove_prefix(std::min(rest.size(), kLongestUnit));
  }
}

template <ByteSink S>
void GzipLines<S>::Finish() {
  if (!unit_.empty()) EndUnit();
  bits_.MakeRoom();
  BitCursor& out = bits_.cursor();
  out.Put(code_.EndOfBlock());
  out.Align();
  out.Put({crc_ ^ GzipCrc::kMask, 32});
  out.Put({size_, 32});
  bits_.Flush();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_LINES_H_
