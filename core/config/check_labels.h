// Judges the labels of one metric: names, sizes, decoder chains.

#ifndef EBPF_EXPORTER_CORE_CONFIG_CHECK_LABELS_H_
#define EBPF_EXPORTER_CORE_CONFIG_CHECK_LABELS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/config.h"
#include "core/config/decoder_inputs.h"
#include "core/config/names.h"
#include "core/config/nearest.h"
#include "core/config/quote.h"
#include "core/config/reporter.h"

namespace ebpf_exporter {

inline constexpr size_t kMaxLabels = 64;

// Every label of `metric`; sizes may be missing where `sizes_from_btf`.
// A histogram's bucket label is one of them here.
void CheckLabels(const MetricConfig& metric, bool sizes_from_btf,
                 Reporter& reporter);

namespace internal {

inline std::string InMetric(const MetricConfig& metric) {
  return absl::StrCat("metric ", Quoted(metric.name), ": ");
}

inline std::string InLabel(const MetricConfig& metric,
                           const LabelConfig& label) {
  return absl::StrCat(InMetric(metric), "label ", Quoted(label.name), ": ");
}

inline void CheckLabelName(const MetricConfig& metric, const LabelConfig& label,
                           Reporter& reporter) {
  const std::string where = InLabel(metric, label);
  if (label.name.empty()) {
    reporter.Error(
        label.mark,
        absl::StrCat(InMetric(metric), "a label has no name; add `name:`"));
  } else if (label.name.size() > kMaxNameBytes) {
    reporter.Error(label.mark,
                   absl::StrCat(where, "the name has more than ", kMaxNameBytes,
                                " bytes; shorten it"));
  } else if (!IsLabelName(label.name)) {
    reporter.Error(label.mark,
                   absl::StrCat(where,
                                "not a label name; use letters, digits and _, "
                                "and begin with no digit"));
  } else if (label.name == "le") {
    reporter.Error(label.mark,
                   absl::StrCat(where,
                                "`le` is reserved for the buckets of "
                                "histograms; rename it"));
  } else if (absl::StartsWith(label.name, "__")) {
    reporter.Error(label.mark,
                   absl::StrCat(where,
                                "names that begin with __ are reserved; rename "
                                "it"));
  } else if (label.name == "instance" || label.name == "job") {
    reporter.Warning(label.mark,
                     absl::StrCat(where,
                                  "Prometheus sets this label itself "
                                  "and renames yours to exported_",
                                  label.name));
  }
}

inline void CheckDecoderName(const std::string& where,
                             const DecoderConfig& decoder, Reporter& reporter) {
  if (Contains(kDecoderNames, decoder.name)) return;
  std::string message;
  if (decoder.name.empty()) {
    message = "a decoder has no name; add `name:`";
  } else if (const auto nearest = Nearest(decoder.name, kDecoderNames)) {
    message = absl::StrCat("unknown decoder ", Quoted(decoder.name),
                           "; did you mean ", Quoted(*nearest), "?");
  } else {
    message = absl::StrCat("unknown decoder ", Quoted(decoder.name),
                           "; there are: ", absl::StrJoin(kDecoderNames, ", "));
  }
  reporter.Error(decoder.mark, absl::StrCat(where, message));
}

// The maps and patterns that a decoder cannot work without.
inline void CheckDecoderKeys(const std::string& where,
                             const DecoderConfig& decoder, Reporter& reporter) {
  const auto error = [&](std::string_view message) {
    reporter.Error(decoder.mark, absl::StrCat(where, message));
  };
  const auto warning = [&](std::string_view message) {
    reporter.Warning(decoder.mark, absl::StrCat(where, message));
  };
  if (decoder.name == "static_map" && !decoder.has_static_map) {
    error("empty mapping; add `static_map:` with `key: value` lines below it");
  } else if (decoder.name == "static_map" && decoder.static_map.empty()) {
    warning("the mapping has no entries, so every value is unknown to it");
  } else if (decoder.name == "regexp" && !decoder.has_regexps) {
    error("no patterns; add `regexps:` with a list of them below it");
  } else if (decoder.name == "regexp" && decoder.regexps.empty()) {
    warning("the list of patterns is empty, so every entry is dropped");
  }
}

// Why the decoder at `i` of the chain cannot mean what it gets, with the mend;
// empty if it can.
inline std::string ChainMisfit(const LabelConfig& label, size_t i) {
  const std::string& name = label.decoders[i].name;
  const DecoderInput input = InputsOf(name).input;
  const std::string before =
      i == 0 ? "raw bytes"
             : absl::StrCat("the text of ", Quoted(label.decoders[i - 1].name));
  if (i > 0 && input == DecoderInput::kRaw) {
    return absl::StrCat(Quoted(name), " reads raw bytes but gets ", before,
                        "; put it first in the list");
  }
  if (i == 0 && input == DecoderInput::kText) {
    return absl::StrCat(Quoted(name), " compares text but gets ", before,
                        "; put \"uint\" or \"string\" before it");
  }
  if (input == DecoderInput::kNumber &&
      (i == 0 || !InputsOf(label.decoders[i - 1].name).gives_number)) {
    return absl::StrCat(Quoted(name), " reads the text of a number but gets ",
                        before, "; put \"uint\" before it");
  }
  return "";
}

inline void CheckChain(const std::string& where, const LabelConfig& label,
                       Reporter& reporter) {
  for (size_t i = 0; i < label.decoders.size(); ++i) {
    const std::string misfit = ChainMisfit(label, i);
    if (misfit.empty()) continue;
    reporter.Warning(label.decoders[i].mark, absl::StrCat(where, misfit));
  }
}

inline void CheckDecoders(const MetricConfig& metric, const LabelConfig& label,
                          Reporter& reporter) {
  const std::string where = InLabel(metric, label);
  if (label.decoders.empty()) {
    reporter.Error(label.mark,
                   absl::StrCat(where,
                                "no decoders; add `decoders:` with at least "
                                "one, such as `- name: uint`"));
  }
  for (const DecoderConfig& decoder : label.decoders) {
    CheckDecoderName(where, decoder, reporter);
    CheckDecoderKeys(where, decoder, reporter);
  }
  CheckChain(where, label, reporter);
}

inline void CheckSizes(const MetricConfig& metric, bool sizes_from_btf,
                       Reporter& reporter) {
  uint64_t sum = 0;
  for (const LabelConfig& label : metric.labels) {
    sum += uint64_t{label.size} + label.padding;
    if (label.size > 0 || sizes_from_btf) continue;
    reporter.Error(label.mark,
                   absl::StrCat(InLabel(metric, label),
                                "size must be greater than 0; add `size:` with "
                                "the bytes it takes in the key"));
  }
  if (sum <= std::numeric_limits<uint32_t>::max()) return;
  reporter.Error(metric.mark,
                 absl::StrCat(InMetric(metric), "the label sizes add up to ",
                              sum, " bytes, more than any key can have"));
}

}  // namespace internal

inline void CheckLabels(const MetricConfig& metric, bool sizes_from_btf,
                        Reporter& reporter) {
  if (metric.labels.size() > kMaxLabels) {
    reporter.Error(metric.mark, absl::StrCat(internal::InMetric(metric),
                                             metric.labels.size(), " labels; ",
                                             kMaxLabels, " are possible"));
  }
  std::set<std::string_view> names;
  for (const LabelConfig& label : metric.labels) {
    internal::CheckLabelName(metric, label, reporter);
    internal::CheckDecoders(metric, label, reporter);
    if (names.insert(label.name).second || label.name.empty()) continue;
    reporter.Error(label.mark,
                   absl::StrCat(internal::InLabel(metric, label),
                                "the name is used twice; rename one"));
  }
  internal::CheckSizes(metric, sizes_from_btf, reporter);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_CHECK_LABELS_H_
