// ZstdSink packs what is written through it with zstd, in constant memory.
//
//   ZstdSink packed(&file);
//   ... packed.Write(chunk) ...
//   bool ok = packed.Finish();

#ifndef EBPF_EXPORTER_CORE_DUMP_ZSTD_SINK_H_
#define EBPF_EXPORTER_CORE_DUMP_ZSTD_SINK_H_

#include <zstd.h>

#include <memory>
#include <string_view>
#include <vector>

#include "core/exposition/chunk_buffer.h"

namespace ebpf_exporter {

template <ByteSink S>
class ZstdSink {
 public:
  // `sink` outlives this.
  explicit ZstdSink(S* sink)
      : sink_(sink),
        stream_(ZSTD_createCStream()),
        buffer_(ZSTD_CStreamOutSize()) {
    // Damage to the packed bytes is noticed; libraries that pack leave it out.
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_checksumFlag, 1);
  }

  // False once the sink has refused bytes.
  bool Write(std::string_view chunk) { return Pack(chunk, ZSTD_e_continue); }
  // Ends the frame; call it once, last.
  bool Finish() { return Pack({}, ZSTD_e_end); }

 private:
  struct FreeStream {
    void operator()(ZSTD_CStream* stream) const { ZSTD_freeCStream(stream); }
  };

  bool Pack(std::string_view chunk, ZSTD_EndDirective directive);

  S* const sink_;
  const std::unique_ptr<ZSTD_CStream, FreeStream> stream_;
  std::vector<char> buffer_;
  bool ok_ = true;
};

// Implementation below.

template <ByteSink S>
bool ZstdSink<S>::Pack(std::string_view chunk, ZSTD_EndDirective directive) {
  ZSTD_inBuffer in = {chunk.data(), chunk.size(), 0};
  bool done = false;
  while (ok_ && !done) {
    ZSTD_outBuffer out = {buffer_.data(), buffer_.size(), 0};
    const size_t left =
        ZSTD_compressStream2(stream_.get(), &out, &in, directive);
    ok_ = !ZSTD_isError(left) &&
          (out.pos == 0 || sink_->Write({buffer_.data(), out.pos}));
    done = directive == ZSTD_e_end ? left == 0 : in.pos == in.size;
  }
  return ok_;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_ZSTD_SINK_H_
