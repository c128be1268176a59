// CSV, for spreadsheets.

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/overhead-bench/writers.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kHeading =
    "kind,program,map,cpus,median_ns,ci_low_ns,ci_high_ns,mad_ns,baseline_ns,"
    "percent,run_time_ns,distinguishable,samples,outliers";

std::string Field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

void AppendNumber(double number, std::string& line) {
  absl::StrAppendFormat(&line, ",%.3f", std::isfinite(number) ? number : 0.0);
}

void AppendNumbers(const Row& row, std::string& line) {
  const Difference& added = row.added;
  for (const double number :
       {added.median, added.interval.low, added.interval.high, added.mad,
        added.baseline, AddedPercent(row), row.run_time}) {
    AppendNumber(number, line);
  }
  absl::StrAppend(&line, ",", added.distinguishable ? "true" : "false", ",",
                  added.samples, ",", added.outliers);
}

// The names of parts, which all rows share.
std::vector<std::string> PartNames(const Report& report) {
  std::vector<std::string> names;
  for (const Row& row : report.rows) {
    if (!row.unavailable.empty()) continue;
    for (const auto& [name, value] : row.parts) names.push_back(name);
    break;
  }
  return names;
}

}  // namespace

std::string WriteCsv(const Report& report) {
  constexpr size_t kNumbers = 10;
  const std::vector<std::string> parts = PartNames(report);
  std::string text(kHeading);
  for (const std::string& part : parts) absl::StrAppend(&text, ",", part);
  text += ",unavailable,comparable\r\n";
  for (const Row& row : report.rows) {
    std::string line = absl::StrCat(Field(row.kind), ",", Field(row.program),
                                    ",", Field(row.map), ",", row.cpus);
    if (row.unavailable.empty()) {
      AppendNumbers(row, line);
      for (const std::string& part : parts) {
        AppendNumber(PartOf(row, part), line);
      }
    } else {
      line.append(kNumbers + parts.size(), ',');
    }
    absl::StrAppend(&text, line, ",", Field(row.unavailable), ",",
                    report.environment.comparable ? "true" : "false", "\r\n");
  }
  return text;
}

}  // namespace ebpf_exporter
