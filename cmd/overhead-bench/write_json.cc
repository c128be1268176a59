// JSON, for machines and for `compare`.

#include <cmath>

#include "cmd/overhead-bench/writers.h"
#include "rapidjson/prettywriter.h"
#include "rapidjson/stringbuffer.h"

namespace ebpf_exporter {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void WriteText(Writer& out, const char* name, const std::string& text) {
  out.Key(name);
  out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

double Finite(double number) { return std::isfinite(number) ? number : 0; }

void WriteNumber(Writer& out, const std::string& name, double number) {
  out.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  out.Double(Finite(number));
}

void WriteEnvironment(Writer& out, const Environment& environment) {
  out.Key("environment");
  out.StartObject();
  for (const auto& [name, value] : environment.facts) {
    WriteText(out, name.c_str(), value);
  }
  out.Key("warnings");
  out.StartArray();
  for (const std::string& warning : environment.warnings) {
    out.String(warning.data(),
               static_cast<rapidjson::SizeType>(warning.size()));
  }
  out.EndArray();
  out.Key("comparable");
  out.Bool(environment.comparable);
  out.EndObject();
}

void WriteNumbers(Writer& out, const Row& row) {
  const Difference& added = row.added;
  WriteNumber(out, "median_ns", added.median);
  WriteNumber(out, "ci_low_ns", added.interval.low);
  WriteNumber(out, "ci_high_ns", added.interval.high);
  WriteNumber(out, "mad_ns", added.mad);
  WriteNumber(out, "baseline_ns", added.baseline);
  WriteNumber(out, "percent", AddedPercent(row));
  WriteNumber(out, "run_time_ns", row.run_time);
  out.Key("distinguishable");
  out.Bool(added.distinguishable);
  // In full: it may be far below the last decimal of the others.
  out.SetMaxDecimalPlaces(Writer::kDefaultMaxDecimalPlaces);
  WriteNumber(out, "probability", added.probability);
  out.SetMaxDecimalPlaces(3);
  out.Key("samples");
  out.Uint64(added.samples);
  out.Key("outliers");
  out.Uint64(added.outliers);
  for (const auto& [name, value] : row.parts) WriteNumber(out, name, value);
  out.Key("rounds_ns");
  out.SetFormatOptions(rapidjson::kFormatSingleLineArray);
  out.StartArray();
  for (const double round : row.rounds) out.Double(Finite(round));
  out.EndArray();
  out.SetFormatOptions(rapidjson::kFormatDefault);
  if (!row.note.empty()) WriteText(out, "note", row.note);
}

void WriteRow(Writer& out, const Row& row) {
  out.StartObject();
  WriteText(out, "kind", row.kind);
  WriteText(out, "program", row.program);
  WriteText(out, "map", row.map);
  out.Key("cpus");
  out.Int(row.cpus);
  if (row.unavailable.empty()) {
    WriteNumbers(out, row);
  } else {
    WriteText(out, "unavailable", row.unavailable);
  }
  out.EndObject();
}

}  // namespace

std::string WriteJson(const Report& report) {
  rapidjson::StringBuffer buffer;
  Writer out(buffer);
  out.SetIndent(' ', 1);
  out.SetMaxDecimalPlaces(3);
  out.StartObject();
  WriteText(out, "command", report.command);
  WriteEnvironment(out, report.environment);
  WriteNumber(out, "baseline_ns", report.baseline_ns);
  WriteNumber(out, "stats_cost_ns", report.stats_cost_ns);
  out.Key("interrupted");
  out.Bool(report.interrupted);
  out.Key("results");
  out.StartArray();
  for (const Row& row : report.rows) WriteRow(out, row);
  out.EndArray();
  out.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace ebpf_exporter
