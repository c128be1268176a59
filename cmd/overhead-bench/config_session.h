// ConfigSession: times workloads with and without configurations, in pairs.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_CONFIG_SESSION_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_CONFIG_SESSION_H_

#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/loader.h"
#include "cmd/exporter/prepare.h"
#include "cmd/overhead-bench/report.h"
#include "cmd/overhead-bench/workload.h"

namespace ebpf_exporter {

// One configuration under one workload. Borrows both.
struct ConfigCase {
  const PreparedProgram* program;
  const Workload* workload;
};

inline constexpr std::string_view kRunsPerOperation = "runs_per_operation";

class ConfigSession {
 public:
  // `stats_cost` is what the accounting counts of its own in each run.
  ConfigSession(std::vector<ConfigCase> cases, double stats_cost);

  // So many rounds of all cases in random order; ends early where `go_on`,
  // which is told how far it is, says no. An error ends its case alone, with
  // the rounds so far; DeadlineExceeded ends all of them, and Cancelled is
  // returned.
  absl::Status Run(size_t rounds, const std::function<bool(double)>& go_on);

  // A row for each case, in their order. Their part is kRunsPerOperation.
  std::vector<Row> Rows() const;

  // The timings without a configuration of the first case that has some.
  std::vector<double> Baselines() const;

 private:
  // What the programs did in one run of the workload.
  struct Runs {
    double count = 0;  // for each operation
    double ns = 0;     // likewise
  };
  struct Samples {
    std::vector<TimingPair> pairs;
    std::vector<double> runs;
    std::vector<double> run_times;
    std::string ended;  // why there are no more rounds
    std::string note;
  };

  absl::Status MeasureOne(size_t i);
  absl::StatusOr<double> TimeWith(const ConfigCase& subject, Samples& samples);
  absl::StatusOr<Runs> CountRuns(const LoadedConfig& config,
                                 const Workload& workload) const;
  Row RowOf(const ConfigCase& subject, const Samples& samples) const;

  const std::vector<ConfigCase> cases_;
  const double stats_cost_;
  std::vector<Samples> samples_;
  std::mt19937_64 engine_;
  Loader loader_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_CONFIG_SESSION_H_
