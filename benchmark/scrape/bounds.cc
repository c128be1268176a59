#include "benchmark/scrape/bounds.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmark/scrape/derived.h"

namespace ebpf_exporter {
namespace {

struct Bound {
  std::string_view scenario;
  size_t series;
  double churn;
  std::string_view figure;
  double (*value)(const Result&);
  bool at_most;
  double limit;
};

double Identity(const Result& result) { return result.ratio; }
double Gzip(const Result& result) { return result.gzip_ratio; }
double FoundPercent(const Result& result) { return 100 * result.found; }

constexpr bool kAtMost = true;
constexpr bool kAtLeast = false;
constexpr size_t k10k = 10'000;
constexpr size_t k100k = 100'000;
constexpr size_t k1M = 1'000'000;

constexpr Bound kBounds[] = {
    {"hash", k100k, 0, "scrape / walk", Identity, kAtMost, 1.15},
    {"hash", k1M, 0, "scrape / walk", Identity, kAtMost, 1.15},
    {"hash", k100k, 1, "scrape / walk", Identity, kAtMost, 1.5},
    {"hash", k1M, 1, "scrape / walk", Identity, kAtMost, 1.5},
    {"four_labels", k100k, 0, "scrape / walk", Identity, kAtMost, 1.3},
    {"four_labels", k1M, 0, "scrape / walk", Identity, kAtMost, 1.3},
    {"growing_hash", k100k, 0, "scrape / walk", Identity, kAtMost, 0.75},
    {"growing_four_labels", k100k, 0, "scrape / walk", Identity, kAtMost, 0.75},
    {"hash", k100k, 10, "found, %", FoundPercent, kAtLeast, 99},
    {"hash", k1M, 10, "found, %", FoundPercent, kAtLeast, 99},
    {"hash", k1M, 0, "gzip / walk", Gzip, kAtMost, 1.5},
    {"hash", k1M, 0, "text / gzip bytes", Packed, kAtLeast, 3},
    {"hash", k1M, 0, "bytes beside label text", BesideLabels, kAtMost, 160},
    {"hash", k1M, 0, "the same, gzip used", BesideLabelsWithGzip, kAtMost, 160},
    {"hash", k1M, 0, "first / steady scrape", FirstToSteady, kAtMost, 3},
    {"slots_in_value", k10k, 0, "walk and decode, ms", DecodeMilliseconds,
     kAtMost, 8},
    {"slots_in_value", k10k, 0, "text, GB/s", FormatSpeed, kAtLeast, 1},
};

constexpr double kGrowthLimit = 3;

BoundCheck MakeCheck(std::string what, bool at_most, double limit,
                     std::optional<double> measured) {
  const bool holds = measured.has_value() && *measured != 0 &&
                     (at_most ? *measured <= limit : *measured >= limit);
  return {.what = std::move(what),
          .bound = absl::StrCat(at_most ? "<= " : ">= ", limit),
          .measured = measured,
          .holds = holds};
}

BoundCheck CheckOne(const Bound& bound, const Results& results) {
  std::string what = absl::StrCat(bound.scenario, " of ", bound.series);
  if (bound.churn != 0) absl::StrAppend(&what, ", ", bound.churn, " % new");
  absl::StrAppend(&what, ": ", bound.figure);
  const Result* result =
      FindResult(results, bound.scenario, bound.series, bound.churn);
  std::optional<double> measured;
  if (result != nullptr) measured = bound.value(*result);
  return MakeCheck(std::move(what), bound.at_most, bound.limit, measured);
}

}  // namespace

std::vector<BoundCheck> CheckBounds(const Results& results) {
  std::vector<BoundCheck> checks;
  for (const Bound& bound : kBounds) {
    checks.push_back(CheckOne(bound, results));
  }
  const Result* small = FindResult(results, "hash", k10k, 0);
  const Result* large = FindResult(results, "hash", k1M, 0);
  std::optional<double> growth;
  if (small != nullptr && large != nullptr) growth = Growth(*small, *large);
  checks.push_back(
      MakeCheck("hash of 1000000: above the walk, to that of 10000", kAtMost,
                kGrowthLimit, growth));
  return checks;
}

std::string BoundsReport(const std::vector<BoundCheck>& checks) {
  std::string text = absl::StrFormat("\n%-52s %8s %9s  %s\n", "", "bound",
                                     "measured", "holds");
  for (const BoundCheck& check : checks) {
    const auto& measured = check.measured;
    absl::StrAppendFormat(
        &text, "%-52s %8s %9s  %s\n", check.what, check.bound,
        measured ? absl::StrFormat("%.2f", *measured) : "-",
        !measured ? "not measured" : (check.holds ? "yes" : "NO"));
  }
  return text;
}

bool AllHold(const std::vector<BoundCheck>& checks) {
  const auto known = [](const BoundCheck& check) {
    return check.measured.has_value();
  };
  return std::any_of(checks.begin(), checks.end(), known) &&
         std::all_of(checks.begin(), checks.end(),
                     [&](const BoundCheck& check) {
                       return check.holds || !known(check);
                     });
}

}  // namespace ebpf_exporter
