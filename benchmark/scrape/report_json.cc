#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "benchmark/scrape/derived.h"
#include "benchmark/scrape/report.h"

namespace ebpf_exporter {
namespace {

// Texts here are our own or the kernel's about itself.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return quoted + "\"";
}

std::string Object(const Result& r) {
  return absl::StrCat(
      "{\"scenario\": ", Quoted(r.scenario), ", \"entries\": ", r.entries,
      ", \"series\": ", r.series, ", \"churn_percent\": ", r.churn,
      ", \"rounds\": ", r.rounds, ", \"walk_ns\": ", r.walk,
      ", \"scrape_ns\": ", r.scrape, ", \"ratio\": ", r.ratio,
      ", \"take_ns\": ", r.take, ", \"format_ns\": ", r.format,
      ", \"send_ns\": ", r.send, ", \"first_ns\": ", r.first,
      ", \"first_to_steady\": ", FirstToSteady(r), ", \"found\": ", r.found,
      ", \"format_gb_per_s\": ", FormatSpeed(r),
      ", \"decode_ms\": ", DecodeMilliseconds(r), ", \"gzip_ns\": ", r.gzip,
      ", \"gzip_ratio\": ", r.gzip_ratio, ", \"text_bytes\": ", r.text_bytes,
      ", \"gzip_bytes\": ", r.gzip_bytes, ", \"packed\": ", Packed(r),
      ", \"label_bytes\": ", r.label_bytes,
      ", \"resident_bytes\": ", r.resident_bytes,
      ", \"resident_gzip_bytes\": ", r.resident_gzip_bytes, "}");
}

}  // namespace

std::string JsonReport(const Results& results, std::string_view environment) {
  return absl::StrCat("{\"environment\": ", Quoted(environment),
                      ",\n \"unit\": \"for each entry: CPU nanoseconds; "
                      "for each series: bytes\",\n \"results\": [\n  ",
                      absl::StrJoin(results, ",\n  ",
                                    [](std::string* out, const Result& result) {
                                      out->append(Object(result));
                                    }),
                      "\n]}\n");
}

}  // namespace ebpf_exporter
