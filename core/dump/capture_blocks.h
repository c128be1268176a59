// CaptureBlocks pulls the blocks of a capture out of a ByteSource and checks
// their checksums; what they mean is CaptureReader's. Every error names the
// byte, counted from the beginning of the (uncompressed) capture, where the
// damaged block begins.

#ifndef EBPF_EXPORTER_CORE_DUMP_CAPTURE_BLOCKS_H_
#define EBPF_EXPORTER_CORE_DUMP_CAPTURE_BLOCKS_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/dump/byte_source.h"
#include "core/dump/capture_format.h"

namespace ebpf_exporter::internal {

class CaptureBlocks {
 public:
  explicit CaptureBlocks(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)) {}

  // The first bytes of the file: a capture, of this version.
  absl::Status ReadFileHead();

  // The next block; its content is lent until the next call. The content is at
  // most `longest` bytes. Memory grows with the bytes that come, not with the
  // length that the block claims.
  absl::StatusOr<BlockHead> Next(uint64_t longest);
  std::string_view content() const { return content_; }

  // Of all heads before the current block.
  uint32_t heads_crc() const { return heads_crc_; }

  // The block that kEnd says is the last: an error if anything follows.
  absl::Status ExpectEnd();

  // An error about the current block.
  absl::Status Error(std::string_view what) const;

 private:
  // Appends `size` bytes to `out`; fewer only at the end.
  absl::Status Read(uint64_t size, std::string& out);

  const std::unique_ptr<ByteSource> source_;
  uint64_t at_ = 0;     // bytes read
  uint64_t block_ = 0;  // where the current block begins
  uint32_t heads_crc_ = 0;
  uint32_t next_heads_crc_ = 0;
  std::string head_;
  std::string content_;
};

// Implementation below.

inline absl::Status CaptureBlocks::ReadFileHead() {
  head_.clear();
  absl::Status read = Read(kFileHeadSize, head_);
  if (!read.ok()) return read;
  if (head_.substr(0, kCaptureMagic.size()) != kCaptureMagic) {
    return Error("this is not a capture: the first bytes are others");
  }
  if (head_.size() < kFileHeadSize) return Error("it is cut short");
  FieldReader fields(std::string_view(head_).substr(kCaptureMagic.size()));
  const uint32_t version = fields.U32();
  if (fields.U32() != Crc(std::string_view(head_).substr(0, 12))) {
    return Error("the first bytes do not match their checksum");
  }
  if (version != kCaptureVersion) {
    return Error(absl::StrCat("a capture of version ", version,
                              ", of which version ", kCaptureVersion,
                              " is known: use a newer program"));
  }
  next_heads_crc_ = HeadsCrc(head_);
  return absl::OkStatus();
}

inline absl::StatusOr<BlockHead> CaptureBlocks::Next(uint64_t longest) {
  block_ = at_;
  heads_crc_ = next_heads_crc_;
  head_.clear();
  absl::Status read = Read(kBlockHeadSize, head_);
  if (!read.ok()) return read;
  if (head_.empty()) return Error("it is cut short: the end block is missing");
  if (head_.size() < kBlockHeadSize) {
    return Error("it is cut short in the head of a block");
  }
  FieldReader fields(head_);
  BlockHead head;
  head.kind = static_cast<BlockKind>(fields.U32());
  head.count = fields.U32();
  head.length = fields.U32();
  head.content_crc = fields.U32();
  if (fields.U32() != Crc(std::string_view(head_).substr(0, 16))) {
    return Error("the head of a block does not match its checksum");
  }
  if (head.length > longest) {
    return Error(absl::StrCat("a block of ", head.length, " bytes, where ",
                              longest, " is the most there can be"));
  }
  content_.clear();
  read = Read(head.length, content_);
  if (!read.ok()) return read;
  if (content_.size() < head.length) {
    return Error(absl::StrCat("it is cut short: of a block's ", head.length,
                              " bytes ", content_.size(), " are there"));
  }
  if (Crc(content_) != head.content_crc) {
    return Error("a block does not match its checksum");
  }
  next_heads_crc_ = HeadsCrc(head_, heads_crc_);
  return head;
}

inline absl::Status CaptureBlocks::ExpectEnd() {
  block_ = at_;
  head_.clear();
  absl::Status read = Read(1, head_);
  if (!read.ok()) return read;
  return head_.empty() ? absl::OkStatus()
                       : Error("bytes follow the end of the capture");
}

inline absl::Status CaptureBlocks::Error(std::string_view what) const {
  return absl::DataLossError(
      absl::StrCat("capture damaged at byte ", block_, ": ", what));
}

inline absl::Status CaptureBlocks::Read(uint64_t size, std::string& out) {
  while (size > 0) {
    const size_t before = out.size();
    const size_t step = std::min<uint64_t>(size, kGoodBlock);
    out.resize(before + step);
    const absl::StatusOr<size_t> count =
        source_->Read(std::span<char>(out).subspan(before));
    out.resize(before + (count.ok() ? *count : 0));
    if (!count.ok()) {
      return absl::Status(
          count.status().code(),
          absl::StrCat("after byte ", at_, ": ", count.status().message()));
    }
    if (*count == 0) return absl::OkStatus();
    at_ += *count;
    size -= *count;
  }
  return absl::OkStatus();
}

}  // namespace ebpf_exporter::internal

#endif  // EBPF_EXPORTER_CORE_DUMP_CAPTURE_BLOCKS_H_
