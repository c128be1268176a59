#include "benchmark/programs/report.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kLegend = R"(
Nanoseconds. Medians, and in brackets where the true median lies (95 %); noise: may be no difference.
  added     to one getppid, by a program on tp_btf/sys_enter     2 CPUs  the same on two CPUs that count under one key
  counting  added, less what the empty program adds              run     in the program, as the kernel accounts it
  walk      reading a counter or histogram of a full map
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

// What the first result adds, if it is the empty program.
double EmptyAdded(const Results& results) {
  if (results.empty() || results[0].variant.form != Form::kEmpty) return 0;
  return results[0].added.median;
}

std::string Line(const Result& r, double empty) {
  const bool counts = r.variant.form != Form::kEmpty;
  return absl::StrFormat(
      "%-8s %-16s %-7s %-22s %9s %-24s %7.1f %9s\n", r.variant.program,
      r.variant.map, r.variant.code, Added(r.added),
      counts ? absl::StrFormat("%.1f", r.added.median - empty) : "-",
      r.contended.has_value() ? Added(*r.contended) : "-", r.run_time,
      counts ? absl::StrFormat("%.1f", r.walk) : "-");
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

std::string Object(const Result& r, const Difference& added, int cpus) {
  return absl::StrCat(
      "{\"kind\": \"tp_btf\", \"program\": ", Quoted(r.variant.program),
      ", \"map\": ", Quoted(r.variant.map),
      ", \"code\": ", Quoted(r.variant.code), ", \"cpus\": ", cpus,
      ", \"median_ns\": ", added.median,
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
  if (!results.empty()) {
    absl::StrAppendFormat(&text, "getppid alone: %.1f ns; %d rounds\n\n",
                          results[0].added.baseline, results[0].added.samples);
  }
  absl::StrAppendFormat(&text, "%-8s %-16s %-7s %-22s %9s %-24s %7s %9s\n",
                        "program", "map", "code", "added", "counting", "2 CPUs",
                        "run", "walk");
  const double empty = EmptyAdded(results);
  for (const Result& result : results) text += Line(result, empty);
  absl::StrAppend(&text, kLegend);
  return text;
}

std::string JsonReport(const Results& results, std::string_view environment) {
  std::vector<std::string> objects;
  for (const Result& result : results) {
    objects.push_back(Object(result, result.added, 1));
    if (result.contended.has_value()) {
      objects.push_back(Object(result, *result.contended, 2));
    }
  }
  return absl::StrCat(
      "{\"environment\": ", Quoted(environment),
      ",\n \"baseline_ns\": ", results.empty() ? 0 : results[0].added.baseline,
      ",\n \"results\": [\n  ", absl::StrJoin(objects, ",\n  "), "\n]}\n");
}

}  // namespace ebpf_exporter
