#include "cmd/overhead-bench/compare_command.h"

#include <iostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/config_source.h"
#include "cmd/overhead-bench/compare.h"
#include "cmd/overhead-bench/output.h"
#include "cmd/overhead-bench/read_json.h"

namespace ebpf_exporter {
namespace {

absl::StatusOr<Report> ReadReport(const std::string& path) {
  constexpr size_t kLimit = 64 << 20;
  const absl::StatusOr<std::string> text = ReadRegularFile(path, kLimit);
  if (!text.ok()) return text.status();
  return ReadJson(*text, path);
}

std::string Formatted(const Comparison& comparison, const std::string& format) {
  if (format == "json") return WriteComparisonJson(comparison);
  if (format == "markdown") return WriteComparisonMarkdown(comparison);
  return WriteComparison(comparison);
}

}  // namespace

int RunCompare(const CompareFlags& flags) {
  const absl::StatusOr<Report> before = ReadReport(flags.before);
  if (!before.ok()) return PrintError(std::string(before.status().message()));
  const absl::StatusOr<Report> after = ReadReport(flags.after);
  if (!after.ok()) return PrintError(std::string(after.status().message()));
  if (before->command != after->command) {
    return PrintError(absl::StrCat(
        flags.before, " is of `", before->command, "` and ", flags.after,
        " of `", after->command, "`: nothing in them can be compared"));
  }
  const Comparison comparison = CompareReports(*before, *after);
  std::cout << Formatted(comparison, flags.format) << std::flush;
  if (!std::cout) return PrintError("cannot write to standard output");
  return flags.fail && AnyDearer(comparison) ? kExitBudgetBroken : 0;
}

}  // namespace ebpf_exporter
