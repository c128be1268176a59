#include <sys/utsname.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmark/scrape/derived.h"
#include "benchmark/scrape/report.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kLegend = R"(
CPU of an entry of the map in ns, medians; the client is not counted.
  walk    the bare walk: batch calls alone      scrape  all of a scrape over HTTP, as text
  /walk   to the walk, in the same round        take, format, send  what the scrape adds to the walk
  first   first scrape of all these keys        /steady  that to a steady one
  found   surviving keys found by succession    GB/s    text that is formatted
  gzip    all of a scrape in gzip; the client unpacks it and compares it with the text
Bytes of a series: of the page as text and in gzip, and resident ones beside its label text, after scrapes as text and
after scrapes in gzip too.
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

// Which scenario a line is about.
std::string Subject(const Result& r) {
  return absl::StrFormat("%-15s %8d %8d %5.1f", r.scenario, r.entries, r.series,
                         r.churn);
}

std::string TextLine(const Result& r) {
  return absl::StrFormat(
      "%s  %7.1f %7.1f %6.2f  %6.1f %6.1f %6.1f  %7s %7s  %6.2f%%  %5.2f\n",
      Subject(r), r.walk, r.scrape, r.ratio, r.take, r.format, r.send,
      Number(r.first, 1), Number(FirstToSteady(r), 2),
      // Down, so that 100 means all.
      std::floor(r.found * 10000) / 100, FormatSpeed(r));
}

std::string GzipLine(const Result& r) {
  return absl::StrFormat("%s  %7s %6s  %6.0f %6s %6s  %6.0f %6.0f %6s\n",
                         Subject(r), Number(r.gzip, 1), Number(r.gzip_ratio, 2),
                         r.text_bytes, Number(r.gzip_bytes, 0),
                         Number(Packed(r), 2), r.label_bytes, BesideLabels(r),
                         Number(BesideLabelsWithGzip(r), 0));
}

std::string Tables(const Results& results) {
  std::string text = absl::StrFormat("%-15s %8s %8s %5s", "scenario", "entries",
                                     "series", "churn");
  absl::StrAppendFormat(&text,
                        "  %7s %7s %6s  %6s %6s %6s  %7s %7s  %7s  %5s\n",
                        "walk", "scrape", "/walk", "take", "format", "send",
                        "first", "/steady", "found", "GB/s");
  for (const Result& result : results) text += TextLine(result);
  absl::StrAppendFormat(&text, "\n%-15s %8s %8s %5s", "scenario", "entries",
                        "series", "churn");
  absl::StrAppendFormat(&text, "  %7s %6s  %6s %6s %6s  %6s %6s %6s\n", "gzip",
                        "/walk", "text B", "gzip B", "packed", "label B",
                        "beside", "+gzip");
  for (const Result& result : results) text += GzipLine(result);
  return text;
}

// How the cost above the walk grows from the smallest to the largest map.
std::string GrowthLine(const Results& results) {
  const Result* const small = FindResult(results, "hash", 10'000, 0);
  const Result* large = nullptr;
  for (const Result& result : results) {
    if (result.scenario != "hash" || result.churn != 0) continue;
    if (large == nullptr || result.entries > large->entries) large = &result;
  }
  if (small == nullptr || large == small) return "";
  return absl::StrFormat(
      "\nhash, scrape above the walk: %.1f ns an entry at %d, %.1f at %d: "
      "%.2f times\n",
      small->scrape - small->walk, small->entries, large->scrape - large->walk,
      large->entries, Growth(*small, *large));
}

std::string DecodeLine(const Results& results) {
  const Result* const result = FindResult(results, "slots_in_value", 10'000, 0);
  if (result == nullptr) return "";
  return absl::StrFormat(
      "\nslots_in_value, %d histograms: %.2f ms to walk and decode, beside "
      "formatting\n",
      result->series, DecodeMilliseconds(*result));
}

}  // namespace

std::string Environment() {
  utsname name = {};
  uname(&name);
  return absl::StrCat("Linux ", name.release, ", ", ProcessorName(), ", ",
                      sysconf(_SC_NPROCESSORS_ONLN), " CPUs");
}

std::string TextReport(const Results& results, std::string_view environment) {
  return absl::StrCat(environment, "\n\n", Tables(results), GrowthLine(results),
                      DecodeLine(results), kLegend);
}

}  // namespace ebpf_exporter
