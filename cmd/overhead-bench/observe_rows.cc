#include "cmd/overhead-bench/observe_rows.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "absl/strings/str_cat.h"
#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {
namespace {

const KernelProgram* Find(const Reading& reading, uint32_t id) {
  const auto found =
      std::ranges::find(reading.programs, id, &KernelProgram::id);
  return found == reading.programs.end() ? nullptr : &*found;
}

// Between two readings of one program.
struct Window {
  double seconds = 0;
  double runs = 0;
  double ns = 0;
};

std::vector<Window> WindowsOf(const std::vector<Reading>& readings,
                              uint32_t id) {
  std::vector<Window> windows;
  for (size_t i = 1; i < readings.size(); ++i) {
    const KernelProgram* before = Find(readings[i - 1], id);
    const KernelProgram* after = Find(readings[i], id);
    if (before == nullptr || after == nullptr) continue;
    windows.push_back(
        {readings[i].seconds - readings[i - 1].seconds,
         static_cast<double>(after->runs.run_count - before->runs.run_count),
         static_cast<double>(after->runs.run_time_ns -
                             before->runs.run_time_ns)});
  }
  return windows;
}

Window SumOf(const std::vector<Window>& windows) {
  Window sum;
  for (const Window& window : windows) {
    sum.seconds += window.seconds;
    sum.runs += window.runs;
    sum.ns += window.ns;
  }
  return sum;
}

std::optional<double> DispatchOf(const HookCosts& costs,
                                 const std::string& kind) {
  const auto found = costs.dispatch.find(kind);
  if (found == costs.dispatch.end()) return std::nullopt;
  return found->second;
}

Row RowOf(const KernelProgram& program, const std::vector<Window>& windows,
          const HookCosts& costs) {
  const Window sum = SumOf(windows);
  const std::optional<double> dispatch = DispatchOf(costs, program.kind);
  const double around = dispatch.value_or(0) - costs.stats;
  Row row;
  row.kind = program.kind;
  row.program = absl::StrCat(program.name.empty() ? "-" : program.name, " (id ",
                             program.id, ")");
  for (const Window& window : windows) {
    if (window.runs > 0) row.rounds.push_back(window.ns / window.runs + around);
  }
  row.added.median = Median(row.rounds);
  row.added.interval = MedianInterval(row.rounds);
  row.added.mad = Mad(row.rounds);
  row.added.samples = row.rounds.size();
  row.added.distinguishable = sum.runs > 0;
  const double mean = sum.runs > 0 ? sum.ns / sum.runs : 0;
  row.run_time = sum.runs > 0 ? mean - costs.stats : 0;
  const double rate = sum.seconds > 0 ? sum.runs / sum.seconds : 0;
  const double percent = rate * (sum.runs > 0 ? mean + around : 0) / 1e7;
  const double values[] = {rate, costs.stats, dispatch.value_or(0), percent,
                           percent / costs.cpus};
  for (size_t i = 0; i < kObservedParts.size(); ++i) {
    row.parts.emplace_back(kObservedParts[i], values[i]);
  }
  if (sum.runs == 0) {
    row.note = "did not run";
  } else if (!dispatch.has_value()) {
    row.note = "what its hook costs was not measured";
  }
  return row;
}

}  // namespace

std::vector<Row> ObservedRows(const std::vector<Reading>& readings,
                              const HookCosts& costs) {
  std::vector<Row> rows;
  if (readings.empty()) return rows;
  for (const KernelProgram& program : readings.back().programs) {
    rows.push_back(RowOf(program, WindowsOf(readings, program.id), costs));
  }
  std::ranges::stable_sort(rows, std::greater(), [](const Row& row) {
    return PartOf(row, "cpu_percent");
  });
  return rows;
}

}  // namespace ebpf_exporter
