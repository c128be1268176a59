// Where each label lives in a map's key and each number in its value. Proven
// once, at load (build_layout.h), then followed without further checks: bytes
// of a key of `key_size` and a value of `value_size` are all a reader needs.
//
//   key     disk[32] op pad[7] slot     labels {0,32} {32,1}   bucket {40,8}
//   value   count                       value  {0,8}

#ifndef EBPF_EXPORTER_CORE_LAYOUT_ENTRY_LAYOUT_H_
#define EBPF_EXPORTER_CORE_LAYOUT_ENTRY_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace ebpf_exporter {

struct BytesAt {
  uint32_t offset = 0;
  uint32_t size = 0;

  friend bool operator==(const BytesAt&, const BytesAt&) = default;
};

// `size` is 1, 2, 4 or 8.
struct NumberAt {
  uint32_t offset = 0;
  uint32_t size = 0;
  bool is_signed = false;

  friend bool operator==(const NumberAt&, const NumberAt&) = default;
};

// `element_size` is 1, 2, 4 or 8.
struct SlotsAt {
  uint32_t offset = 0;
  uint32_t element_size = 0;
  uint32_t count = 0;
  bool is_signed = false;

  friend bool operator==(const SlotsAt&, const SlotsAt&) = default;
};

struct EntryLayout {
  std::vector<BytesAt> labels;     // of the key, in config order, no bucket
  std::optional<NumberAt> bucket;  // of the key: histograms, a slot per entry
  NumberAt value;                  // of the value; size 0 where `slots` is set
  std::optional<SlotsAt> slots;    // of the value: histograms, a slot each
  uint32_t key_size = 0;
  uint32_t value_size = 0;  // of one CPU, for per-CPU maps

  friend bool operator==(const EntryLayout&, const EntryLayout&) = default;
};

// A number of 1, 2, 4 or 8 bytes in host order, at any alignment.
uint64_t ReadUnsigned(const std::byte* at, uint32_t size);
int64_t ReadSigned(const std::byte* at, uint32_t size);

// Implementation below.

namespace internal {

template <typename Number>
Number LoadNumber(const std::byte* at) {
  Number number;
  std::memcpy(&number, at, sizeof(number));
  return number;
}

}  // namespace internal

inline uint64_t ReadUnsigned(const std::byte* at, uint32_t size) {
  switch (size) {
    case 1:
      return internal::LoadNumber<uint8_t>(at);
    case 2:
      return internal::LoadNumber<uint16_t>(at);
    case 4:
      return internal::LoadNumber<uint32_t>(at);
    default:
      return internal::LoadNumber<uint64_t>(at);
  }
}

inline int64_t ReadSigned(const std::byte* at, uint32_t size) {
  switch (size) {
    case 1:
      return internal::LoadNumber<int8_t>(at);
    case 2:
      return internal::LoadNumber<int16_t>(at);
    case 4:
      return internal::LoadNumber<int32_t>(at);
    default:
      return internal::LoadNumber<int64_t>(at);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_ENTRY_LAYOUT_H_
