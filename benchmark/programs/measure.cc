#include "benchmark/programs/measure.h"

#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "benchmark/programs/subject.h"
#include "benchmark/programs/summarize.h"
#include "benchmark/programs/walk_cost.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/stats_difference.h"

namespace ebpf_exporter {
namespace {

// Runs of the calls of one plan, for everybody.
absl::StatusOr<RunStats> CountRuns(const Subject& subject,
                                   const CallPlan& calls) {
  const absl::StatusOr<RunStats> before = subject.Stats();
  if (!before.ok()) return before;
  TimeCalls(calls);
  const absl::StatusOr<RunStats> after = subject.Stats();
  if (!after.ok()) return after;
  return RunStats{after->run_time_ns - before->run_time_ns,
                  after->run_count - before->run_count};
}

class Session {
 public:
  Session(const std::vector<Variant>& variants, const MeasureOptions& options,
          std::vector<int> cpus)
      : variants_(variants),
        options_(options),
        cpus_(std::move(cpus)),
        engine_(options.seed),
        samples_(variants.size()) {}

  // Times all variants, round for round, until it is told to stop.
  absl::Status Run();

  const std::vector<Samples>& samples() const { return samples_; }

 private:
  absl::Status MeasureOne(size_t i);
  absl::Status MeasureAlone(const Variant& variant, Samples& samples);
  absl::Status MeasureContended(const Variant& variant, size_t cpus,
                                Samples& samples);
  // The variant at work on these CPUs; if `runs`, also its run time.
  absl::StatusOr<double> TimeWith(const Variant& variant,
                                  std::span<const int> cpus,
                                  std::vector<RunStats>* runs);
  absl::StatusOr<TimingPair> TimePair(const Variant& variant,
                                      std::span<const int> cpus,
                                      std::vector<RunStats>* runs);
  CallPlan PlanFor(const Variant& variant) const;

  const std::vector<Variant>& variants_;
  const MeasureOptions& options_;
  const std::vector<int> cpus_;
  std::mt19937_64 engine_;
  Loader loader_;
  std::vector<Samples> samples_;
};

absl::Status Session::Run() {
  const double all = static_cast<double>(options_.rounds * variants_.size());
  double done = 0;
  for (size_t round = 0; round < options_.rounds; ++round) {
    for (const size_t i : RandomOrder(variants_.size(), engine_)) {
      if (!options_.go_on(done++ / all)) return absl::OkStatus();
      const absl::Status measured = MeasureOne(i);
      if (!measured.ok()) return measured;
    }
  }
  return absl::OkStatus();
}

absl::Status Session::MeasureOne(size_t i) {
  const Variant& variant = variants_[i];
  Samples& samples = samples_[i];
  if (!samples.unavailable.empty()) return absl::OkStatus();
  const absl::Status alone = MeasureAlone(variant, samples);
  if (absl::IsFailedPrecondition(alone)) {
    samples.unavailable = std::string(alone.message());
    return absl::OkStatus();
  }
  if (!alone.ok() || !options_.contends(variant)) return alone;
  for (const size_t cpus : options_.contended) {
    if (cpus > cpus_.size()) continue;
    const absl::Status contended = MeasureContended(variant, cpus, samples);
    if (!contended.ok()) return contended;
  }
  return absl::OkStatus();
}

absl::Status Session::MeasureAlone(const Variant& variant, Samples& samples) {
  const absl::StatusOr<TimingPair> pair =
      TimePair(variant, std::span(cpus_).first(1), &samples.runs);
  if (!pair.ok()) return pair.status();
  samples.alone.push_back(*pair);
  return absl::OkStatus();
}

absl::Status Session::MeasureContended(const Variant& variant, size_t cpus,
                                       Samples& samples) {
  // Waiting in vain takes long: once is enough.
  if (samples.never_free.contains(cpus)) return absl::OkStatus();
  const absl::StatusOr<TimingPair> pair =
      TimePair(variant, std::span(cpus_).first(cpus), nullptr);
  if (pair.ok()) {
    samples.contended[cpus].push_back(*pair);
  } else if (absl::IsUnavailable(pair.status())) {
    samples.never_free[cpus] = std::string(pair.status().message());
  } else {
    return pair.status();
  }
  return absl::OkStatus();
}

CallPlan Session::PlanFor(const Variant& variant) const {
  CallPlan plan = options_.calls;
  plan.operation = variant.operation();
  return plan;
}

absl::StatusOr<TimingPair> Session::TimePair(const Variant& variant,
                                             std::span<const int> cpus,
                                             std::vector<RunStats>* runs) {
  TimingPair pair;
  const bool without_first = engine_() % 2 == 0;
  for (const bool without : {without_first, !without_first}) {
    if (without) {
      const absl::StatusOr<SharedTime> time =
          TimeCallsOn({cpus.begin(), cpus.end()}, PlanFor(variant));
      if (!time.ok()) return time.status();
      pair.without = time->ns;
    } else {
      const absl::StatusOr<double> time = TimeWith(variant, cpus, runs);
      if (!time.ok()) return time.status();
      pair.with = *time;
    }
  }
  return pair;
}

absl::StatusOr<double> Session::TimeWith(const Variant& variant,
                                         std::span<const int> cpus,
                                         std::vector<RunStats>* runs) {
  const CallPlan plan = PlanFor(variant);
  std::optional<Subject> subject;
  if (variant.form != Form::kNone) {
    absl::StatusOr<Subject> attached = Subject::Attach(loader_, variant);
    if (!attached.ok()) return attached.status();
    subject = *std::move(attached);
  }
  const absl::StatusOr<SharedTime> time =
      TimeCallsOn({cpus.begin(), cpus.end()}, plan);
  if (!time.ok()) return time.status();
  if (!subject.has_value()) return time->ns;
  uint64_t calls = time->calls;
  if (runs != nullptr) {
    const absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
    if (!on.ok()) return on.status();
    const absl::StatusOr<RunStats> run = CountRuns(*subject, plan);
    if (!run.ok()) return run.status();
    runs->push_back(*run);
    calls += plan.total();
  }
  const absl::Status proven = subject->Prove(calls);
  if (!proven.ok()) return proven;
  return time->ns;
}

bool SameMap(const Variant& one, const Variant& other) {
  return one.form == other.form && one.type == other.type;
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
  PinnedForNow pinned;
  const absl::Status is_pinned = pinned.Pin();
  if (!is_pinned.ok()) return is_pinned;
  Session session(variants, options, pinned.before());
  const absl::Status ran = session.Run();
  if (!ran.ok()) return ran;
  Results results = SummarizeAll(variants, session.samples(),
                                 options.calls.total(), options.stats_cost);
  if (options.walks > 0) {
    const absl::Status walked = MeasureWalks(options, results);
    if (!walked.ok()) return walked;
  }
  return results;
}

absl::StatusOr<StatsCost> MeasureStatsCost(const CallPlan& calls) {
  constexpr size_t kRounds = 9;
  PinnedForNow pinned;
  const absl::Status is_pinned = pinned.Pin();
  if (!is_pinned.ok()) return is_pinned;
  Loader loader;
  const absl::StatusOr<Subject> nothing =
      Subject::Attach(loader, NothingVariant());
  if (!nothing.ok()) return nothing.status();
  StatsCost cost;
  const absl::StatusOr<RunStats> unasked = CountRuns(*nothing, calls);
  if (!unasked.ok()) return unasked.status();
  cost.was_on = unasked->run_count > 0;
  const absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
  if (!on.ok()) return on.status();
  std::vector<RunStats> runs;
  for (size_t round = 0; round < kRounds; ++round) {
    const absl::StatusOr<RunStats> run = CountRuns(*nothing, calls);
    if (!run.ok()) return run.status();
    runs.push_back(*run);
  }
  cost.counted = MeanRunTime(runs);
  return cost;
}

}  // namespace ebpf_exporter
