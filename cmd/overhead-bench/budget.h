// A budget is what programs may cost: `ns<200,percent<5`. All of it must hold
// for every row that could be measured.
//
//   ns       added to one operation
//   percent  of the operation without the program
//   run_ns   in the program, for each operation
//
// and any part of a report by its name (`cpu_percent<0.5` of `observe`).

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BUDGET_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BUDGET_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmd/overhead-bench/report.h"

namespace ebpf_exporter {

struct Limit {
  std::string measure;
  double below = 0;
  bool or_equal = false;  // `<=`
};

using Budget = std::vector<Limit>;

// InvalidArgument says which part is wrong and what is right.
absl::StatusOr<Budget> ParseBudget(std::string_view text);

// InvalidArgument if it limits something that no row has: neither one of the
// above nor one of `parts`.
absl::Status CheckMeasures(const Budget& budget,
                           std::span<const std::string_view> parts);

// `kOpen`: the noise is as large as the budget, so nothing is proven.
enum class BudgetVerdict { kKept, kBroken, kOpen };

struct BudgetOutcome {
  BudgetVerdict verdict = BudgetVerdict::kKept;
  std::vector<std::string> lines;  // one for each row and limit not kept
};

// A difference that can be told from noise is judged by its median; another one
// keeps the budget if its whole interval does, and else leaves it open. A
// report in which nothing could be measured leaves it open.
BudgetOutcome Judge(const Budget& budget, const Report& report);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_BUDGET_H_
