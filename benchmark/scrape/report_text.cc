#include <sys/utsname.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmark/scrape/report.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kLegend = R"(
ns of CPU an entry of the map, medians; client not counted.
  walk    the bare walk: batch calls alone      scrape  all of a scrape over HTTP, as text
  /walk   scrape to walk, in the same round     take, format, send  what the scrape adds to the walk
  first   first scrape of all these keys        gzip    a scrape in gzip, to the walk; text bytes to a sent byte
  found   surviving keys found by succession    B/series  of the page; label text; resident, label text included
)";

std::string ProcessorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

// "-" for what was not measured.
std::string Number(double value, int digits) {
  return value == 0 ? "-" : absl::StrFormat("%.*f", digits, value);
}

std::string Gzip(const Result& result) {
  if (result.gzip == 0) return "-";
  return absl::StrFormat("%.2f %.1f", result.gzip_ratio, result.packed);
}

std::string Line(const Result& r) {
  return absl::StrFormat(
      "%-15s %8d %8d %5.1f  %7.1f %7.1f %6.2f  %6.1f %6.1f %6.1f  %7s %9s  "
      "%6.2f%%  %5.0f %5.0f %5.0f\n",
      r.scenario, r.entries, r.series, r.churn, r.walk, r.scrape, r.ratio,
      r.take, r.format, r.send, Number(r.first, 1), Gzip(r),
      // Down, so that 100 means all.
      std::floor(r.found * 10000) / 100, r.text_bytes, r.label_bytes,
      r.resident_bytes);
}

// How the cost above the walk grows from the smallest to the largest map.
std::string Growth(const Results& results) {
  const Result* small = nullptr;
  const Result* large = nullptr;
  for (const Result& result : results) {
    if (result.scenario != "hash" || result.churn != 0) continue;
    if (result.entries == 10'000) small = &result;
    if (large == nullptr || result.entries > large->entries) large = &result;
  }
  if (small == nullptr || large == small) return "";
  const double before = small->scrape - small->walk;
  const double after = large->scrape - large->walk;
  return absl::StrFormat(
      "\nhash, scrape above the walk: %.1f ns an entry at %d, %.1f at %d: "
      "%.2f times\n",
      before, small->entries, after, large->entries, after / before);
}

}  // namespace

std::string Environment() {
  utsname name = {};
  uname(&name);
  return absl::StrCat("Linux ", name.release, ", ", ProcessorName(), ", ",
                      sysconf(_SC_NPROCESSORS_ONLN), " CPUs");
}

std::string TextReport(const Results& results, std::string_view environment) {
  std::string text = absl::StrCat(environment, "\n\n");
  absl::StrAppendFormat(&text,
                        "%-15s %8s %8s %5s  %7s %7s %6s  %6s %6s %6s  %7s %9s  "
                        "%7s  %5s %5s %5s\n",
                        "scenario", "entries", "series", "churn", "walk",
                        "scrape", "/walk", "take", "format", "send", "first",
                        "gzip", "found", "page", "label", "rss");
  for (const Result& result : results) text += Line(result);
  absl::StrAppend(&text, Growth(results), kLegend);
  return text;
}

}  // namespace ebpf_exporter
