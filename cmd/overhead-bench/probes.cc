#include "cmd/overhead-bench/probes.h"

#include <signal.h>

#include <iostream>
#include <string>

#include "absl/status/statusor.h"
#include "benchmark/programs/measure.h"
#include "benchmark/programs/report.h"
#include "benchmark/programs/result.h"
#include "benchmark/programs/variant.h"
#include "bpf/loader/privileges.h"

namespace ebpf_exporter {
namespace {

volatile sig_atomic_t interrupted = 0;

// Programs and the run statistics belong to descriptors of this process, so
// whatever ends it, they go with it; the signal is caught for the report alone.
void CatchInterrupt() {
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one kills
  sigaction(SIGINT, &action, nullptr);
}

MeasureOptions OptionsOf(const ProbesFlags& flags) {
  MeasureOptions options;
  options.rounds = flags.smoke ? 2 : flags.rounds;
  options.contended = flags.contended;
  options.walks = 0;
  if (flags.smoke) options.calls = {.slices = 3, .calls = 100};
  options.go_on = [rounds = options.rounds](size_t round) {
    if (interrupted != 0) return false;
    std::cerr << "round " << round + 1 << " of " << rounds << std::endl;
    return true;
  };
  return options;
}

}  // namespace

int RunProbes(const ProbesFlags& flags) {
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) {
    std::cerr << privileges.message() << std::endl;
    return 1;
  }
  CatchInterrupt();
  const absl::StatusOr<Results> results =
      Measure(ProbeVariants(), OptionsOf(flags));
  if (!results.ok()) {
    std::cerr << results.status().message() << std::endl;
    return 1;
  }
  const std::string environment = Environment();
  std::cout << (flags.json ? JsonReport(*results, environment)
                           : TextReport(*results, environment));
  return 0;
}

}  // namespace ebpf_exporter
