#include "cmd/overhead-bench/compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/overhead-bench/stats_rank_sum.h"
#include "cmd/overhead-bench/stats_verdict.h"

namespace ebpf_exporter {
namespace {

using Key = std::tuple<std::string, std::string, std::string, int>;

Key KeyOf(const Row& row) { return {row.kind, row.program, row.map, row.cpus}; }

// Of a median, from its interval of 95 %.
double Deviation(const Row& row) {
  constexpr double kOf95Percent = 1.96;
  return (row.added.interval.high - row.added.interval.low) /
         (2 * kOf95Percent);
}

// By their intervals alone.
void CompareIntervals(ComparedRow& row) {
  row.change_ns = row.after.added.median - row.before.added.median;
  const double deviation =
      std::hypot(Deviation(row.before), Deviation(row.after));
  if (deviation > 0) {
    row.probability = NormalProbability(row.change_ns / deviation);
  }
}

void CompareRow(ComparedRow& row) {
  if (!row.before.unavailable.empty()) {
    row.missing = absl::StrCat("not before: ", row.before.unavailable);
  } else if (!row.after.unavailable.empty()) {
    row.missing = absl::StrCat("not after: ", row.after.unavailable);
  } else if (row.before.rounds.empty() || row.after.rounds.empty()) {
    CompareIntervals(row);
  } else {
    row.change_ns = Shift(row.before.rounds, row.after.rounds);
    row.probability = RankSumProbability(row.before.rounds, row.after.rounds);
  }
}

std::vector<std::string> HostDifferences(const Environment& before,
                                         const Environment& after) {
  // What may differ from run to run on one host.
  constexpr std::string_view kFleeting[] = {"load", "steal", "objects"};
  std::vector<std::string> differences;
  for (const auto& [name, value] : before.facts) {
    if (std::ranges::find(kFleeting, name) != std::end(kFleeting)) continue;
    const auto other = std::ranges::find(
        after.facts, name, [](const auto& fact) { return fact.first; });
    if (other == after.facts.end() || other->second == value) continue;
    differences.push_back(absl::StrCat("the hosts differ in ", name, ": ",
                                       value, " -> ", other->second));
  }
  for (const auto& [environment, name] :
       {std::pair(&before, "first"), std::pair(&after, "second")}) {
    if (environment->comparable) continue;
    differences.push_back(absl::StrCat(
        "the ", name,
        " report is of emulated CPUs, whose figures compare with no others"));
  }
  return differences;
}

std::vector<ComparedRow> PairUp(const Report& before, const Report& after) {
  std::map<Key, const Row*> after_by_key;
  for (const Row& row : after.rows) after_by_key.emplace(KeyOf(row), &row);
  std::vector<ComparedRow> rows;
  for (const Row& row : before.rows) {
    ComparedRow& compared = rows.emplace_back();
    compared.before = row;
    const auto found = after_by_key.find(KeyOf(row));
    if (found == after_by_key.end()) {
      compared.missing = "only in the first report";
      continue;
    }
    compared.after = *found->second;
    after_by_key.erase(found);
  }
  for (const Row& row : after.rows) {
    const auto left = after_by_key.find(KeyOf(row));
    if (left == after_by_key.end() || left->second != &row) continue;
    ComparedRow& compared = rows.emplace_back();
    compared.before.kind = row.kind;
    compared.before.program = row.program;
    compared.before.map = row.map;
    compared.before.cpus = row.cpus;
    compared.after = row;
    compared.missing = "only in the second report";
  }
  return rows;
}

}  // namespace

Comparison CompareReports(const Report& before, const Report& after) {
  Comparison comparison;
  comparison.warnings = HostDifferences(before.environment, after.environment);
  comparison.rows = PairUp(before, after);
  size_t compared = 0;
  for (ComparedRow& row : comparison.rows) {
    if (row.missing.empty()) CompareRow(row);
    if (row.missing.empty()) ++compared;
  }
  for (ComparedRow& row : comparison.rows) {
    row.significant =
        row.missing.empty() &&
        row.probability < kVerdictAlpha / static_cast<double>(compared);
  }
  return comparison;
}

bool AnyDearer(const Comparison& comparison) {
  return std::ranges::any_of(comparison.rows, [](const ComparedRow& row) {
    return row.significant && row.change_ns > 0;
  });
}

}  // namespace ebpf_exporter
