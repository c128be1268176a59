// gzip as zlib does it, for tests and benchmarks to compare with.

#ifndef EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ZLIB_H_
#define EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ZLIB_H_

#include <zlib.h>

#include <optional>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// The text as a gzip stream; levels are 0 to 9.
std::string ZlibGzip(std::string_view text, int level);
// The text of one gzip stream; null if anything is wrong or follows it.
std::optional<std::string> ZlibGunzip(std::string_view stream);

// Implementation.

namespace internal {

// windowBits of zlib: a window of 32 KB, in gzip's wrapping.
inline constexpr int kGzipWindow = 15 + 16;

inline void SetInput(std::string_view in, z_stream& stream) {
  stream.next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // only read
  stream.avail_in = static_cast<uInt>(in.size());
}

// Calls `step` until it has no more to give; returns what it said last.
template <typename Step>
int Drain(z_stream& stream, std::string& out, Step step) {
  char block[32 * 1024];
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(block);
    stream.avail_out = sizeof(block);
    result = step();
    out.append(block, sizeof(block) - stream.avail_out);
  }
  return result;
}

}  // namespace internal

inline std::string ZlibGzip(std::string_view text, int level) {
  z_stream stream = {};
  deflateInit2(&stream, level, Z_DEFLATED, internal::kGzipWindow, 8,
               Z_DEFAULT_STRATEGY);
  internal::SetInput(text, stream);
  std::string out;
  internal::Drain(stream, out, [&] { return deflate(&stream, Z_FINISH); });
  deflateEnd(&stream);
  return out;
}

inline std::optional<std::string> ZlibGunzip(std::string_view in) {
  z_stream stream = {};
  inflateInit2(&stream, internal::kGzipWindow);
  internal::SetInput(in, stream);
  std::string out;
  const int result = internal::Drain(
      stream, out, [&] { return inflate(&stream, Z_NO_FLUSH); });
  const bool good = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!good) return std::nullopt;
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_EXPOSITION_GZIP_ZLIB_H_
