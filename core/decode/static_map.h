// StaticMapDecoder: text for text, from a list in the configuration. Numbers
// are looked up as the text that `uint` makes of them.
//
// Text that the list lacks becomes `unknown:` and the text, or stays as it is
// where unknown text is allowed.

#ifndef EBPF_EXPORTER_CORE_DECODE_STATIC_MAP_H_
#define EBPF_EXPORTER_CORE_DECODE_STATIC_MAP_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/decode/decoder.h"

namespace ebpf_exporter {

enum class UnknownText { kMarked, kAllowed };

class StaticMapDecoder {
 public:
  static constexpr std::string_view kName = "static_map";

  using Entries = std::vector<std::pair<std::string, std::string>>;

  // REQUIRES: no text is in `entries` twice.
  StaticMapDecoder(Entries entries, UnknownText unknown);

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  Entries entries_;  // sorted by what is looked up
  UnknownText unknown_;
};

inline StaticMapDecoder::StaticMapDecoder(Entries entries, UnknownText unknown)
    : entries_(std::move(entries)), unknown_(unknown) {
  std::sort(entries_.begin(), entries_.end());
}

inline Outcome StaticMapDecoder::Decode(ByteView in, std::string& out) const {
  const auto at = std::lower_bound(
      entries_.begin(), entries_.end(), in,
      [](const auto& entry, ByteView text) { return entry.first < text; });
  if (at != entries_.end() && at->first == in) {
    out += at->second;
    return Outcome::Keep();
  }
  if (unknown_ == UnknownText::kMarked) out += "unknown:";
  out += in;
  return Outcome::Keep();
}

static_assert(Decoder<StaticMapDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_STATIC_MAP_H_
