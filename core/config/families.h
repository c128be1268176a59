// Which metric names are taken, and by what. Several programs may feed one
// family if they agree on its kind, its ordered label names and its buckets;
// otherwise the second is at fault. One FamilyNames may outlive a file, so that
// several files share it.

#ifndef EBPF_EXPORTER_CORE_CONFIG_FAMILIES_H_
#define EBPF_EXPORTER_CORE_CONFIG_FAMILIES_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/config.h"
#include "core/config/names.h"
#include "core/config/quote.h"

namespace ebpf_exporter {

class FamilyNames {
 public:
  // Why `metric` cannot be served beside what is taken; nothing when it can.
  std::optional<std::string> Conflict(const MetricConfig& metric) const;

  // The family's help text, when it is taken with another one than `metric`'s.
  std::optional<std::string> OtherHelp(const MetricConfig& metric) const;

  // Takes the names; `owner` tells users who has them.
  void Take(const MetricConfig& metric, std::string_view owner);

 private:
  struct Family {
    MetricKind kind;
    std::string help;
    std::vector<std::string> labels;
    std::string buckets;
    std::string owner;
  };

  static Family MakeFamily(const MetricConfig& metric, std::string_view owner);
  std::optional<std::string> Difference(const MetricConfig& metric,
                                        const Family& family) const;

  std::map<std::string, Family, std::less<>> families_;
  // Names of samples, a histogram's _bucket, _sum and _count among them, to the
  // family's name.
  std::map<std::string, std::string, std::less<>> samples_;
};

namespace internal {

inline std::string_view KindName(MetricKind kind) {
  return kind == MetricKind::kCounter ? "counter"
         : kind == MetricKind::kGauge ? "gauge"
                                      : "histogram";
}

inline std::vector<std::string> SampleNames(const MetricConfig& metric) {
  std::vector<std::string> names = {metric.name};
  if (metric.kind != MetricKind::kHistogram) return names;
  for (std::string_view suffix : {"_bucket", "_sum", "_count"}) {
    names.push_back(absl::StrCat(metric.name, suffix));
  }
  return names;
}

// Labels that series carry: not the one that numbers a histogram's bucket.
inline std::vector<std::string> SeriesLabels(const MetricConfig& metric) {
  std::vector<std::string> names;
  for (const LabelConfig& label : metric.labels) names.push_back(label.name);
  const bool has_bucket_label =
      metric.kind == MetricKind::kHistogram && !metric.slots && !names.empty();
  if (has_bucket_label) names.pop_back();
  return names;
}

inline std::string BucketText(const MetricConfig& metric) {
  if (metric.kind != MetricKind::kHistogram) return "";
  const BucketConfig& buckets = metric.buckets;
  if (buckets.type == BucketType::kFixed) {
    return absl::StrCat("fixed ", absl::StrJoin(buckets.keys, " "), " x ",
                        buckets.multiplier);
  }
  return absl::StrCat(static_cast<int>(buckets.type), " ", buckets.min, "..",
                      buckets.max, " x ", buckets.multiplier);
}

}  // namespace internal

inline FamilyNames::Family FamilyNames::MakeFamily(const MetricConfig& metric,
                                                   std::string_view owner) {
  return {metric.kind, metric.help, internal::SeriesLabels(metric),
          internal::BucketText(metric), std::string(owner)};
}

inline std::optional<std::string> FamilyNames::Difference(
    const MetricConfig& metric, const Family& family) const {
  const Family mine = MakeFamily(metric, "");
  const std::string taken =
      absl::StrCat("the name is taken by ", family.owner, " with ");
  if (mine.kind != family.kind) {
    return absl::StrCat(taken, "another type, ",
                        internal::KindName(family.kind), "; rename this one");
  }
  if (mine.labels != family.labels) {
    return absl::StrCat(taken, "other labels, [",
                        absl::StrJoin(family.labels, ", "),
                        "]; make them equal, in the same order, or rename this "
                        "one");
  }
  if (mine.buckets != family.buckets) {
    return absl::StrCat(taken,
                        "other buckets; make them equal or rename this "
                        "one");
  }
  return std::nullopt;
}

inline std::optional<std::string> FamilyNames::Conflict(
    const MetricConfig& metric) const {
  for (const std::string& sample : internal::SampleNames(metric)) {
    if (Contains(kBuiltinMetrics, sample)) {
      return absl::StrCat(Quoted(sample),
                          " is a metric of the exporter itself; rename this "
                          "one");
    }
    const auto taken = samples_.find(sample);
    if (taken == samples_.end() || taken->second == metric.name) continue;
    return absl::StrCat(
        "its ", Quoted(sample), " is also a name of ", Quoted(taken->second),
        " of ", families_.find(taken->second)->second.owner, "; rename one");
  }
  const auto family = families_.find(metric.name);
  if (family == families_.end()) return std::nullopt;
  return Difference(metric, family->second);
}

inline std::optional<std::string> FamilyNames::OtherHelp(
    const MetricConfig& metric) const {
  const auto family = families_.find(metric.name);
  if (family == families_.end()) return std::nullopt;
  if (family->second.help == metric.help) return std::nullopt;
  return family->second.help;
}

inline void FamilyNames::Take(const MetricConfig& metric,
                              std::string_view owner) {
  families_.try_emplace(metric.name, MakeFamily(metric, owner));
  for (const std::string& sample : internal::SampleNames(metric)) {
    samples_.try_emplace(sample, metric.name);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_FAMILIES_H_
