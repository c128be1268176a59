#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "benchmark/scrape/report.h"

namespace ebpf_exporter {
namespace {

constexpr int kNameWidth = 250;
constexpr int kBarWidth = 560;
constexpr int kRight = 190;
constexpr int kRow = 22;
constexpr int kTop = 74;

struct Part {
  std::string_view name;
  std::string_view color;
  double Result::*nanoseconds;
};

constexpr Part kParts[] = {
    {"bare walk", "#9aa5b1", &Result::walk},
    {"take", "#2f6fab", &Result::take},
    {"format", "#e08e2b", &Result::format},
    {"send", "#6a9f58", &Result::send},
};

std::string Escaped(std::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}});
}

std::string Text(int x, int y, std::string_view anchor, std::string_view text) {
  return absl::StrFormat(
      "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", x, y, anchor,
      Escaped(text));
}

std::string Box(double x, int y, double width, std::string_view color) {
  return absl::StrFormat(
      "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>\n",
      x, y, width, color);
}

std::string NameOf(const Result& result) {
  std::string name = absl::StrCat(result.scenario, " ", result.entries);
  if (result.churn != 0) absl::StrAppend(&name, ", ", result.churn, " % new");
  return name;
}

std::string Bar(const Result& result, int y, double pixels) {
  std::string svg = Text(kNameWidth - 8, y + 12, "end", NameOf(result));
  double x = kNameWidth;
  for (const Part& part : kParts) {
    const double width = std::max(0.0, result.*part.nanoseconds * pixels);
    svg += Box(x, y, width, part.color);
    x += width;
  }
  std::string sums =
      absl::StrFormat("%.0f ns, %.2f x walk", result.scrape, result.ratio);
  if (result.gzip != 0) {
    absl::StrAppendFormat(&sums, "; gzip %.2f", result.gzip_ratio);
  }
  return svg + Text(static_cast<int>(x) + 6, y + 12, "start", sums);
}

}  // namespace

std::string SvgReport(const Results& results, std::string_view environment) {
  double longest = 1;
  for (const Result& result : results) {
    double sum = 0;
    for (const Part& part : kParts) {
      sum += std::max(0.0, result.*part.nanoseconds);
    }
    longest = std::max(longest, sum);
  }
  const int width = kNameWidth + kBarWidth + kRight;
  const int height = kTop + kRow * static_cast<int>(results.size()) + 10;
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
      width, height);
  svg += Text(kNameWidth, 20, "start",
              "CPU of a scrape over HTTP, nanoseconds an entry of the map");
  svg += Text(kNameWidth, 38, "start", environment);
  int x = kNameWidth;
  for (const Part& part : kParts) {
    svg += Box(x, 48, 14, part.color) + Text(x + 20, 60, "start", part.name);
    x += 110;
  }
  int y = kTop;
  for (const Result& result : results) {
    svg += Bar(result, y, kBarWidth / longest);
    y += kRow;
  }
  return svg + "</svg>\n";
}

}  // namespace ebpf_exporter
