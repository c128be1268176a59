// The rules of promtool's metric lint that names alone decide. All of them are
// habits, not errors: https://prometheus.io/docs/practices/naming.

#ifndef EBPF_EXPORTER_CORE_CONFIG_LINT_H_
#define EBPF_EXPORTER_CORE_CONFIG_LINT_H_

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/config/config.h"
#include "core/config/names.h"
#include "core/config/quote.h"

namespace ebpf_exporter {

// What is unusual about the names of `metric`, one sentence each.
std::vector<std::string> Lint(const MetricConfig& metric);

namespace internal {

// Words of a name that stand for a unit that is not the base unit.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 27>
    kUnits = {{{"s", "seconds"},
               {"ms", "seconds"},
               {"us", "seconds"},
               {"ns", "seconds"},
               {"sec", "seconds"},
               {"m", "seconds"},
               {"h", "seconds"},
               {"d", "seconds"},
               {"milliseconds", "seconds"},
               {"microseconds", "seconds"},
               {"nanoseconds", "seconds"},
               {"minutes", "seconds"},
               {"hours", "seconds"},
               {"days", "seconds"},
               {"weeks", "seconds"},
               {"b", "bytes"},
               {"kb", "bytes"},
               {"mb", "bytes"},
               {"gb", "bytes"},
               {"tb", "bytes"},
               {"pb", "bytes"},
               {"bits", "bytes"},
               {"kilobytes", "bytes"},
               {"kibibytes", "bytes"},
               {"megabytes", "bytes"},
               {"mebibytes", "bytes"},
               {"gigabytes", "bytes"}}};

inline bool HasCamelCase(std::string_view name) {
  for (size_t i = 1; i < name.size(); ++i) {
    if (absl::ascii_islower(static_cast<unsigned char>(name[i - 1])) &&
        absl::ascii_isupper(static_cast<unsigned char>(name[i]))) {
      return true;
    }
  }
  return false;
}

inline void LintSuffix(const MetricConfig& metric,
                       std::vector<std::string>& out) {
  const bool total = absl::EndsWith(metric.name, "_total");
  if (metric.kind == MetricKind::kCounter && !total) {
    out.push_back("the name of a counter ends in _total");
  }
  if (metric.kind != MetricKind::kCounter && total) {
    out.push_back("only the name of a counter ends in _total");
  }
  if (metric.kind == MetricKind::kHistogram) return;
  for (std::string_view suffix : {"_bucket", "_count", "_sum"}) {
    if (!absl::EndsWith(metric.name, suffix)) continue;
    out.push_back(
        absl::StrCat("only a histogram has names that end in ", suffix));
  }
}

inline void LintWords(const MetricConfig& metric,
                      std::vector<std::string>& out) {
  static constexpr std::array<std::string_view, 4> kTypes = {
      "counter", "gauge", "histogram", "summary"};
  for (std::string_view word : absl::StrSplit(metric.name, '_')) {
    if (Contains(kTypes, word)) {
      out.push_back(
          absl::StrCat("the name holds a metric type, ", Quoted(word)));
    }
    for (const auto& [unit, base] : kUnits) {
      if (unit != word) continue;
      out.push_back(absl::StrCat("the unit ", Quoted(word),
                                 " is not a base unit; use ", base));
    }
  }
}

}  // namespace internal

inline std::vector<std::string> Lint(const MetricConfig& metric) {
  std::vector<std::string> out;
  internal::LintSuffix(metric, out);
  internal::LintWords(metric, out);
  if (absl::StrContains(metric.name, ":")) {
    out.push_back("colons in names are for recording rules");
  }
  if (internal::HasCamelCase(metric.name)) {
    out.push_back("names are written in snake_case");
  }
  for (const LabelConfig& label : metric.labels) {
    if (!internal::HasCamelCase(label.name)) continue;
    out.push_back(absl::StrCat("label ", Quoted(label.name),
                               ": names are written in snake_case"));
  }
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_LINT_H_
