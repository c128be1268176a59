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

#include "cmd/overhead-bench/timing.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// What an event does.
enum class Form {
  kNone,     // there is no program at all
  kNothing,  // it returns at once, for everybody's calls
  kEmpty,    // finds out whose call it is, and no more
  kLoop,     // computes for as long as it is told
  kCounter,  // adds one to a number
  kEntries,  // two: a slot of a histogram and its sum, each an entry
  kValue,    // the same within one entry
  kComplex,  // adds one to a number under a large key, one of a thousand
};

// The last slot of the histograms; their sum is one past it.
inline constexpr uint32_t kLastSlot = 26;

struct Variant {
  std::string_view kind;  // of program: tp_btf, raw_tp ...
  Form form = Form::kEmpty;
  std::string_view program;  // empty, counter, entries, value, simple, complex
  std::string_view map;      // hash, percpu_array ...; none for kEmpty
  MapType type = MapType::kUnspecified;
  std::string_view code;  // plain, helper; none for kEmpty

  // kind_program_code_map: how the object is called.
  std::string Name() const;
  // Whose cost is measured: perf events count page faults.
  Operation operation() const;
  // It counts in a map that can be read.
  bool counts() const { return form >= Form::kCounter; }
};

// How counting is written, by helpers and plain: `empty`, simple and complex on
// the kinds that all kernels have, the rest on tp_btf alone.
std::vector<Variant> CodeVariants();

// No program; then, on each kind of program, `empty`, by helpers a counter in
// the maps that users choose from, and the complex one.
std::vector<Variant> ProbeVariants();

// Kinds in the order of ProbeVariants().
std::vector<std::string_view> ProbeKinds();

// The empty one of a kind.
Variant EmptyVariant(std::string_view kind);

// What calibrates: kNothing and kLoop, on raw_tp.
Variant NothingVariant();
Variant LoopVariant();

// NAME.bpf.o.
std::span<const std::byte> ObjectOf(const Variant& variant);

// Of all objects, see object_hash.h.
std::string HashOfObjects();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_VARIANT_H_
