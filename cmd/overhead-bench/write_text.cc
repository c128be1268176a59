// Tables for terminals, and the same as Markdown.

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/overhead-bench/published.h"
#include "cmd/overhead-bench/report_table.h"
#include "cmd/overhead-bench/writers.h"

namespace ebpf_exporter {
namespace {

std::string PublishedTitle() {
  return absl::StrCat(
      "Published elsewhere, in ns added to getpid: ", kVersion1.name, " on ",
      kVersion1.host, "; ", kVersion2.name, " on ", kVersion2.host, ".");
}

std::string Baseline(const Report& report) {
  std::string text;
  if (report.baseline_ns > 0) {
    absl::StrAppendFormat(&text, "getppid with no program: %.1f ns on one CPU.",
                          report.baseline_ns);
  }
  if (report.stats_cost_ns > 0) {
    absl::StrAppendFormat(&text,
                          "%sRun statistics count %.1f ns of their own for "
                          "each run, which is subtracted.",
                          text.empty() ? "" : " ", report.stats_cost_ns);
  }
  return text;
}

constexpr std::string_view kInterrupted =
    "Interrupted: these are the rounds so far.";

void AppendParagraph(std::string_view paragraph, std::string& text) {
  if (!paragraph.empty()) absl::StrAppend(&text, "\n", paragraph, "\n");
}

}  // namespace

std::string WriteHead(const Report& report) {
  TextTable table;
  table.right = {false, false};
  table.heading = {"measured on", ""};
  for (const auto& [name, value] : report.environment.facts) {
    table.rows.push_back({name, value});
  }
  std::string text = AlignedText(table);
  for (const std::string& warning : report.environment.warnings) {
    absl::StrAppend(&text, "WARNING: ", warning, "\n");
  }
  return text;
}

std::string WriteTable(const Report& report) {
  std::string text = WriteHead(report);
  if (report.interrupted) AppendParagraph(kInterrupted, text);
  AppendParagraph(Baseline(report), text);
  absl::StrAppend(&text, "\n", AlignedText(ResultTable(report)));
  AppendParagraph(report.legend, text);
  if (const auto published = PublishedTable(report)) {
    AppendParagraph(PublishedTitle(), text);
    absl::StrAppend(&text, AlignedText(*published));
  }
  return text;
}

std::string WriteMarkdown(const Report& report) {
  std::string text = absl::StrCat("## overhead-bench ", report.command, "\n\n");
  TextTable facts;
  facts.right = {false, false};
  facts.heading = {"measured on", ""};
  for (const auto& [name, value] : report.environment.facts) {
    facts.rows.push_back({name, value});
  }
  text += MarkdownText(facts);
  for (const std::string& warning : report.environment.warnings) {
    AppendParagraph(absl::StrCat("**Warning:** ", warning), text);
  }
  if (report.interrupted) AppendParagraph(kInterrupted, text);
  AppendParagraph(Baseline(report), text);
  absl::StrAppend(&text, "\n", MarkdownText(ResultTable(report)));
  AppendParagraph(report.legend, text);
  if (const auto published = PublishedTable(report)) {
    AppendParagraph(PublishedTitle(), text);
    absl::StrAppend(&text, "\n", MarkdownText(*published));
  }
  return text;
}

}  // namespace ebpf_exporter
