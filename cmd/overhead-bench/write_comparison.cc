// A comparison as a table, as Markdown and as JSON.

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/overhead-bench/compare.h"
#include "cmd/overhead-bench/text_table.h"
#include "rapidjson/prettywriter.h"
#include "rapidjson/stringbuffer.h"

namespace ebpf_exporter {
namespace {

// Medians are shown where something differs or they mean something themselves.
std::string MedianCell(const Row& row) {
  return row.added.distinguishable ? absl::StrFormat("%.1f", row.added.median)
                                   : "noise";
}

TextTable::Cells CellsOf(const ComparedRow& row) {
  TextTable::Cells cells = {row.before.kind, row.before.program,
                            row.before.map.empty() ? "-" : row.before.map,
                            absl::StrCat(row.before.cpus)};
  if (!row.missing.empty()) {
    cells.push_back(row.missing);
    return cells;
  }
  cells.push_back(MedianCell(row.before));
  cells.push_back(MedianCell(row.after));
  cells.push_back(row.significant ? absl::StrFormat("%+.1f", row.change_ns)
                                  : "no difference");
  cells.push_back(absl::StrFormat("%.2g", row.probability));
  return cells;
}

using JsonWriter = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void WriteRow(JsonWriter& out, const ComparedRow& row) {
  out.StartObject();
  out.Key("kind");
  out.String(row.before.kind.c_str());
  out.Key("program");
  out.String(row.before.program.c_str());
  out.Key("map");
  out.String(row.before.map.c_str());
  out.Key("cpus");
  out.Int(row.before.cpus);
  if (row.missing.empty()) {
    out.Key("before_ns");
    out.Double(row.before.added.median);
    out.Key("after_ns");
    out.Double(row.after.added.median);
    out.Key("change_ns");
    out.Double(row.change_ns);
    out.Key("probability");
    out.Double(row.probability);
    out.Key("significant");
    out.Bool(row.significant);
  } else {
    out.Key("unavailable");
    out.String(row.missing.c_str());
  }
  out.EndObject();
}

TextTable TableOf(const Comparison& comparison) {
  TextTable table;
  table.right = {false, false, false, true, true, true, true, true};
  table.heading = {"kind",      "program",  "map",       "CPUs",
                   "before ns", "after ns", "change ns", "by chance"};
  for (const ComparedRow& row : comparison.rows) {
    table.rows.push_back(CellsOf(row));
  }
  return table;
}

}  // namespace

std::string WriteComparison(const Comparison& comparison) {
  std::string text;
  for (const std::string& warning : comparison.warnings) {
    absl::StrAppend(&text, "WARNING: ", warning, "\n");
  }
  return absl::StrCat(text, AlignedText(TableOf(comparison)));
}

std::string WriteComparisonMarkdown(const Comparison& comparison) {
  std::string text;
  for (const std::string& warning : comparison.warnings) {
    absl::StrAppend(&text, "**Warning:** ", warning, "\n\n");
  }
  return absl::StrCat(text, MarkdownText(TableOf(comparison)));
}

std::string WriteComparisonJson(const Comparison& comparison) {
  rapidjson::StringBuffer buffer;
  JsonWriter out(buffer);
  out.SetIndent(' ', 1);
  out.StartObject();
  out.Key("warnings");
  out.StartArray();
  for (const std::string& text : comparison.warnings) out.String(text.c_str());
  out.EndArray();
  out.Key("results");
  out.StartArray();
  for (const ComparedRow& row : comparison.rows) WriteRow(out, row);
  out.EndArray();
  out.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace ebpf_exporter
