#include "cmd/exporter/pages.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>eBPF Exporter</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem;
       padding: 0 1rem; color: #222; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd;
         vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; }
.bad { color: #b00020; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1b1b1b; } a { color: #8ab4f8; }
  th, td { border-color: #444; } .bad { color: #ff8a80; }
}
</style>
</head>
<body>
<h1>eBPF Exporter</h1>
)";

constexpr std::string_view kTableHead = R"(<table>
<thead><tr><th>Config</th><th class="number">Attached</th><th>Failed</th><th class="number">Series</th></tr></thead>
<tbody>
)";

std::string Link(std::string_view path, std::string_view name) {
  return absl::StrCat("<li><a href=\"", EscapeHtml(path), "\">",
                      EscapeHtml(name), "</a></li>\n");
}

std::string Links(const StatusView& view) {
  return absl::StrCat("<ul>\n", Link(view.telemetry_path, "Metrics"),
                      Link("/-/healthy", "Healthy"), Link("/-/ready", "Ready"),
                      view.debug ? Link("/tables", "Tables") : "",
                      view.debug ? Link("/debug/capture", "Capture") : "",
                      "</ul>\n");
}

std::string Failures(const StatusView::Config& config) {
  std::string cell;
  if (!config.error.empty()) {
    absl::StrAppend(&cell, "<div class=\"bad\">", EscapeHtml(config.error),
                    "</div>");
  }
  for (const StatusView::Failure& failure : config.failed) {
    absl::StrAppend(&cell, "<div class=\"bad\"><code>",
                    EscapeHtml(failure.function),
                    "</code>: ", EscapeHtml(failure.reason), "</div>");
  }
  return cell.empty() ? "none" : cell;
}

std::string Row(const StatusView::Config& config) {
  return absl::StrCat(
      "<tr><td>", EscapeHtml(config.name), "</td><td class=\"number\">",
      config.attached, "</td><td>", Failures(config),
      "</td><td class=\"number\">", config.series, "</td></tr>\n");
}

std::string Table(const StatusView& view) {
  if (view.configs.empty()) return "<p>No config is loaded.</p>\n";
  std::string table(kTableHead);
  uint64_t series = 0;
  for (const StatusView::Config& config : view.configs) {
    table.append(Row(config));
    series += config.series;
  }
  absl::StrAppend(&table, "</tbody>\n</table>\n<p>", series,
                  " series of at most ", view.series_limit, ".</p>\n");
  return table;
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"},
                                    {"<", "&lt;"},
                                    {">", "&gt;"},
                                    {"\"", "&quot;"},
                                    {"'", "&#39;"}});
}

std::string LandingPage(const StatusView& view) {
  return absl::StrCat(kHead, "<p>Version ", EscapeHtml(view.version), "</p>\n",
                      Links(view), Table(view), "</body>\n</html>\n");
}

}  // namespace ebpf_exporter
