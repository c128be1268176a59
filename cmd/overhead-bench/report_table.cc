#include "cmd/overhead-bench/report_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ebpf_exporter {
namespace {

struct Column {
  std::string heading;
  bool right = false;
  std::function<std::string(const Row&)> cell;
};

bool AnyMeasured(const Report& report,
                 const std::function<bool(const Row&)>& is) {
  return std::ranges::any_of(report.rows, [&](const Row& row) {
    return row.unavailable.empty() && is(row);
  });
}

std::string Dash(const std::string& text) { return text.empty() ? "-" : text; }

// As many digits as matter: 0.042, 3.1, 250.
std::string Brief(double number) {
  const double size = std::abs(number);
  if (size != 0 && size < 0.1) return absl::StrFormat("%.2g", number);
  return size < 1000 ? absl::StrFormat("%.1f", number)
                     : absl::StrFormat("%.0f", number);
}

std::string PercentCell(const Row& row) {
  if (!row.added.distinguishable || row.added.baseline <= 0) return "-";
  return absl::StrFormat("%.1f %%", AddedPercent(row));
}

void AddParts(const Report& report, std::vector<Column>& columns) {
  const auto first = std::ranges::find_if(
      report.rows, [](const Row& row) { return row.unavailable.empty(); });
  if (first == report.rows.end()) return;
  for (const auto& [name, value] : first->parts) {
    columns.push_back({name, true, [part = name](const Row& row) {
                         return Brief(PartOf(row, part));
                       }});
  }
}

std::vector<Column> Columns(const Report& report) {
  std::vector<Column> columns = {
      {"kind", false, [](const Row& row) { return row.kind; }},
      {"program", false, [](const Row& row) { return row.program; }}};
  if (AnyMeasured(report, [](const Row& row) { return !row.map.empty(); })) {
    columns.push_back(
        {"map", false, [](const Row& row) { return Dash(row.map); }});
  }
  if (AnyMeasured(report, [](const Row& row) { return row.cpus != 1; })) {
    columns.push_back(
        {"CPUs", true, [](const Row& row) { return absl::StrCat(row.cpus); }});
  }
  columns.push_back({"added ns [95 %]", true,
                     [](const Row& row) { return AddedText(row.added); }});
  if (AnyMeasured(report,
                  [](const Row& row) { return row.added.baseline > 0; })) {
    columns.push_back({"added", true, PercentCell});
  }
  if (AnyMeasured(report, [](const Row& row) { return row.run_time != 0; })) {
    columns.push_back({"in the program ns", true,
                       [](const Row& row) { return Brief(row.run_time); }});
  }
  AddParts(report, columns);
  if (AnyMeasured(report, [](const Row& row) { return !row.note.empty(); })) {
    columns.push_back({"", false, [](const Row& row) { return row.note; }});
  }
  return columns;
}

TextTable::Cells UnavailableCells(const Row& row, bool is_all, size_t columns) {
  TextTable::Cells cells = {row.kind, is_all ? "-" : row.program};
  // Only the last cell may span others.
  if (columns < 3) cells = {row.kind};
  const std::string cpus =
      row.cpus > 1 ? absl::StrCat(row.map, row.map.empty() ? "" : ", ",
                                  row.cpus, " CPUs: ")
                   : "";
  cells.push_back(absl::StrCat("not here: ", cpus, row.unavailable));
  return cells;
}

bool SameReason(const Row& one, const Row& other) {
  return one.kind == other.kind && one.cpus == other.cpus &&
         one.unavailable == other.unavailable;
}

}  // namespace

std::string AddedText(const Difference& added) {
  if (added.distinguishable) {
    return absl::StrFormat("%.1f [%.1f, %.1f]", added.median,
                           added.interval.low, added.interval.high);
  }
  if (added.samples == 0) return "-";
  return absl::StrFormat("noise (within %s)",
                         Brief(std::max(std::abs(added.interval.low),
                                        std::abs(added.interval.high))));
}

TextTable ResultTable(const Report& report) {
  const std::vector<Column> columns = Columns(report);
  TextTable table;
  for (const Column& column : columns) {
    table.heading.push_back(column.heading);
    table.right.push_back(column.right);
  }
  for (size_t i = 0; i < report.rows.size(); ++i) {
    const Row& row = report.rows[i];
    if (!row.unavailable.empty()) {
      const size_t first = i;
      while (i + 1 < report.rows.size() &&
             SameReason(row, report.rows[i + 1])) {
        ++i;
      }
      table.rows.push_back(UnavailableCells(row, i > first, columns.size()));
      continue;
    }
    TextTable::Cells cells;
    for (const Column& column : columns) cells.push_back(column.cell(row));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace ebpf_exporter
