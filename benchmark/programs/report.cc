#include "benchmark/programs/report.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kLegend = R"(
Nanoseconds. Medians, and in brackets where the true median lies (95 %); noise: may be no difference.
  added     to one getppid               2 CPUs  the same on two CPUs that count under one key
  counting  added, less what the empty   run     in the program, as the kernel accounts it
            program of the kind adds     walk    reading a counter or histogram of a full map
)";

std::string ProcessorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

std::string Added(const Difference& added) {
  if (!added.distinguishable) return "noise";
  return absl::StrFormat("%.1f [%.1f, %.1f]", added.median, added.interval.low,
                         added.interval.high);
}

// Columns are as wide as in Heading().
std::string Line(const Result& r, double empty) {
  const Variant& v = r.variant;
  std::string line = absl::StrFormat("%-10s %-8s %-16s %-7s ", v.kind,
                                     v.program, v.map, v.code);
  if (!r.unavailable.empty()) return line + r.unavailable + "\n";
  const bool counts = v.form != Form::kEmpty && r.added.distinguishable;
  absl::StrAppendFormat(
      &line, "%-22s %9s %-24s %7.1f %9s\n", Added(r.added),
      counts ? absl::StrFormat("%.1f", r.added.median - empty) : "-",
      r.contended.empty() ? "-" : Added(r.contended[0].added), r.run_time,
      r.walk > 0 ? absl::StrFormat("%.1f", r.walk) : "-");
  return line;
}

std::string Heading() {
  return absl::StrFormat("%-10s %-8s %-16s %-7s %-22s %9s %-24s %7s %9s\n",
                         "kind", "program", "map", "code", "added", "counting",
                         "2 CPUs", "run", "walk");
}

// The first one that was measured: its baseline is that of the host.
const Result* FirstMeasured(const Results& results) {
  for (const Result& result : results) {
    if (result.unavailable.empty()) return &result;
  }
  return nullptr;
}

// Texts here are our own or the kernel's about itself.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return quoted + "\"";
}

std::string Names(const Variant& v, int cpus) {
  return absl::StrCat("\"kind\": ", Quoted(v.kind),
                      ", \"program\": ", Quoted(v.program),
                      ", \"map\": ", Quoted(v.map),
                      ", \"code\": ", Quoted(v.code), ", \"cpus\": ", cpus);
}

std::string Object(const Result& r, const Difference& added, int cpus) {
  if (!r.unavailable.empty()) {
    return absl::StrCat("{", Names(r.variant, cpus),
                        ", \"unavailable\": ", Quoted(r.unavailable), "}");
  }
  return absl::StrCat(
      "{", Names(r.variant, cpus), ", \"median_ns\": ", added.median,
      ", \"ci_low_ns\": ", added.interval.low,
      ", \"ci_high_ns\": ", added.interval.high, ", \"mad_ns\": ", added.mad,
      ", \"baseline_ns\": ", added.baseline, ", \"run_time_ns\": ", r.run_time,
      ", \"walk_ns\": ", r.walk,
      ", \"distinguishable\": ", added.distinguishable ? "true" : "false",
      ", \"samples\": ", added.samples, ", \"outliers\": ", added.outliers,
      "}");
}

}  // namespace

std::string Environment() {
  utsname name = {};
  uname(&name);
  return absl::StrCat("Linux ", name.release, ", ", ProcessorName(), ", ",
                      sysconf(_SC_NPROCESSORS_ONLN), " CPUs");
}

std::string TextReport(const Results& results, std::string_view environment) {
  std::string text = absl::StrCat(environment, "\n");
  if (const Result* first = FirstMeasured(results)) {
    absl::StrAppendFormat(&text, "getppid alone: %.1f ns; %d rounds\n",
                          first->added.baseline, first->added.samples);
  }
  absl::StrAppend(&text, "\n", Heading());
  std::map<std::string_view, double> empty;  // by kind
  for (const Result& result : results) {
    const Variant& variant = result.variant;
    if (variant.form == Form::kEmpty) empty[variant.kind] = result.added.median;
    text += Line(result, empty[variant.kind]);
  }
  absl::StrAppend(&text, kLegend);
  return text;
}

std::string JsonReport(const Results& results,
                       const std::vector<CodePair>& pairs,
                       std::string_view environment) {
  const Result* first = FirstMeasured(results);
  std::vector<std::string> objects;
  for (const Result& result : results) {
    objects.push_back(Object(result, result.added, 1));
    for (const Contended& contended : result.contended) {
      if (!contended.unavailable.empty()) continue;
      objects.push_back(Object(result, contended.added, contended.cpus));
    }
  }
  return absl::StrCat(
      "{\"environment\": ", Quoted(environment),
      ",\n \"baseline_ns\": ", first == nullptr ? 0 : first->added.baseline,
      ",\n \"results\": [\n  ", absl::StrJoin(objects, ",\n  "),
      "\n],\n \"helpers\": ", CodePairsJson(pairs), "}\n");
}

}  // namespace ebpf_exporter
