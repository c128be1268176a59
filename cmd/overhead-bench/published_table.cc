// What others published, beside what was found here.

#include "absl/strings/str_format.h"
#include "cmd/overhead-bench/published.h"
#include "cmd/overhead-bench/report_table.h"

namespace ebpf_exporter {
namespace {

const Row* FindRow(const Report& report, std::string_view kind,
                   std::string_view program) {
  for (const Row& row : report.rows) {
    const bool map_is_usual = row.map.empty() || row.map == "hash";
    if (row.kind == kind && row.program == program && row.cpus == 1 &&
        map_is_usual) {
      return &row;
    }
  }
  return nullptr;
}

std::string PublishedCell(double added, double baseline) {
  if (added == 0) return "-";
  return absl::StrFormat("+%.0f (%.0f %%)", added, Percent(added, baseline));
}

std::string HereCell(const Row* row) {
  if (row == nullptr) return "-";
  if (!row->unavailable.empty()) return "not here";
  if (!row->added.distinguishable) return "noise";
  return absl::StrFormat("+%.0f (%.0f %%)", row->added.median,
                         AddedPercent(*row));
}

}  // namespace

std::optional<TextTable> PublishedTable(const Report& report) {
  if (report.command != "probes") return std::nullopt;
  TextTable table;
  table.right = {false, false, true, true, true};
  table.heading = {"kind", "program", std::string(kVersion1.name),
                   std::string(kVersion2.name), "here"};
  table.rows.push_back({"no program", "",
                        absl::StrFormat("%.0f", kVersion1.baseline_ns),
                        absl::StrFormat("%.0f", kVersion2.baseline_ns),
                        absl::StrFormat("%.0f", report.baseline_ns)});
  for (const PublishedCost& cost : kPublished) {
    table.rows.push_back(
        {std::string(cost.kind), std::string(cost.program),
         PublishedCell(cost.added_v1_ns, kVersion1.baseline_ns),
         PublishedCell(cost.added_v2_ns, kVersion2.baseline_ns),
         HereCell(FindRow(report, cost.kind, cost.program))});
  }
  return table;
}

}  // namespace ebpf_exporter
