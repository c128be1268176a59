#include "cmd/overhead-bench/operations.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/file_descriptor.h"
#include "cmd/overhead-bench/loopback.h"
#include "cmd/overhead-bench/stats.h"

namespace ebpf_exporter {
namespace {

absl::Status Failed(std::string_view what) {
  return absl::ErrnoToStatus(errno, what);
}

// `operation` says whether it went well, and leaves errno if not.
template <typename Do>
absl::StatusOr<double> TimeSlices(const SlicePlan& plan, std::string_view what,
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

bool SendByte(int fd) { return write(fd, "", 1) == 1; }

bool ReceiveByte(int fd) {
  char byte = 0;
  return read(fd, &byte, 1) == 1;
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

// A timer of high resolution.
bool Sleep() {
  const timespec shortest = {0, 1};
  return nanosleep(&shortest, nullptr) == 0 || errno == EINTR;
}

// A timer of the other kind, which never fires: that of a connection's probes.
bool StartAndStopTimer(int connection) {
  for (const int on : {1, 0}) {
    if (setsockopt(connection, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) !=
        0) {
      return false;
    }
  }
  return true;
}

}  // namespace

// Two threads on one CPU that wait for each other.
absl::StatusOr<double> TimeSwitches(const SlicePlan& plan) {
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

absl::StatusOr<double> TimeProcesses(const SlicePlan& plan) {
  return TimeSlices(plan, "fork", RunChild);
}

absl::StatusOr<double> TimeFiles(const SlicePlan& plan) {
  const absl::StatusOr<FileDescriptor> file = TemporaryFile();
  if (!file.ok()) return file.status();
  std::array<char, 4096> block = {};
  return TimeSlices(plan, "a temporary file", [&] {
    return pwrite(file->get(), block.data(), block.size(), 0) == 4096 &&
           fdatasync(file->get()) == 0 &&
           pread(file->get(), block.data(), block.size(), 0) == 4096;
  });
}

absl::StatusOr<double> TimeTcp(const SlicePlan& plan) {
  absl::StatusOr<LoopbackEcho> echo = LoopbackEcho::Start();
  if (!echo.ok()) return echo.status();
  return TimeSlices(plan, "loopback TCP", [&] { return echo->Exchange(); });
}

absl::StatusOr<double> TimeTimers(const SlicePlan& plan) {
  absl::StatusOr<LoopbackEcho> echo = LoopbackEcho::Start();
  if (!echo.ok()) return echo.status();
  const FileDescriptor connection = echo->Connect();
  if (!connection.valid()) return Failed("loopback TCP");
  // Else the kernel waits 50 us longer, to gather timers.
  prctl(PR_SET_TIMERSLACK, 1);
  absl::StatusOr<double> time = TimeSlices(plan, "a timer", [&] {
    return StartAndStopTimer(connection.get()) && Sleep();
  });
  prctl(PR_SET_TIMERSLACK, 0);  // as it was
  return time;
}

}  // namespace ebpf_exporter
