// The BucketScheme concept: which integers a BPF program stores as bucket keys,
// and which upper bounds they stand for.
//
// A histogram with n finite buckets is n + 1 cells. Cells 0 .. n-1 are the
// slots of the buckets in ascending order, cell n holds the sum of all observed
// values, in the program's own unit. Whether a cell comes from an entry of its
// own (its key says which) or from an array in one value, the arithmetic after
// it is the same.

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_BUCKET_SCHEME_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_BUCKET_SCHEME_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace ebpf_exporter {

// The answer for a key that is neither a bucket nor the sum.
inline constexpr size_t kNoSlot = std::numeric_limits<size_t>::max();

// A BucketScheme is an immutable value.
//
//   size         how many finite buckets there are
//   upper_bound  inclusive bound of a slot below size(), multiplier applied: in
//                the metric's unit
//   SlotOf       the cell of a bucket key: a slot, size() for the sum's key,
//                else kNoSlot
//
// The multiplication is done in double arithmetic and never reordered, since
// the text of a bound depends on its last bit.
template <typename S>
concept BucketScheme = std::copyable<S> &&
    requires(const S& scheme, size_t slot, uint64_t key) {
  { scheme.size() } -> std::same_as<size_t>;
  { scheme.upper_bound(slot) } -> std::same_as<double>;
  { scheme.SlotOf(key) } -> std::same_as<size_t>;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_BUCKET_SCHEME_H_
