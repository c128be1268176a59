#include "cmd/overhead-bench/budget.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {
namespace {

absl::Status Wrong(std::string_view part) {
  return absl::InvalidArgumentError(absl::StrCat(
      "budget: \"", part,
      "\" is not understood; write limits such as ns<200 or percent<5, with "
      "commas between them"));
}

absl::StatusOr<Limit> ParseLimit(std::string_view part) {
  const size_t sign = part.find('<');
  if (sign == std::string_view::npos) return Wrong(part);
  Limit limit;
  limit.measure = std::string(absl::StripAsciiWhitespace(part.substr(0, sign)));
  std::string_view number = part.substr(sign + 1);
  limit.or_equal = number.starts_with('=');
  if (limit.or_equal) number.remove_prefix(1);
  number = absl::StripAsciiWhitespace(number);
  if (limit.measure.empty() || !absl::SimpleAtod(number, &limit.below) ||
      !std::isfinite(limit.below)) {
    return Wrong(part);
  }
  return limit;
}

struct Measured {
  double value = 0;
  double at_most = 0;  // the upper end of its interval
};

// Nothing if the row has no such measure.
std::optional<Measured> Measure(const Row& row, std::string_view name) {
  const Difference& added = row.added;
  if (name == "ns") return Measured{added.median, added.interval.high};
  if (name == "percent") {
    if (added.baseline <= 0) return std::nullopt;
    return Measured{Percent(added.median, added.baseline),
                    Percent(added.interval.high, added.baseline)};
  }
  if (name == "run_ns") return Measured{row.run_time, row.run_time};
  for (const auto& [part, value] : row.parts) {
    if (part == name) return Measured{value, value};
  }
  return std::nullopt;
}

bool Keeps(double value, const Limit& limit) {
  return limit.or_equal ? value <= limit.below : value < limit.below;
}

std::string Describe(const Row& row) {
  std::string text = absl::StrCat(row.kind, " ", row.program);
  if (!row.map.empty()) absl::StrAppend(&text, " ", row.map);
  if (row.cpus != 1) absl::StrAppend(&text, " on ", row.cpus, " CPUs");
  return text;
}

void Worsen(BudgetVerdict verdict, BudgetOutcome& outcome) {
  if (outcome.verdict != BudgetVerdict::kBroken) outcome.verdict = verdict;
}

void JudgeRow(const Row& row, const Limit& limit, BudgetOutcome& outcome) {
  const std::optional<Measured> measured = Measure(row, limit.measure);
  if (!measured.has_value()) return;
  const bool sure =
      row.added.distinguishable || measured->value == measured->at_most;
  if (Keeps(sure ? measured->value : measured->at_most, limit)) return;
  Worsen(sure ? BudgetVerdict::kBroken : BudgetVerdict::kOpen, outcome);
  const std::string what =
      sure ? absl::StrFormat("is %.1f", measured->value)
           : absl::StrFormat("is lost in noise of up to %.1f",
                             measured->at_most);
  outcome.lines.push_back(absl::StrFormat("%s: %s %s, the budget is %g",
                                          Describe(row), limit.measure, what,
                                          limit.below));
}

}  // namespace

absl::StatusOr<Budget> ParseBudget(std::string_view text) {
  Budget budget;
  for (const std::string_view part : absl::StrSplit(text, ',')) {
    absl::StatusOr<Limit> limit = ParseLimit(part);
    if (!limit.ok()) return limit.status();
    budget.push_back(*std::move(limit));
  }
  return budget;
}

absl::Status CheckMeasures(const Budget& budget,
                           std::span<const std::string_view> parts) {
  std::vector<std::string_view> known = {"ns", "percent", "run_ns"};
  known.insert(known.end(), parts.begin(), parts.end());
  for (const Limit& limit : budget) {
    if (std::ranges::find(known, limit.measure) != known.end()) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "budget: there is no \"", limit.measure, "\" to limit here; there are ",
        absl::StrJoin(known, ", ")));
  }
  return absl::OkStatus();
}

BudgetOutcome Judge(const Budget& budget, const Report& report) {
  BudgetOutcome outcome;
  for (const Limit& limit : budget) {
    const bool has_any = std::ranges::any_of(report.rows, [&](const Row& row) {
      return row.unavailable.empty() && row.added.samples > 0 &&
             Measure(row, limit.measure).has_value();
    });
    if (!has_any) {
      Worsen(BudgetVerdict::kOpen, outcome);
      outcome.lines.push_back(
          absl::StrCat("nothing was measured that has ", limit.measure));
    }
    for (const Row& row : report.rows) {
      if (!row.unavailable.empty()) continue;
      JudgeRow(row, limit, outcome);
    }
  }
  return outcome;
}

}  // namespace ebpf_exporter
