#include "cmd/overhead-bench/workload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/file_descriptor.h"
#include "cmd/overhead-bench/loopback.h"
#include "cmd/overhead-bench/stats.h"
#include "cmd/overhead-bench/timing.h"

namespace ebpf_exporter {
namespace {

absl::Status Failed(std::string_view what) {
  return absl::ErrnoToStatus(errno, what);
}

// So many slices of so many operations.
struct Plan {
  size_t slices;
  size_t operations;  // of a slice

  size_t total() const { return slices * operations; }
};

// `operation` says whether it went well, and leaves errno if not.
template <typename Do>
absl::StatusOr<double> TimeSlices(const Plan& plan, std::string_view what,
                                  Do operation) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> slices;
  for (size_t slice = 0; slice < plan.slices; ++slice) {
    const Clock::time_point start = Clock::now();
    for (size_t i = 0; i < plan.operations; ++i) {
      if (!operation()) return Failed(what);
    }
    const std::chrono::duration<double, std::nano> took = Clock::now() - start;
    slices.push_back(took.count() / static_cast<double>(plan.operations));
  }
  return Median(slices);
}

Workload Calls(const Plan& plan, std::string name, std::string operation,
               Operation kind) {
  return {std::move(name), std::move(operation), plan.total(),
          [plan, kind]() -> absl::StatusOr<double> {
            return TimeCalls({.slices = plan.slices,
                              .calls = plan.operations,
                              .operation = kind});
          }};
}

bool SendByte(int fd) { return write(fd, "", 1) == 1; }

bool ReceiveByte(int fd) {
  char byte = 0;
  return read(fd, &byte, 1) == 1;
}

// Two threads on one CPU that wait for each other.
absl::StatusOr<double> TimeSwitches(const Plan& plan) {
  std::array<int, 2> there = {};
  std::array<int, 2> back = {};
  if (pipe2(there.data(), O_CLOEXEC) != 0) return Failed("a pipe");
  const FileDescriptor there_in(there[0]);
  FileDescriptor there_out(there[1]);
  if (pipe2(back.data(), O_CLOEXEC) != 0) return Failed("a pipe");
  const FileDescriptor back_in(back[0]);
  const FileDescriptor back_out(back[1]);
  // Inherits this thread's CPU.
  std::thread other([&] {
    while (ReceiveByte(there_in.get()) && SendByte(back_out.get())) continue;
  });
  absl::StatusOr<double> time = TimeSlices(plan, "a pipe", [&] {
    return SendByte(there_out.get()) && ReceiveByte(back_in.get());
  });
  there_out = FileDescriptor();
  // The other end sees the pipe end.
  other.join();
  return time;
}

bool RunChild() {
  static const bool has_true = access("/bin/true", X_OK) == 0;
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    if (has_true) execl("/bin/true", "true", nullptr);
    _exit(0);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child;
}

// A file that has no name any more, in the folder for temporary files that
// survive a restart, which is mostly on a disk.
absl::StatusOr<FileDescriptor> TemporaryFile() {
  const char* folder = std::getenv("TMPDIR");
  std::string path =
      absl::StrCat(folder == nullptr ? "/var/tmp" : folder, "/overhead-XXXXXX");
  FileDescriptor file(mkostemp(path.data(), O_CLOEXEC));
  if (!file.valid()) {
    return Failed(absl::StrCat("cannot make a file in ", path,
                               " (set TMPDIR to another folder)"));
  }
  unlink(path.c_str());
  return file;
}

absl::StatusOr<double> TimeFiles(const Plan& plan) {
  const absl::StatusOr<FileDescriptor> file = TemporaryFile();
  if (!file.ok()) return file.status();
  std::array<char, 4096> block = {};
  return TimeSlices(plan, "a temporary file", [&] {
    return pwrite(file->get(), block.data(), block.size(), 0) == 4096 &&
           fdatasync(file->get()) == 0 &&
           pread(file->get(), block.data(), block.size(), 0) == 4096;
  });
}

absl::StatusOr<double> TimeTcp(const Plan& plan) {
  absl::StatusOr<LoopbackEcho> echo = LoopbackEcho::Start();
  if (!echo.ok()) return echo.status();
  return TimeSlices(plan, "loopback TCP", [&] { return echo->Exchange(); });
}

// Of a shell, or of what it ran. system() keeps the signal from this process.
bool EndedByInterrupt(int status) {
  return (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) ||
         (WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGINT);
}

bool Sleep() {
  const timespec shortest = {0, 1};
  return nanosleep(&shortest, nullptr) == 0 || errno == EINTR;
}

absl::StatusOr<double> TimeTimers(const Plan& plan) {
  // Else the kernel waits 50 us longer, to gather timers.
  prctl(PR_SET_TIMERSLACK, 1);
  absl::StatusOr<double> time = TimeSlices(plan, "sleeping", Sleep);
  prctl(PR_SET_TIMERSLACK, 0);  // as it was
  return time;
}

}  // namespace

std::vector<Workload> BuiltInWorkloads(size_t scale) {
  const auto plan = [scale](size_t slices, size_t operations) {
    return Plan{slices, std::max<size_t>(operations / scale, 1)};
  };
  const auto make = [](std::string name, std::string operation, Plan its_plan,
                       absl::StatusOr<double> (*time)(const Plan&)) {
    return Workload{std::move(name), std::move(operation), its_plan.total(),
                    [its_plan, time] { return time(its_plan); }};
  };
  std::vector<Workload> all;
  all.push_back(
      Calls(plan(20, 1000), "syscalls", "getppid", Operation::kSystemCall));
  all.push_back(make("switches", "to another thread and back", plan(10, 300),
                     TimeSwitches));
  all.push_back(make("processes", "fork, exec, exit, wait", plan(5, 10),
                     [](const Plan& its_plan) {
                       return TimeSlices(its_plan, "fork", RunChild);
                     }));
  all.push_back(
      make("files", "write 4 KiB, fdatasync, read", plan(5, 10), TimeFiles));
  all.push_back(
      make("tcp", "connect, a byte each way, close", plan(10, 50), TimeTcp));
  all.push_back(
      Calls(plan(10, 500), "faults", "page fault", Operation::kPageFault));
  all.push_back(make("timers", "sleep 1 ns", plan(10, 50), TimeTimers));
  return all;
}

Workload CommandWorkload(const std::string& command) {
  return {"command", command, 1, [command]() -> absl::StatusOr<double> {
            const auto start = std::chrono::steady_clock::now();
            // What it prints would stand among the report.
            const int status =
                std::system(absl::StrCat("{ ", command, "\n} >&2").c_str());
            const std::chrono::duration<double, std::nano> took =
                std::chrono::steady_clock::now() - start;
            if (status == 0) return took.count();
            if (EndedByInterrupt(status)) {
              return absl::CancelledError("interrupted");
            }
            return absl::FailedPreconditionError(
                absl::StrCat("the command failed: ", command));
          }};
}

}  // namespace ebpf_exporter
