// The Decoder concept: a small immutable value that rewrites the bytes of one
// label, a step of a Pipeline.

#ifndef EBPF_EXPORTER_CORE_DECODE_DECODER_H_
#define EBPF_EXPORTER_CORE_DECODE_DECODER_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// Bytes on their way through a pipeline. Text and raw key bytes alike.
using ByteView = std::string_view;

enum class Verdict : uint8_t {
  kKeep,   // the label has a value
  kSkip,   // the whole entry is unwanted (regexp)
  kError,  // the bytes cannot be what the configuration says they are
};

// The sources of names that a decoder may ask, as bits of a set.
enum Source : uint8_t {
  kNoSource = 0,
  kSymbols = 1 << 0,
  kBlockDevices = 1 << 1,
  kInterfaces = 1 << 2,
  kCgroups = 1 << 3,
  kPciNames = 1 << 4,
};

// What decoding gave besides the bytes. A row keeps `sources` and `missed`:
// when a source changes, the rows that used it are rendered again, and a name
// that was missing is asked for again.
struct Outcome {
  Verdict verdict = Verdict::kKeep;
  uint8_t sources = kNoSource;  // set of Source
  bool missed = false;          // a source did not know the name
  // Why, for kError: static text from a small closed set, also a label value.
  std::string_view reason = {};

  static constexpr Outcome Keep() { return {}; }
  static constexpr Outcome Skip() { return {.verdict = Verdict::kSkip}; }
  static constexpr Outcome Error(std::string_view reason) {
    return {.verdict = Verdict::kError, .reason = reason};
  }
};

// A Decoder rewrites the bytes of one label.
//
//   kName   the name users write in YAML
//   Decode  appends to `out`, reads only `in`, and says what became of it. On
//           kSkip and kError the content of `out` is unspecified.
//
// Decoders are immutable once built, so one instance serves every scrape.
template <typename D>
concept Decoder = std::movable<D> &&
    requires(const D& decoder, ByteView in, std::string& out) {
  { D::kName } -> std::convertible_to<std::string_view>;
  { decoder.Decode(in, out) } -> std::same_as<Outcome>;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_DECODER_H_
