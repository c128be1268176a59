// Judges a Config as a whole before anything of it touches the kernel, and
// brings it into the form that the rest of the program relies on:
//
//   * a metric's table is named, a multiplier is positive, fixed keys ascend;
//   * counters of events are flushed after an hour unless they say otherwise;
//   * a program with an error is `refused` and reserves no name.
//
// An error costs its program; one without a program costs the file.

#ifndef EBPF_EXPORTER_CORE_CONFIG_VALIDATE_H_
#define EBPF_EXPORTER_CORE_CONFIG_VALIDATE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/config/check_buckets.h"
#include "core/config/check_hooks.h"
#include "core/config/check_labels.h"
#include "core/config/config.h"
#include "core/config/families.h"
#include "core/config/finding.h"
#include "core/config/lint.h"
#include "core/config/names.h"
#include "core/config/quote.h"
#include "core/config/reporter.h"

namespace ebpf_exporter {

struct ValidateOptions {
  // Off where nothing is loaded: a program without object and code, or with
  // code in any style, is no error then.
  bool require_object = true;
};

inline constexpr size_t kMaxHelpBytes = 8192;

// `taken` holds the names of configs validated before, and takes those of this
// one.
Findings Validate(Config& config, const ValidateOptions& options,
                  FamilyNames& taken);
Findings Validate(Config& config, const ValidateOptions& options = {});

namespace internal {

inline void CheckMetricName(const MetricConfig& metric, Reporter& reporter) {
  if (metric.name.empty()) {
    reporter.Error(metric.mark, "a metric has no name; add `name:`");
  } else if (metric.name.size() > kMaxNameBytes) {
    reporter.Error(metric.mark,
                   absl::StrCat(InMetric(metric), "the name has more than ",
                                kMaxNameBytes, " bytes; shorten it"));
  } else if (!IsMetricName(metric.name)) {
    reporter.Error(metric.mark,
                   absl::StrCat(InMetric(metric),
                                "not a metric name; use letters, digits and _, "
                                "and begin with no digit"));
  }
}

inline void CheckHelp(const MetricConfig& metric, Reporter& reporter) {
  if (metric.help.empty()) {
    reporter.Warning(metric.mark,
                     absl::StrCat(InMetric(metric),
                                  "no help; say with `help:` what it counts"));
  } else if (metric.help.size() > kMaxHelpBytes) {
    reporter.Error(metric.mark,
                   absl::StrCat(InMetric(metric), "help has more than ",
                                kMaxHelpBytes, " bytes; shorten it"));
  }
}

// A number or slots given by place; those given by member are found in BTF.
inline void CheckField(const MetricConfig& metric, std::string_view key,
                       const FieldConfig& field, Reporter& reporter) {
  if (!field.member.empty()) return;
  const std::string where = absl::StrCat(InMetric(metric), key, ": ");
  const bool fits_register =
      field.size == 1 || field.size == 2 || field.size == 4 || field.size == 8;
  if (!fits_register) {
    reporter.Error(field.mark, absl::StrCat(where, "size ", field.size,
                                            " is no number's; write 1, 2, 4 or "
                                            "8"));
    return;
  }
  if (field.count == 0) {
    reporter.Error(field.mark,
                   absl::StrCat(where, "count must be greater than 0"));
  }
  const uint64_t end =
      field.offset + uint64_t{field.size} * uint64_t{field.count};
  if (end <= std::numeric_limits<uint32_t>::max()) return;
  reporter.Error(field.mark, absl::StrCat(where, "it would end at byte ", end,
                                          ", beyond any map's value"));
}

// Counters of events count them: nothing of an event but its labels is read.
inline void CheckEvents(MetricConfig& metric, Reporter& reporter) {
  constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;
  if (metric.perf_map.empty()) return;
  if (metric.perf_map_flush_nanoseconds <= 0) {
    metric.perf_map_flush_nanoseconds = kHour;
  }
  if (metric.value) {
    reporter.Error(metric.value->mark,
                   absl::StrCat(InMetric(metric),
                                "`value:` has no meaning for events, each of "
                                "which counts as one; remove it"));
  }
}

inline void CheckMetric(MetricConfig& metric, bool sizes_from_btf,
                        Reporter& reporter) {
  if (metric.table.empty()) metric.table = metric.name;
  CheckMetricName(metric, reporter);
  CheckHelp(metric, reporter);
  CheckLabels(metric, sizes_from_btf && metric.perf_map.empty(), reporter);
  CheckEvents(metric, reporter);
  if (metric.value) CheckField(metric, "value", *metric.value, reporter);
  if (metric.slots) CheckField(metric, "slots", *metric.slots, reporter);
  if (metric.kind == MetricKind::kHistogram) {
    CheckBuckets(metric, reporter);
    CheckBucketLabel(metric, reporter);
  }
  for (const std::string& habit : Lint(metric)) {
    reporter.Warning(metric.mark, absl::StrCat(InMetric(metric), habit));
  }
}

// True when `metric` can be served beside what is taken.
inline bool CheckFamily(const MetricConfig& metric, const FamilyNames& taken,
                        Reporter& reporter) {
  if (const auto conflict = taken.Conflict(metric)) {
    reporter.Error(metric.mark, absl::StrCat(InMetric(metric), *conflict));
    return false;
  }
  if (const auto help = taken.OtherHelp(metric)) {
    reporter.Warning(metric.mark,
                     absl::StrCat(InMetric(metric), "served with the help ",
                                  Quoted(*help), " of the one before it"));
  }
  return true;
}

inline void CheckSources(const ProgramConfig& program, Reporter& reporter) {
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>>
      sources;
  for (const MetricConfig& metric : program.metrics) {
    const std::string_view member =
        metric.value ? std::string_view(metric.value->member) : "";
    const std::string& map =
        metric.perf_map.empty() ? metric.table : metric.perf_map;
    if (sources.emplace(metric.name, map, member).second) continue;
    reporter.Warning(
        metric.mark,
        absl::StrCat(InMetric(metric), "listed twice over table ", Quoted(map),
                     ", so that its entries count twice"));
  }
}

// Against the names taken before, and those of the program's own metrics before
// it; all of them are taken only if the whole program is good.
inline void CheckFamilies(const ProgramConfig& program,
                          const std::string& owner, FamilyNames& taken,
                          Reporter& reporter) {
  FamilyNames own;
  for (const MetricConfig& metric : program.metrics) {
    const bool good = CheckFamily(metric, taken, reporter) &&
                      CheckFamily(metric, own, reporter);
    if (good) own.Take(metric, owner);
  }
  if (program.refused || reporter.program_has_error()) return;
  for (const MetricConfig& metric : program.metrics) taken.Take(metric, owner);
}

inline void CheckProgramName(const ProgramConfig& program,
                             std::set<std::string>& names, Reporter& reporter) {
  if (program.name.empty()) {
    reporter.Error(program.mark, "a program has no name; add `name:`");
    return;
  }
  const auto is_control = [](unsigned char c) {
    return absl::ascii_iscntrl(c);
  };
  if (program.name.size() > kMaxNameBytes ||
      std::any_of(program.name.begin(), program.name.end(), is_control)) {
    reporter.Error(
        program.mark,
        absl::StrCat("program name ", Quoted(program.name), ": use at most ",
                     kMaxNameBytes, " bytes and no control characters"));
  }
  if (names.insert(program.name).second) return;
  reporter.Error(program.mark, absl::StrCat("program ", Quoted(program.name),
                                            ": the name is used twice; rename "
                                            "one"));
}

}  // namespace internal

inline Findings Validate(Config& config, const ValidateOptions& options,
                         FamilyNames& taken) {
  Reporter reporter(config.file);
  if (config.programs.empty()) {
    reporter.Error({}, "there are no programs; add one below `programs:`");
  }
  std::set<std::string> names;
  for (ProgramConfig& program : config.programs) {
    reporter.EnterProgram(program.name);
    internal::CheckProgramName(program, names, reporter);
    if (options.require_object) CheckObject(program, reporter);
    CheckHooks(program, reporter);
    const bool typed = !program.object.empty() ||
                       (options.require_object && !program.code.empty() &&
                        program.code_style == CodeStyle::kLiteral);
    for (MetricConfig& metric : program.metrics) {
      internal::CheckMetric(metric, typed, reporter);
    }
    const std::string owner =
        absl::StrCat("program ", Quoted(program.name), " (", config.file, ")");
    internal::CheckSources(program, reporter);
    internal::CheckFamilies(program, owner, taken, reporter);
    program.refused = program.refused || reporter.program_has_error();
  }
  return std::move(reporter).Take();
}

inline Findings Validate(Config& config, const ValidateOptions& options) {
  FamilyNames taken;
  return Validate(config, options, taken);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_VALIDATE_H_
