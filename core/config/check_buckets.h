// Judges the buckets of one histogram and brings them into the form the rest of
// the program relies on: a positive multiplier, fixed keys ascending.

#ifndef EBPF_EXPORTER_CORE_CONFIG_CHECK_BUCKETS_H_
#define EBPF_EXPORTER_CORE_CONFIG_CHECK_BUCKETS_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/check_labels.h"
#include "core/config/config.h"
#include "core/config/reporter.h"

namespace ebpf_exporter {

inline constexpr int64_t kMaxBuckets = 65536;
// Beyond it neighbouring bucket numbers are the same double.
inline constexpr int64_t kMaxBucketNumber = int64_t{1} << 53;

void CheckBuckets(MetricConfig& metric, Reporter& reporter);

// The last label of a histogram without `slots:` numbers its bucket.
void CheckBucketLabel(const MetricConfig& metric, Reporter& reporter);

namespace internal {

// 0, as when the key is absent in the originals, stands for 1.
inline void CheckMultiplier(MetricConfig& metric, Reporter& reporter) {
  double& multiplier = metric.buckets.multiplier;
  if (multiplier == 0) multiplier = 1;
  if (std::isfinite(multiplier) && multiplier > 0) return;
  reporter.Error(metric.mark,
                 absl::StrCat(InMetric(metric), "bucket_multiplier is ",
                              multiplier, "; write a positive number"));
}

inline void CheckKeys(MetricConfig& metric, Reporter& reporter) {
  std::vector<double>& keys = metric.buckets.keys;
  const auto error = [&](std::string_view message) {
    reporter.Error(metric.mark, absl::StrCat(InMetric(metric), message));
  };
  const auto warning = [&](std::string_view message) {
    reporter.Warning(metric.mark, absl::StrCat(InMetric(metric), message));
  };
  if (keys.empty()) return error("fixed buckets need `bucket_keys:`, a list");
  if (!std::all_of(keys.begin(), keys.end(),
                   [](double key) { return std::isfinite(key); })) {
    return error(
        "bucket_keys holds .nan or .inf; write finite numbers (the "
        "+Inf bucket is always there)");
  }
  if (!std::is_sorted(keys.begin(), keys.end())) {
    warning("bucket_keys is not in ascending order; it is used sorted");
    std::sort(keys.begin(), keys.end());
  }
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end()) {
    error(absl::StrCat("bucket_keys holds ", *twice, " twice; remove one"));
  }
  const auto strange = std::find_if(keys.begin(), keys.end(), [](double key) {
    return key < 0 || key != std::trunc(key);
  });
  if (strange == keys.end()) return;
  warning(absl::StrCat("the bucket key ", *strange,
                       " is no whole number from 0 up, so no bucket of the map "
                       "ever matches it"));
}

inline void CheckBounds(const MetricConfig& metric, Reporter& reporter) {
  const BucketConfig& buckets = metric.buckets;
  const std::string where =
      absl::StrCat(InMetric(metric), "bucket_min ", buckets.min,
                   ", bucket_max ", buckets.max, ": ");
  const auto error = [&](std::string_view message) {
    reporter.Error(metric.mark, absl::StrCat(where, message));
  };
  if (buckets.max < buckets.min) {
    return error("the maximum is below the minimum; swap or correct them");
  }
  if (buckets.min < -kMaxBucketNumber || buckets.max > kMaxBucketNumber) {
    return error(
        "bucket numbers beyond 2^53 are not exact; scale them down "
        "with bucket_multiplier");
  }
  if (buckets.max - buckets.min >= kMaxBuckets) {
    return error(absl::StrCat("more than ", kMaxBuckets,
                              " buckets; use fewer, wider ones"));
  }
  if (buckets.min >= 0) return;
  if (buckets.type != BucketType::kLinear) {
    return error(
        "the buckets are numbered by powers of two from 0 up; raise "
        "bucket_min to 0");
  }
  if (metric.slots) return;
  reporter.Warning(metric.mark,
                   absl::StrCat(where,
                                "bucket numbers in a key are unsigned, so "
                                "buckets below 0 stay empty"));
}

inline double UpperBound(const BucketConfig& buckets, int64_t number) {
  const double key = static_cast<double>(number);
  switch (buckets.type) {
    case BucketType::kExp2:
      return std::exp2(key) * buckets.multiplier;
    case BucketType::kExp2Zero:
      return number == 0 ? 0 : std::exp2(key - 1) * buckets.multiplier;
    default:
      return key * buckets.multiplier;
  }
}

// `le` is an identity: two bounds that round to one double would be one series
// twice, and an infinite one the +Inf bucket.
inline bool BoundsAreDistinct(const BucketConfig& buckets) {
  double last = -HUGE_VAL;
  const auto ascends = [&last](double bound) {
    const bool good = std::isfinite(bound) && bound > last;
    last = bound;
    return good;
  };
  if (buckets.type == BucketType::kFixed) {
    return std::all_of(
        buckets.keys.begin(), buckets.keys.end(),
        [&](double key) { return ascends(key * buckets.multiplier); });
  }
  for (int64_t number = buckets.min; number <= buckets.max; ++number) {
    if (!ascends(UpperBound(buckets, number))) return false;
  }
  return true;
}

}  // namespace internal

inline void CheckBuckets(MetricConfig& metric, Reporter& reporter) {
  const size_t errors_before = reporter.errors();
  internal::CheckMultiplier(metric, reporter);
  if (metric.buckets.type == BucketType::kFixed) {
    internal::CheckKeys(metric, reporter);
  } else {
    internal::CheckBounds(metric, reporter);
    if (!metric.buckets.keys.empty()) {
      reporter.Warning(metric.mark,
                       absl::StrCat(internal::InMetric(metric),
                                    "bucket_keys is for fixed buckets only and "
                                    "is ignored"));
    }
  }
  if (reporter.errors() > errors_before) return;
  if (internal::BoundsAreDistinct(metric.buckets)) return;
  reporter.Error(metric.mark,
                 absl::StrCat(internal::InMetric(metric),
                              "multiplied by bucket_multiplier, upper bounds "
                              "are not finite or not distinct; change the "
                              "multiplier or the bounds"));
}

inline void CheckBucketLabel(const MetricConfig& metric, Reporter& reporter) {
  if (metric.slots) return;
  if (metric.labels.empty()) {
    reporter.Error(metric.mark,
                   absl::StrCat(internal::InMetric(metric),
                                "a histogram needs a last label that numbers "
                                "the bucket, or `slots:` for slots in the "
                                "map's value"));
    return;
  }
  const LabelConfig& bucket = metric.labels.back();
  const bool is_uint =
      bucket.decoders.size() == 1 && bucket.decoders[0].name == "uint";
  if (is_uint) return;
  reporter.Error(bucket.mark,
                 absl::StrCat(internal::InLabel(metric, bucket),
                              "the last label of a histogram is its bucket and "
                              "takes exactly one decoder, `- name: uint`"));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_CHECK_BUCKETS_H_
