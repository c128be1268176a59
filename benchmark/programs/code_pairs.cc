#include "benchmark/programs/code_pairs.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kLegend = R"(
Helpers against plain code, ns: what each adds to getppid, and helper - plain in
the same rounds, with where the true median lies (95 %).
)";

const Result* FindPlain(const Results& results, const Variant& helper) {
  const auto found = std::ranges::find_if(results, [&](const Result& result) {
    const Variant& v = result.variant;
    return v.kind == helper.kind && v.program == helper.program &&
           v.map == helper.map && v.code == "plain";
  });
  return found == results.end() ? nullptr : &*found;
}

// What both added, round by round: the rounds of a run are those of all.
std::vector<TimingPair> RoundsOf(const Result& helper, const Result& plain) {
  std::vector<TimingPair> rounds;
  const size_t both = std::min(helper.pairs.size(), plain.pairs.size());
  for (size_t i = 0; i < both; ++i) {
    const TimingPair& h = helper.pairs[i];
    const TimingPair& p = plain.pairs[i];
    rounds.push_back({h.with - h.without, p.with - p.without});
  }
  return rounds;
}

std::string DifferenceText(const CodePair& pair) {
  const Difference& d = pair.difference;
  if (pair.significant) {
    return absl::StrFormat("%+.1f [%.1f, %.1f]", d.median, d.interval.low,
                           d.interval.high);
  }
  return absl::StrFormat(
      "noise (within %.1f)",
      std::max(std::abs(d.interval.low), std::abs(d.interval.high)));
}

std::string Verdict(const CodePair& pair) {
  if (!pair.significant) return "no difference";
  return pair.difference.median < 0 ? "helper cheaper" : "helper dearer";
}

std::string Object(const CodePair& pair) {
  const Difference& d = pair.difference;
  // Names are our own and need no escapes.
  return absl::StrCat(
      "{\"kind\": \"", pair.helper.kind, "\", \"program\": \"",
      pair.helper.program, "\", \"map\": \"", pair.helper.map,
      "\", \"plain_ns\": ", d.baseline, ", \"difference_ns\": ", d.median,
      ", \"ci_low_ns\": ", d.interval.low,
      ", \"ci_high_ns\": ", d.interval.high,
      ", \"probability\": ", d.probability,
      ", \"significant\": ", pair.significant ? "true" : "false",
      ", \"samples\": ", d.samples, "}");
}

}  // namespace

std::vector<CodePair> CodePairsOf(const Results& results) {
  std::vector<CodePair> pairs;
  for (const Result& result : results) {
    if (result.variant.code != "helper") continue;
    const Result* plain = FindPlain(results, result.variant);
    if (plain == nullptr || result.pairs.empty() || plain->pairs.empty()) {
      continue;
    }
    pairs.push_back({result.variant, Compare(RoundsOf(result, *plain)), false});
  }
  for (CodePair& pair : pairs) {
    pair.significant = pair.difference.probability <
                       kVerdictAlpha / static_cast<double>(pairs.size());
  }
  return pairs;
}

bool AnyHelperIsDearer(const std::vector<CodePair>& pairs) {
  return std::ranges::any_of(pairs, [](const CodePair& pair) {
    return pair.significant && pair.difference.median > 0;
  });
}

std::string CodePairsText(const std::vector<CodePair>& pairs) {
  std::string text(kLegend);
  absl::StrAppend(
      &text, "\n",
      absl::StrFormat("%-10s %-8s %-16s %8s %-24s %s\n", "kind", "program",
                      "map", "plain", "helper - plain", "verdict"));
  for (const CodePair& pair : pairs) {
    absl::StrAppendFormat(&text, "%-10s %-8s %-16s %8.1f %-24s %s\n",
                          pair.helper.kind, pair.helper.program,
                          pair.helper.map, pair.difference.baseline,
                          DifferenceText(pair), Verdict(pair));
  }
  return text;
}

std::string CodePairsJson(const std::vector<CodePair>& pairs) {
  return absl::StrCat("[\n  ",
                      absl::StrJoin(pairs, ",\n  ",
                                    [](std::string* out, const CodePair& pair) {
                                      out->append(Object(pair));
                                    }),
                      "]");
}

}  // namespace ebpf_exporter
