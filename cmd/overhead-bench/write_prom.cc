// Exposition text, through the exporter's own writer.

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/family_book.h"
#include "cmd/overhead-bench/writers.h"
#include "core/exposition/prometheus_text.h"

namespace ebpf_exporter {
namespace {

struct StringSink {
  std::string text;
  bool Write(std::string_view chunk) {
    text += chunk;
    return true;
  }
};

constexpr double kNanosecond = 1e-9;

struct Measure {
  std::string_view name;
  std::string_view help;
  double (*value)(const Row&);
};

constexpr Measure kMeasures[] = {
    {"added_seconds", "What the program adds to one operation: the median.",
     [](const Row& row) { return row.added.median * kNanosecond; }},
    {"added_low_seconds", "The lower end of its interval of 95 %.",
     [](const Row& row) { return row.added.interval.low * kNanosecond; }},
    {"added_high_seconds", "The upper end of its interval of 95 %.",
     [](const Row& row) { return row.added.interval.high * kNanosecond; }},
    {"baseline_seconds", "One operation without the program.",
     [](const Row& row) { return row.added.baseline * kNanosecond; }},
    {"run_time_seconds", "Time within the program, for each operation.",
     [](const Row& row) { return row.run_time * kNanosecond; }},
    {"distinguishable", "1 if the difference is no chance, else 0.",
     [](const Row& row) { return row.added.distinguishable ? 1.0 : 0.0; }},
    {"samples", "Rounds that were measured.",
     [](const Row& row) { return static_cast<double>(row.added.samples); }},
};

std::string Name(std::string_view measure) {
  return absl::StrCat("ebpf_exporter_overhead_", measure);
}

void AddRow(const Report& report, const Row& row, FamilyBook& book) {
  const std::string cpus = absl::StrCat(row.cpus);
  if (!row.unavailable.empty()) {
    book.Open(Name("unavailable"), "1 for what this host cannot measure.",
              FamilyType::kGauge)
        .Add({{"command", report.command},
              {"cpus", cpus},
              {"kind", row.kind},
              {"map", row.map},
              {"program", row.program},
              {"reason", row.unavailable}},
             1.0);
    return;
  }
  for (const Measure& measure : kMeasures) {
    book.Open(Name(measure.name), measure.help, FamilyType::kGauge)
        .Add({{"command", report.command},
              {"cpus", cpus},
              {"kind", row.kind},
              {"map", row.map},
              {"program", row.program}},
             measure.value(row));
  }
  for (const auto& [part, value] : row.parts) {
    book.Open(Name(part), "A part of the result, see the command's help.",
              FamilyType::kGauge)
        .Add({{"command", report.command},
              {"cpus", cpus},
              {"kind", row.kind},
              {"map", row.map},
              {"program", row.program}},
             value);
  }
}

// Nothing of a fact that the host did not tell.
std::string_view FactOf(const Report& report, std::string_view name) {
  for (const auto& [fact, value] : report.environment.facts) {
    if (fact == name) return value;
  }
  return "";
}

void AddEnvironment(const Report& report, FamilyBook& book) {
  const auto fact = [&report](std::string_view name) {
    return std::pair<std::string_view, std::string_view>(name,
                                                         FactOf(report, name));
  };
  book.Open(Name("environment_info"), "What was measured on.",
            FamilyType::kGauge)
      .Add({{"command", report.command},
            fact("cpu"),
            fact("governor"),
            fact("jit"),
            fact("kernel"),
            fact("libbpf"),
            fact("mitigations"),
            fact("objects"),
            fact("smt"),
            fact("virtualisation")},
           1.0);
  book.Open(Name("comparable"),
            "0 where CPUs are emulated, so that no other host compares.",
            FamilyType::kGauge)
      .Add({{"command", report.command}},
           report.environment.comparable ? 1.0 : 0.0);
}

}  // namespace

std::string WriteProm(const Report& report) {
  FamilyBook book;
  book.Begin();
  AddEnvironment(report, book);
  for (const Row& row : report.rows) AddRow(report, row, book);
  std::vector<PlainFamily> families;
  book.Write(families);
  StringSink sink;
  PrometheusTextWriter<StringSink> writer(&sink);
  for (const PlainFamily& family : families) writer.Write(family);
  writer.Finish();
  return sink.text;
}

}  // namespace ebpf_exporter
