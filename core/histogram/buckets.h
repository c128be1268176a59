// Buckets: the bucket scheme of one histogram, chosen by its configuration,
// with the `le` texts rendered once. Immutable; shared by all series of the
// metric.

#ifndef EBPF_EXPORTER_CORE_HISTOGRAM_BUCKETS_H_
#define EBPF_EXPORTER_CORE_HISTOGRAM_BUCKETS_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/exposition/number.h"
#include "core/histogram/bucket_scheme.h"
#include "core/histogram/exp2.h"
#include "core/histogram/exp2zero.h"
#include "core/histogram/fixed.h"
#include "core/histogram/key_range.h"
#include "core/histogram/linear.h"

namespace ebpf_exporter {

class Buckets {
 public:
  static constexpr size_t kMaxSize = 65536;

  // Refuses a configuration without buckets, with more than kMaxSize of them,
  // or whose bounds are not finite and ascending. A multiplier of 0 means 1.
  static absl::StatusOr<Buckets> Make(const BucketConfig& config);

  // The number of finite buckets; the sum's cell has this index.
  size_t size() const { return ends_.size(); }

  // The cell of a bucket key: a slot, size() for the sum, or kNoSlot.
  size_t SlotOf(uint64_t key) const;

  // Inclusive upper bound of a slot, in the metric's unit.
  double upper_bound(size_t slot) const;

  // That bound as label text. Valid as long as this object.
  std::string_view le(size_t slot) const;

  // From the unit in which the program adds up the sum to the metric's unit.
  double multiplier() const { return multiplier_; }

 private:
  using Scheme =
      std::variant<Exp2Buckets, Exp2ZeroBuckets, LinearBuckets, FixedBuckets>;

  Buckets(Scheme scheme, double multiplier)
      : scheme_(std::move(scheme)), multiplier_(multiplier) {}

  static size_t CountOf(const BucketConfig& config);
  static Scheme MakeScheme(const BucketConfig& config, double multiplier);
  absl::Status RenderBounds(size_t count);

  Scheme scheme_;
  double multiplier_;
  std::string texts_;           // all `le` texts, one after another
  std::vector<uint32_t> ends_;  // where each one ends
};

// Implementation.

inline absl::StatusOr<Buckets> Buckets::Make(const BucketConfig& config) {
  const size_t count = CountOf(config);
  if (count == 0) return absl::InvalidArgumentError("there are no buckets");
  if (count > kMaxSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", kMaxSize, " buckets"));
  }
  const double multiplier = config.multiplier == 0 ? 1 : config.multiplier;
  if (!std::isfinite(multiplier) || multiplier < 0) {
    return absl::InvalidArgumentError("the bucket multiplier is not positive");
  }
  Buckets buckets(MakeScheme(config, multiplier), multiplier);
  if (absl::Status status = buckets.RenderBounds(count); !status.ok()) {
    return status;
  }
  return buckets;
}

inline size_t Buckets::SlotOf(uint64_t key) const {
  return std::visit([key](const auto& scheme) { return scheme.SlotOf(key); },
                    scheme_);
}

inline double Buckets::upper_bound(size_t slot) const {
  return std::visit(
      [slot](const auto& scheme) { return scheme.upper_bound(slot); }, scheme_);
}

inline std::string_view Buckets::le(size_t slot) const {
  const uint32_t begin = slot == 0 ? 0 : ends_[slot - 1];
  const std::string_view texts = texts_;
  return texts.substr(begin, ends_[slot] - begin);
}

// Buckets the configuration asks for. More than kMaxSize comes out as some
// number above it, and so does a range whose end has no successor for the sum.
inline size_t Buckets::CountOf(const BucketConfig& config) {
  if (config.type == BucketType::kFixed) return config.keys.size();
  if (config.min > config.max) return 0;
  const uint64_t steps =
      static_cast<uint64_t>(config.max) - static_cast<uint64_t>(config.min);
  if (steps >= kMaxSize || config.max == INT64_MAX) return kMaxSize + 1;
  return steps + 1;
}

inline Buckets::Scheme Buckets::MakeScheme(const BucketConfig& config,
                                           double multiplier) {
  const KeyRange range(config.min, config.max);
  switch (config.type) {
    case BucketType::kExp2:
      return Exp2Buckets(range, multiplier);
    case BucketType::kExp2Zero:
      return Exp2ZeroBuckets(range, multiplier);
    case BucketType::kLinear:
      return LinearBuckets(range, multiplier);
    case BucketType::kFixed:
      break;
  }
  return FixedBuckets(config.keys, multiplier);
}

inline absl::Status Buckets::RenderBounds(size_t count) {
  double previous = -std::numeric_limits<double>::infinity();
  ends_.reserve(count);
  for (size_t slot = 0; slot < count; ++slot) {
    const double bound = upper_bound(slot);
    // Equal bounds would be two series of the same name.
    if (!std::isfinite(bound) || !(bound > previous)) {
      std::string text;
      AppendGoDouble(bound, text);
      return absl::InvalidArgumentError(
          absl::StrCat("bucket bounds must be finite and ascend; bound ", slot,
                       " is ", text));
    }
    previous = bound;
    AppendGoDouble(bound, texts_);
    ends_.push_back(static_cast<uint32_t>(texts_.size()));
  }
  texts_.shrink_to_fit();
  return absl::OkStatus();
}

static_assert(BucketScheme<Buckets>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_HISTOGRAM_BUCKETS_H_
