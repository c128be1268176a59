#include "benchmark/programs/session.h"

#include <optional>
#include <string>
#include <utility>

#include "benchmark/programs/stats_cost.h"
#include "benchmark/programs/subject.h"

namespace ebpf_exporter {

Session::Session(const std::vector<Variant>& variants,
                 const MeasureOptions& options, std::vector<int> cpus)
    : variants_(variants),
      options_(options),
      cpus_(std::move(cpus)),
      engine_(options.seed),
      samples_(variants.size()) {}

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

}  // namespace ebpf_exporter
