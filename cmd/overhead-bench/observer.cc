#include "cmd/overhead-bench/observer.h"

#include <time.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/all_programs.h"
#include "bpf/loader/stats.h"
#include "cmd/overhead-bench/progress.h"

namespace ebpf_exporter {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

absl::StatusOr<Reading> Read(int process, Clock::time_point start) {
  absl::StatusOr<std::vector<KernelProgram>> all = AllPrograms();
  if (!all.ok()) return all.status();
  Reading reading;
  reading.seconds = Seconds(Clock::now() - start);
  if (process != 0) {
    const std::set<uint32_t> held = HeldBy(process);
    std::erase_if(*all, [&](const KernelProgram& program) {
      return !held.contains(program.id);
    });
  }
  reading.programs = *std::move(all);
  return reading;
}

// Ends early with a signal.
void SleepAtMostASecond(Clock::duration left) {
  const auto until = std::min<Clock::duration>(left, std::chrono::seconds(1));
  const timespec sleep = {
      std::chrono::duration_cast<std::chrono::seconds>(until).count(),
      std::chrono::nanoseconds(until % std::chrono::seconds(1)).count()};
  nanosleep(&sleep, nullptr);
}

}  // namespace

std::set<uint32_t> HeldBy(int process) {
  std::set<uint32_t> ids;
  std::error_code error;
  const std::string folder = absl::StrCat("/proc/", process, "/fdinfo");
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    for (const std::string_view line :
         absl::StrSplit(ReadFile(file.path()), '\n')) {
      std::string_view rest = line;
      uint32_t id = 0;
      if (absl::ConsumePrefix(&rest, "prog_id:") &&
          absl::SimpleAtoi(rest, &id)) {
        ids.insert(id);
      }
    }
  }
  return ids;
}

absl::StatusOr<std::vector<Reading>> Observe(int process,
                                             Clock::duration duration) {
  const absl::StatusOr<StatsSwitch> on = StatsSwitch::On();
  if (!on.ok()) return on.status();
  Progress progress("observe", std::chrono::hours(24 * 365));
  const Clock::time_point start = Clock::now();
  std::vector<Reading> readings;
  while (true) {
    absl::StatusOr<Reading> reading = Read(process, start);
    if (!reading.ok()) return reading.status();
    readings.push_back(*std::move(reading));
    const Clock::duration left = duration - (Clock::now() - start);
    const double done = 1 - Seconds(left) / Seconds(duration);
    if (left <= Clock::duration::zero() || !progress.At(done)) return readings;
    SleepAtMostASecond(left);
  }
}

}  // namespace ebpf_exporter
