#include "cmd/overhead-bench/workload.h"

#include <algorithm>
#include <utility>

#include "cmd/overhead-bench/operations.h"
#include "cmd/overhead-bench/timing.h"

namespace ebpf_exporter {
namespace {

Workload Calls(const SlicePlan& plan, std::string name, std::string operation,
               Operation kind) {
  return {std::move(name), std::move(operation), plan.total(),
          [plan, kind]() -> absl::StatusOr<double> {
            return TimeCalls({.slices = plan.slices,
                              .calls = plan.operations,
                              .operation = kind});
          }};
}

}  // namespace

std::vector<Workload> BuiltInWorkloads(size_t scale) {
  const auto plan = [scale](size_t slices, size_t operations) {
    return SlicePlan{slices, std::max<size_t>(operations / scale, 1)};
  };
  const auto make = [](std::string name, std::string operation,
                       SlicePlan its_plan,
                       absl::StatusOr<double> (*time)(const SlicePlan&)) {
    return Workload{std::move(name), std::move(operation), its_plan.total(),
                    [its_plan, time] { return time(its_plan); }};
  };
  std::vector<Workload> all;
  all.push_back(
      Calls(plan(20, 1000), "syscalls", "getppid", Operation::kSystemCall));
  all.push_back(make("switches", "to another thread and back", plan(10, 300),
                     TimeSwitches));
  all.push_back(
      make("processes", "fork, exec, exit, wait", plan(5, 10), TimeProcesses));
  all.push_back(
      make("files", "write 4 KiB, fdatasync, read", plan(5, 10), TimeFiles));
  all.push_back(
      make("tcp", "connect, a byte each way, close", plan(10, 50), TimeTcp));
  all.push_back(
      Calls(plan(10, 500), "faults", "page fault", Operation::kPageFault));
  all.push_back(make("timers", "a timer of each kind: sleep 1 ns, keepalive",
                     plan(10, 50), TimeTimers));
  return all;
}

}  // namespace ebpf_exporter
