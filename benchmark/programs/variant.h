// The programs of this folder, one by one: what they count, in which map, and
// whether by the helpers of bpf/include or plain.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_VARIANT_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_VARIANT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/layout/shape.h"

namespace ebpf_exporter {

// What an event does.
enum class Form {
  kEmpty,    // nothing
  kCounter,  // adds one to a number
  kEntries,  // two: a slot of a histogram and its sum, each an entry
  kValue,    // the same within one entry
};

// The last slot of the histograms; their sum is one past it.
inline constexpr uint32_t kLastSlot = 26;

struct Variant {
  Form form = Form::kEmpty;
  std::string_view program;  // empty, counter, entries, value
  std::string_view map;      // hash, percpu_array ...; none for kEmpty
  MapType type = MapType::kUnspecified;
  std::string_view code;  // plain, helper; none for kEmpty

  // program_code_map: how the object is called.
  std::string Name() const;
};

// All, `empty` first.
const std::vector<Variant>& Variants();

// NAME.bpf.o.
std::span<const std::byte> ObjectOf(const Variant& variant);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_VARIANT_H_
