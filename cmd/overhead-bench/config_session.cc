#include "cmd/overhead-bench/config_session.h"

#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {
namespace {

absl::StatusOr<RunStats> SumRuns(const LoadedConfig& config) {
  RunStats sum;
  for (const LoadedProgram& program : config.programs) {
    const absl::StatusOr<RunStats> runs = ReadRunStats(program.fd);
    if (!runs.ok()) return runs.status();
    sum.run_count += runs->run_count;
    sum.run_time_ns += runs->run_time_ns;
  }
  return sum;
}

}  // namespace

ConfigSession::ConfigSession(std::vector<ConfigCase> cases, double stats_cost)
    : cases_(std::move(cases)),
      stats_cost_(stats_cost),
      samples_(cases_.size()),
      engine_(std::random_device()()) {}

absl::Status ConfigSession::Run(size_t rounds,
                                const std::function<bool(double)>& go_on) {
  const double all = static_cast<double>(rounds * cases_.size());
  double done = 0;
  for (size_t round = 0; round < rounds; ++round) {
    for (const size_t i : RandomOrder(cases_.size(), engine_)) {
      if (!go_on(done++ / all)) return absl::OkStatus();
      if (!samples_[i].ended.empty()) continue;
      const absl::Status measured = MeasureOne(i);
      if (absl::IsCancelled(measured)) return measured;
      if (measured.ok()) continue;
      samples_[i].ended = std::string(measured.message());
      if (absl::IsDeadlineExceeded(measured)) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status ConfigSession::MeasureOne(size_t i) {
  TimingPair pair;
  const bool without_first = engine_() % 2 == 0;
  for (const bool without : {without_first, !without_first}) {
    const absl::StatusOr<double> time =
        without ? cases_[i].workload->run() : TimeWith(cases_[i], samples_[i]);
    if (!time.ok()) return time.status();
    (without ? pair.without : pair.with) = *time;
  }
  samples_[i].pairs.push_back(pair);
  return absl::OkStatus();
}

absl::StatusOr<double> ConfigSession::TimeWith(const ConfigCase& subject,
                                               Samples& samples) {
  const PreparedProgram& program = *subject.program;
  const LoadResult loaded =
      loader_.Load(program.program, std::as_bytes(std::span(program.object)),
                   program.program.name);
  if (!loaded.config.has_value()) {
    return absl::FailedPreconditionError(loaded.failures.front().detail);
  }
  if (!loaded.failures.empty()) {
    const LoadFailure& first = loaded.failures.front();
    samples.note = absl::StrCat("without ", first.function, ": ", first.detail);
  }
  const absl::StatusOr<double> time = subject.workload->run();
  if (!time.ok()) return time;
  const absl::StatusOr<Runs> runs =
      CountRuns(*loaded.config, *subject.workload);
  if (!runs.ok()) return runs.status();
  samples.runs.push_back(runs->count);
  samples.run_times.push_back(runs->ns);
  return time;
}

absl::StatusOr<ConfigSession::Runs> ConfigSession::CountRuns(
    const LoadedConfig& config, const Workload& workload) const {
  const absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
  if (!on.ok()) return on.status();
  const absl::StatusOr<RunStats> before = SumRuns(config);
  if (!before.ok()) return before.status();
  const absl::StatusOr<double> time = workload.run();
  if (!time.ok()) return time.status();
  const absl::StatusOr<RunStats> after = SumRuns(config);
  if (!after.ok()) return after.status();
  const double operations = static_cast<double>(workload.operations);
  const double count =
      static_cast<double>(after->run_count - before->run_count);
  const double ns =
      static_cast<double>(after->run_time_ns - before->run_time_ns);
  return Runs{count / operations, (ns - count * stats_cost_) / operations};
}

std::vector<Row> ConfigSession::Rows() const {
  std::vector<Row> rows;
  for (size_t i = 0; i < cases_.size(); ++i) {
    rows.push_back(RowOf(cases_[i], samples_[i]));
  }
  return rows;
}

std::vector<double> ConfigSession::Baselines() const {
  std::vector<double> all;
  for (const Samples& samples : samples_) {
    for (const TimingPair& pair : samples.pairs) all.push_back(pair.without);
    if (!all.empty()) break;
  }
  return all;
}

Row ConfigSession::RowOf(const ConfigCase& subject,
                         const Samples& samples) const {
  Row row;
  row.kind = subject.workload->name;
  row.program = subject.program->program.name;
  if (samples.pairs.empty()) {
    row.unavailable = samples.ended.empty()
                          ? "it ended before this was measured"
                          : samples.ended;
    return row;
  }
  row.added = Compare(samples.pairs);
  for (const TimingPair& pair : samples.pairs) {
    row.rounds.push_back(pair.with - pair.without);
  }
  const double runs = Median(samples.runs);
  row.run_time = Median(samples.run_times);
  row.parts = {{std::string(kRunsPerOperation), runs}};
  std::vector<std::string> notes = {samples.note};
  if (!samples.ended.empty()) {
    notes.push_back(absl::StrCat("no more rounds: ", samples.ended));
  }
  if (runs == 0) {
    notes.push_back("it never ran: this workload does not reach its hooks");
  }
  std::erase(notes, "");
  row.note = absl::StrJoin(notes, "; ");
  return row;
}

}  // namespace ebpf_exporter
