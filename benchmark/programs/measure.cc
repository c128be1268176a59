#include "benchmark/programs/measure.h"

#include <random>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "benchmark/programs/subject.h"
#include "benchmark/programs/walk_cost.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/stats.h"
#include "cmd/overhead-bench/stats_difference.h"

namespace ebpf_exporter {
namespace {

// What the rounds gave of one variant.
struct Samples {
  std::vector<TimingPair> alone;
  std::vector<TimingPair> contended;
  std::vector<RunStats> runs;
  std::string unavailable;
};

class Session {
 public:
  Session(const MeasureOptions& options, std::vector<int> cpus)
      : options_(options), cpus_(std::move(cpus)), engine_(options.seed) {
    if (cpus_.size() > 2) cpus_.resize(2);
  }

  // Times all variants once.
  absl::Status Round(const std::vector<Variant>& variants,
                     std::vector<Samples>& samples);

 private:
  absl::Status MeasureOne(const Variant& variant, Samples& samples);
  absl::StatusOr<TimingPair> TimePair(const Variant& variant,
                                      const std::vector<int>& cpus);
  absl::StatusOr<SharedTime> TimeWith(const Variant& variant,
                                      const std::vector<int>& cpus);
  absl::StatusOr<RunStats> RunTime(const Variant& variant);

  const MeasureOptions& options_;
  std::vector<int> cpus_;  // one or two
  std::mt19937_64 engine_;
  Loader loader_;
};

absl::Status Session::Round(const std::vector<Variant>& variants,
                            std::vector<Samples>& samples) {
  for (const size_t i : RandomOrder(variants.size(), engine_)) {
    if (!samples[i].unavailable.empty()) continue;
    absl::Status measured = MeasureOne(variants[i], samples[i]);
    if (absl::IsFailedPrecondition(measured)) {
      samples[i].unavailable = std::string(measured.message());
    } else if (!measured.ok()) {
      return measured;
    }
  }
  return absl::OkStatus();
}

absl::Status Session::MeasureOne(const Variant& variant, Samples& samples) {
  const absl::StatusOr<TimingPair> alone = TimePair(variant, {cpus_[0]});
  if (!alone.ok()) return alone.status();
  samples.alone.push_back(*alone);
  if (options_.contended && cpus_.size() > 1) {
    const absl::StatusOr<TimingPair> contended = TimePair(variant, cpus_);
    if (contended.ok()) {
      samples.contended.push_back(*contended);
    } else if (!absl::IsUnavailable(contended.status())) {
      return contended.status();
    }
  }
  const absl::StatusOr<RunStats> runs = RunTime(variant);
  if (!runs.ok()) return runs.status();
  samples.runs.push_back(*runs);
  return absl::OkStatus();
}

absl::StatusOr<TimingPair> Session::TimePair(const Variant& variant,
                                             const std::vector<int>& cpus) {
  TimingPair pair;
  const bool without_first = engine_() % 2 == 0;
  for (const bool without : {without_first, !without_first}) {
    const absl::StatusOr<SharedTime> time =
        without ? TimeCallsOn(cpus, options_.calls) : TimeWith(variant, cpus);
    if (!time.ok()) return time.status();
    (without ? pair.without : pair.with) = time->ns;
  }
  return pair;
}

absl::StatusOr<SharedTime> Session::TimeWith(const Variant& variant,
                                             const std::vector<int>& cpus) {
  absl::StatusOr<Subject> subject = Subject::Attach(loader_, variant);
  if (!subject.ok()) return subject.status();
  const absl::StatusOr<SharedTime> time = TimeCallsOn(cpus, options_.calls);
  if (!time.ok()) return time.status();
  const absl::Status proven = subject->Prove(time->calls);
  if (!proven.ok()) return proven;
  return time;
}

absl::StatusOr<RunStats> Session::RunTime(const Variant& variant) {
  absl::StatusOr<Subject> subject = Subject::Attach(loader_, variant);
  if (!subject.ok()) return subject.status();
  const absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
  if (!on.ok()) return on.status();
  TimeCalls(options_.calls);
  return subject->Stats();
}

// The program also runs, and does nothing, for calls of everybody else: as long
// as `other` ns each.
double RunTimeOfACall(const std::vector<RunStats>& runs, size_t calls,
                      double other) {
  std::vector<double> times;
  for (const RunStats& run : runs) {
    const auto count = static_cast<double>(run.run_count);
    const auto ours = static_cast<double>(calls);
    const double total = static_cast<double>(run.run_time_ns);
    times.push_back((total - (count - ours) * other) / ours);
  }
  return Median(times);
}

double MeanRunTime(const std::vector<RunStats>& runs) {
  std::vector<double> times;
  for (const RunStats& run : runs) {
    times.push_back(static_cast<double>(run.run_time_ns) /
                    static_cast<double>(run.run_count));
  }
  return Median(times);
}

bool SameMap(const Variant& one, const Variant& other) {
  return one.form == other.form && one.type == other.type;
}

Result Summarize(const Variant& variant, const Samples& samples, size_t calls,
                 double empty) {
  Result result;
  result.variant = variant;
  result.unavailable = samples.unavailable;
  if (!samples.unavailable.empty()) return result;
  result.added = Compare(samples.alone);
  if (!samples.contended.empty()) result.contended = Compare(samples.contended);
  result.run_time = RunTimeOfACall(samples.runs, calls, empty);
  return result;
}

Results SummarizeAll(const std::vector<Variant>& variants,
                     const std::vector<Samples>& samples, size_t calls) {
  double empty = 0;
  Results results;
  for (size_t i = 0; i < variants.size(); ++i) {
    if (variants[i].form == Form::kEmpty) empty = MeanRunTime(samples[i].runs);
    results.push_back(Summarize(variants[i], samples[i], calls, empty));
  }
  return results;
}

absl::Status MeasureWalks(const MeasureOptions& options, Results& results) {
  for (size_t i = 0; i < results.size(); ++i) {
    if (i > 0 && SameMap(results[i - 1].variant, results[i].variant)) {
      results[i].walk = results[i - 1].walk;
      continue;
    }
    const absl::StatusOr<double> walk =
        WalkCost(results[i].variant, options.walked, options.walks);
    if (!walk.ok()) return walk.status();
    results[i].walk = *walk;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Results> Measure(const std::vector<Variant>& variants,
                                const MeasureOptions& options) {
  const std::vector<int> cpus = AllowedCpus();
  const absl::Status pinned = PinToCpu(cpus[0]);
  if (!pinned.ok()) return pinned;
  std::vector<Samples> samples(variants.size());
  Session session(options, cpus);
  for (size_t round = 0; round < options.rounds; ++round) {
    if (!options.go_on(round)) break;
    const absl::Status done = session.Round(variants, samples);
    if (!done.ok()) return done;
  }
  Results results = SummarizeAll(variants, samples, options.calls.total());
  if (options.walks > 0) {
    const absl::Status walked = MeasureWalks(options, results);
    if (!walked.ok()) return walked;
  }
  return results;
}

}  // namespace ebpf_exporter
