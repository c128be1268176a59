// EnumDecoder: the name of an enumerator, of a label whose member of the key is
// an enum in BTF. The names come with the plan of the metric; a value without
// one, and any value where BTF knows of no enum, is a decimal number.
//
// The value is an integer of 1, 2, 4 or 8 bytes in the host's byte order.

#ifndef EBPF_EXPORTER_CORE_DECODE_ENUM_H_
#define EBPF_EXPORTER_CORE_DECODE_ENUM_H_

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "core/decode/decoder.h"
#include "core/decode/int.h"
#include "core/decode/uint.h"
#include "core/layout/enum_names.h"

namespace ebpf_exporter {

class EnumDecoder {
 public:
  static constexpr std::string_view kName = "enum";
  static constexpr std::string_view kWrongSize = "enum_wrong_size";

  // Of several names of one value the first is printed.
  explicit EnumDecoder(EnumNames names = {});

  Outcome Decode(ByteView in, std::string& out) const;

 private:
  uint64_t ValueOf(ByteView in) const;

  EnumNames names_;  // in order of their values
};

inline EnumDecoder::EnumDecoder(EnumNames names) : names_(std::move(names)) {
  std::stable_sort(
      names_.names.begin(), names_.names.end(),
      [](const EnumName& a, const EnumName& b) { return a.value < b.value; });
}

// REQUIRES: in.size() <= 8.
inline uint64_t EnumDecoder::ValueOf(ByteView in) const {
  const size_t unused = 64 - 8 * in.size();
  char bytes[8] = {};
  const bool big = std::endian::native == std::endian::big;
  std::memcpy(bytes + (big ? sizeof(bytes) - in.size() : 0), in.data(),
              in.size());
  const uint64_t value = std::bit_cast<uint64_t>(bytes);
  if (!names_.is_signed) return value;
  return static_cast<uint64_t>(static_cast<int64_t>(value << unused) >> unused);
}

inline Outcome EnumDecoder::Decode(ByteView in, std::string& out) const {
  if (!std::has_single_bit(in.size()) || in.size() > 8) {
    return Outcome::Error(kWrongSize);
  }
  const uint64_t value = ValueOf(in);
  const auto found =
      std::lower_bound(names_.names.begin(), names_.names.end(), value,
                       [](const EnumName& name, uint64_t wanted) {
                         return name.value < wanted;
                       });
  if (found != names_.names.end() && found->value == value) {
    out += found->name;
    return Outcome::Keep();
  }
  return names_.is_signed ? IntDecoder().Decode(in, out)
                          : UintDecoder().Decode(in, out);
}

static_assert(Decoder<EnumDecoder>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_ENUM_H_
