#include "cmd/overhead-bench/read_json.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "rapidjson/document.h"
#include "rapidjson/error/en.h"

namespace ebpf_exporter {
namespace {

using Value = rapidjson::Value;

const Value* Find(const Value& object, const char* name) {
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

// Empty, or 0, if it is not there or something else.
std::string Text(const Value& object, const char* name) {
  const Value* value = Find(object, name);
  if (value == nullptr || !value->IsString()) return "";
  return {value->GetString(), value->GetStringLength()};
}

double Number(const Value& object, const char* name) {
  const Value* value = Find(object, name);
  return value != nullptr && value->IsNumber() ? value->GetDouble() : 0;
}

bool Truth(const Value& object, const char* name) {
  const Value* value = Find(object, name);
  return value != nullptr && value->IsBool() && value->GetBool();
}

void ReadEnvironment(const Value& object, Environment& environment) {
  for (const auto& member : object.GetObject()) {
    if (!member.value.IsString()) continue;
    environment.facts.emplace_back(member.name.GetString(),
                                   member.value.GetString());
  }
  const Value* comparable = Find(object, "comparable");
  if (comparable != nullptr && comparable->IsBool()) {
    environment.comparable = comparable->GetBool();
  }
  const Value* warnings = Find(object, "warnings");
  if (warnings == nullptr || !warnings->IsArray()) return;
  for (const Value& warning : warnings->GetArray()) {
    if (!warning.IsString()) continue;
    environment.warnings.emplace_back(warning.GetString());
  }
}

void ReadNumbers(const Value& object, Row& row) {
  Difference& added = row.added;
  added.median = Number(object, "median_ns");
  added.interval = {Number(object, "ci_low_ns"), Number(object, "ci_high_ns")};
  added.mad = Number(object, "mad_ns");
  added.baseline = Number(object, "baseline_ns");
  added.probability = Number(object, "probability");
  added.distinguishable = Truth(object, "distinguishable");
  added.samples = static_cast<size_t>(Number(object, "samples"));
  added.outliers = static_cast<size_t>(Number(object, "outliers"));
  row.run_time = Number(object, "run_time_ns");
  row.note = Text(object, "note");
  const Value* rounds = Find(object, "rounds_ns");
  if (rounds == nullptr || !rounds->IsArray()) return;
  for (const Value& round : rounds->GetArray()) {
    if (round.IsNumber()) row.rounds.push_back(round.GetDouble());
  }
}

// What is wrong with a result, or nothing.
std::string ReadRow(const Value& object, Row& row) {
  if (!object.IsObject()) return "is not an object";
  row.kind = Text(object, "kind");
  if (row.kind.empty()) return "has no \"kind\"";
  row.program = Text(object, "program");
  row.map = Text(object, "map");
  row.cpus = static_cast<int>(Number(object, "cpus"));
  row.unavailable = Text(object, "unavailable");
  if (!row.unavailable.empty()) return "";
  for (const char* name : {"median_ns", "ci_low_ns", "ci_high_ns"}) {
    const Value* value = Find(object, name);
    if (value == nullptr || !value->IsNumber()) {
      return absl::StrCat("has no number \"", name, "\"");
    }
  }
  ReadNumbers(object, row);
  return "";
}

absl::Status Wrong(std::string_view name, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": ", what,
                   "; it must be what overhead-bench prints with --format "
                   "json"));
}

}  // namespace

absl::StatusOr<Report> ReadJson(std::string_view text, std::string_view name) {
  rapidjson::Document document;
  // Without recursion: a file may be nested as deep as it likes.
  document.Parse<rapidjson::kParseIterativeFlag |
                 rapidjson::kParseFullPrecisionFlag>(text.data(), text.size());
  if (document.HasParseError()) {
    return Wrong(name,
                 absl::StrCat("byte ", document.GetErrorOffset(), ": ",
                              GetParseError_En(document.GetParseError())));
  }
  if (!document.IsObject()) return Wrong(name, "it is not a JSON object");
  const Value* results = Find(document, "results");
  if (results == nullptr || !results->IsArray()) {
    return Wrong(name, "it has no list \"results\"");
  }
  Report report;
  report.command = Text(document, "command");
  report.baseline_ns = Number(document, "baseline_ns");
  report.stats_cost_ns = Number(document, "stats_cost_ns");
  report.interrupted = Truth(document, "interrupted");
  const Value* environment = Find(document, "environment");
  if (environment != nullptr && environment->IsObject()) {
    ReadEnvironment(*environment, report.environment);
  }
  for (const Value& result : results->GetArray()) {
    const std::string wrong = ReadRow(result, report.rows.emplace_back());
    if (!wrong.empty()) {
      return Wrong(name,
                   absl::StrCat("result ", report.rows.size(), " ", wrong));
    }
  }
  return report;
}

}  // namespace ebpf_exporter
