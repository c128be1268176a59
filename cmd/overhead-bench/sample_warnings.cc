#include "cmd/overhead-bench/sample_warnings.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {

std::string JudgeDrift(std::span<const double> baselines) {
  constexpr size_t kFewest = 6;
  constexpr double kMuch = 10;  // percent
  if (baselines.size() < kFewest) return "";
  const size_t third = baselines.size() / 3;
  const double first = Median(baselines.first(third));
  const double last = Median(baselines.last(third));
  const double change = Percent(last - first, first);
  if (std::max(change, -change) < kMuch) return "";
  return absl::StrFormat(
      "the operation alone took %.0f ns at first and %.0f ns at last: the "
      "clock "
      "or the load changed meanwhile; pairs taken together bear that, absolute "
      "figures do not",
      first, last);
}

std::string JudgeOutliers(const std::vector<Row>& rows) {
  constexpr double kMany = 10;  // percent
  size_t samples = 0;
  size_t outliers = 0;
  for (const Row& row : rows) {
    samples += row.added.samples;
    outliers += row.added.outliers;
  }
  const double share =
      Percent(static_cast<double>(outliers), static_cast<double>(samples));
  if (share < kMany) return "";
  return absl::StrFormat(
      "%.0f %% of the samples are far from the rest: something disturbs this "
      "host",
      share);
}

void AddSampleWarnings(std::span<const double> baselines, bool out_of_time,
                       Report& report) {
  std::vector<std::string>& warnings = report.environment.warnings;
  for (std::string warning :
       {JudgeDrift(baselines), JudgeOutliers(report.rows)}) {
    if (!warning.empty()) warnings.push_back(std::move(warning));
  }
  if (out_of_time) {
    warnings.push_back(
        "time was up before all rounds were taken; see `samples`, and "
        "--seconds");
  }
}

}  // namespace ebpf_exporter
