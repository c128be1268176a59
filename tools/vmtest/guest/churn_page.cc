#include "tools/vmtest/guest/churn_page.h"

#include <charconv>
#include <optional>
#include <unordered_set>

namespace {

// The value of a label, as the page has it.
std::optional<std::string_view> Label(std::string_view series,
                                      std::string_view name) {
  const std::string begin = std::string(name) + "=\"";
  const size_t at = series.find(begin);
  if (at == std::string_view::npos) return std::nullopt;
  series.remove_prefix(at + begin.size());
  return series.substr(0, series.find('"'));
}

std::optional<int> Number(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  int number = -1;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

bool WasMade(std::string_view group, const Names& names) {
  constexpr std::string_view kDeleted = " (deleted)";
  if (group.ends_with(kDeleted)) group.remove_suffix(kDeleted.size());
  const size_t churn = group.rfind("/churn");
  if (churn == std::string_view::npos) return false;
  const std::string_view rest = group.substr(churn);
  if (rest == "/churn") return true;
  const std::optional<int> number = Number(rest, "/churn/c");
  return number && *number >= 1 && *number <= names.groups;
}

void Complain(PageReport& report, std::string_view why, std::string_view line) {
  constexpr size_t kEnough = 2000;
  if (report.wrong.size() > kEnough) return;
  report.wrong.append(why).append(": ").append(line).append("\n");
}

void CheckLabels(std::string_view series, const Names& names,
                 PageReport& report) {
  const auto group = Label(series, "cgroup");
  if (group && group->find("churn") != std::string_view::npos) {
    ++report.groups;
    if (!WasMade(*group, names)) Complain(report, "no such group", series);
  }
  const auto interface = Label(series, "interface");
  if (!interface || !interface->starts_with("was")) return;
  ++report.interfaces;
  const std::optional<int> number = Number(*interface, "was");
  if (!number || *number < names.first_name || *number > names.last_name) {
    Complain(report, "not its name then", series);
  }
}

}  // namespace

PageReport CheckPage(std::string_view page, const Names& names) {
  PageReport report;
  std::unordered_set<std::string_view> seen;
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(line.size() + 1, page.size()));
    if (line.empty() || line[0] == '#') continue;
    const std::string_view series = line.substr(0, line.rfind(' '));
    if (!seen.insert(series).second) Complain(report, "twice", series);
    CheckLabels(series, names, report);
    ++report.series;
  }
  return report;
}
