// A plot: a line of text, a dot and an interval for each row.

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/overhead-bench/report_table.h"
#include "cmd/overhead-bench/writers.h"

namespace ebpf_exporter {
namespace {

constexpr double kWidth = 900;
constexpr double kLeft = 300;   // the plot begins here
constexpr double kRight = 700;  // and ends here; numbers stand beyond
constexpr double kTop = 70;
constexpr double kLine = 18;

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      default:
        // XML has no control characters.
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

// Where values stand.
struct Scale {
  double low = 0;
  double high = 1;
  double step = 1;  // between marks

  double X(double value) const {
    return kLeft + (kRight - kLeft) * (value - low) / (high - low);
  }
};

// 1, 2 or 5 times a power of ten, for about five marks.
double StepFor(double range) {
  const double rough = range / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (rough <= step * power) return step * power;
  }
  return 10 * power;
}

Scale ScaleFor(const Report& report) {
  Scale scale{0, 0, 1};
  for (const Row& row : report.rows) {
    if (!row.unavailable.empty()) continue;
    scale.low = std::min(scale.low, row.added.interval.low);
    scale.high = std::max(scale.high, row.added.interval.high);
  }
  if (scale.high <= scale.low) scale.high = scale.low + 1;
  scale.step = StepFor(scale.high - scale.low);
  scale.low = std::floor(scale.low / scale.step) * scale.step;
  scale.high = std::ceil(scale.high / scale.step) * scale.step;
  return scale;
}

void AppendText(double x, double y, std::string_view attributes,
                std::string_view text, std::string& out) {
  absl::StrAppendFormat(&out, "<text x=\"%.1f\" y=\"%.1f\"%s>%s</text>\n", x, y,
                        attributes, Escaped(text));
}

void AppendMarks(const Scale& scale, double bottom, std::string& out) {
  for (double at = scale.low; at <= scale.high + scale.step / 2;
       at += scale.step) {
    absl::StrAppendFormat(&out,
                          "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
                          "y2=\"%.1f\" stroke=\"#ddd\"/>\n",
                          scale.X(at), kTop - 8, scale.X(at), bottom);
    // Without the sign of a zero that was summed up.
    AppendText(scale.X(at), kTop - 12, " text-anchor=\"middle\" fill=\"#555\"",
               absl::StrFormat("%g", std::abs(at) < scale.step / 2 ? 0.0 : at),
               out);
  }
}

std::string Label(const Row& row) {
  std::string label = absl::StrCat(row.kind, " ", row.program);
  if (!row.map.empty()) absl::StrAppend(&label, " ", row.map);
  if (row.cpus > 1) absl::StrAppend(&label, ", ", row.cpus, " CPUs");
  return label;
}

void AppendRow(const Row& row, const Scale& scale, double y, std::string& out) {
  const bool measured = row.unavailable.empty();
  AppendText(
      kLeft - 12, y + 4,
      measured ? " text-anchor=\"end\"" : " text-anchor=\"end\" fill=\"#999\"",
      Label(row), out);
  if (!measured) {
    AppendText(kLeft + 4, y + 4, " fill=\"#999\"", "not on this host", out);
    return;
  }
  const Difference& added = row.added;
  const char* color = added.distinguishable ? "#1f5fa8" : "#999";
  absl::StrAppendFormat(
      &out,
      "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" "
      "stroke-width=\"3\"/>\n<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" "
      "stroke=\"%s\" fill=\"%s\"/>\n",
      scale.X(added.interval.low), y, scale.X(added.interval.high), y, color,
      scale.X(added.median), y, color, added.distinguishable ? color : "#fff");
  AppendText(kRight + 14, y + 4, "", AddedText(added), out);
}

}  // namespace

std::string WriteSvg(const Report& report) {
  const Scale scale = ScaleFor(report);
  const double bottom = kTop + kLine * static_cast<double>(report.rows.size());
  std::string out = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
      kWidth, bottom + 16);
  AppendText(12, 18, " font-size=\"14\"",
             absl::StrCat("overhead-bench ", report.command,
                          ": added ns, median and interval of 95 %"),
             out);
  std::string host;
  for (const auto& [name, value] : report.environment.facts) {
    if (name != "kernel" && name != "cpu" && name != "cpus") continue;
    absl::StrAppend(&host, host.empty() ? "" : ", ", value);
  }
  AppendText(12, 36, " fill=\"#555\"", host, out);
  if (!report.environment.comparable) {
    AppendText(kWidth - 12, 18, " text-anchor=\"end\" fill=\"#b00\"",
               "emulated CPUs: not comparable", out);
  }
  AppendMarks(scale, bottom, out);
  double y = kTop + kLine / 2;
  for (const Row& row : report.rows) {
    AppendRow(row, scale, y, out);
    y += kLine;
  }
  return out + "</svg>\n";
}

}  // namespace ebpf_exporter
