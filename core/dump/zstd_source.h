// ZstdSource: the bytes that zstd (RFC 8878) has packed, unpacked while they
// are read. Several frames in a row are one text. Memory is bounded, whatever
// the frames ask for: a window of 128 MiB is the most.

#ifndef EBPF_EXPORTER_CORE_DUMP_ZSTD_SOURCE_H_
#define EBPF_EXPORTER_CORE_DUMP_ZSTD_SOURCE_H_

#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/dump/byte_source.h"

namespace ebpf_exporter {

// With this a zstd frame begins.
inline constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);

inline bool IsZstd(std::string_view first_bytes) {
  return absl::StartsWith(first_bytes, kZstdMagic);
}

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> packed)
      : packed_(std::move(packed)),
        stream_(ZSTD_createDStream()),
        buffer_(ZSTD_DStreamInSize()) {
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 27);
  }

  // Gives all that precedes damage before the error, which names the packed
  // byte.
  absl::StatusOr<size_t> Read(std::span<char> to) override;

 private:
  struct FreeStream {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };

  // More packed bytes; false at their end.
  absl::StatusOr<bool> Refill();
  absl::Status Error(std::string_view what) const {
    return absl::DataLossError(
        absl::StrCat("zstd: damaged before packed byte ", taken_, ": ", what));
  }

  const std::unique_ptr<ByteSource> packed_;
  const std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  std::vector<char> buffer_;
  ZSTD_inBuffer in_ = {nullptr, 0, 0};
  uint64_t taken_ = 0;    // packed bytes read
  bool in_frame_ = true;  // an empty file is no frame
};

// Implementation below.

inline absl::StatusOr<size_t> ZstdSource::Read(std::span<char> to) {
  ZSTD_outBuffer out = {to.data(), to.size(), 0};
  bool flushed = false;  // nothing comes without more packed bytes
  while (out.pos == 0 && out.size > 0) {
    if (in_.pos == in_.size && flushed) {
      const absl::StatusOr<bool> more = Refill();
      if (!more.ok()) return more.status();
      if (!*more && in_frame_) return Error("it is cut short");
      if (!*more) return size_t{0};
    }
    // What follows a frame may be the next; nothing is its end.
    const bool has_input = in_.pos < in_.size;
    const size_t result = ZSTD_decompressStream(stream_.get(), &out, &in_);
    if (ZSTD_isError(result)) return Error(ZSTD_getErrorName(result));
    if (has_input || out.pos > 0) in_frame_ = result != 0;
    flushed = in_.pos == in_.size;
  }
  return out.pos;
}

inline absl::StatusOr<bool> ZstdSource::Refill() {
  const absl::StatusOr<size_t> count = packed_->Read(buffer_);
  if (!count.ok()) return count.status();
  taken_ += *count;
  in_ = {buffer_.data(), *count, 0};
  return *count > 0;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_ZSTD_SOURCE_H_
