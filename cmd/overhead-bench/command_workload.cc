#include "cmd/overhead-bench/command_workload.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/file_descriptor.h"
#include "cmd/overhead-bench/interrupt.h"

namespace ebpf_exporter {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A shell at work on the command. It never outlives this object.
class Shell {
 public:
  static absl::StatusOr<Shell> Start(const std::string& command);

  Shell(Shell&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), end_(std::move(other.end_)) {}
  Shell& operator=(Shell&&) = delete;
  ~Shell() { Stop(SIGKILL, milliseconds(0)); }

  // True once it has ended.
  bool WaitFor(milliseconds time) const;
  // With its children: first by `signal`, and after `grace` for good.
  void Stop(int signal, milliseconds grace);
  // After it has ended: as waitpid() tells.
  int TakeStatus();

 private:
  Shell(pid_t pid, FileDescriptor end) : pid_(pid), end_(std::move(end)) {}

  pid_t pid_;  // and its process group; -1: taken
  FileDescriptor end_;
};

// In the child.
[[noreturn]] void BecomeShell(const std::string& command, pid_t parent) {
  setpgid(0, 0);
  // Even SIGKILL of the one who measures ends it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  // What it prints would stand among the report.
  dup2(STDERR_FILENO, STDOUT_FILENO);
  execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
  _exit(127);
}

absl::StatusOr<Shell> Shell::Start(const std::string& command) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return absl::ErrnoToStatus(errno, "cannot fork");
  if (pid == 0) BecomeShell(command, parent);
  setpgid(pid, pid);  // whoever comes first
  FileDescriptor end(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  const int error = errno;
  Shell shell(pid, std::move(end));
  if (!shell.end_.valid()) return absl::ErrnoToStatus(error, "pidfd_open");
  return shell;
}

bool Shell::WaitFor(milliseconds time) const {
  pollfd end = {end_.get(), POLLIN, 0};
  return poll(&end, 1, static_cast<int>(time.count())) == 1;
}

void Shell::Stop(int signal, milliseconds grace) {
  if (pid_ < 0) return;
  kill(-pid_, signal);
  if (!WaitFor(grace)) kill(-pid_, SIGKILL);
  TakeStatus();
}

int Shell::TakeStatus() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  return status;
}

absl::Status StatusOf(const std::string& command, int status) {
  if (status == 0) return absl::OkStatus();
  const std::string how =
      WIFSIGNALED(status) ? absl::StrCat("signal ", WTERMSIG(status))
                          : absl::StrCat("exit status ", WEXITSTATUS(status));
  return absl::FailedPreconditionError(
      absl::StrCat("the command failed (", how, "): ", command));
}

absl::StatusOr<double> TimeCommand(const std::string& command,
                                   Clock::time_point deadline) {
  constexpr milliseconds kLook(100);  // how often it asks for interrupts
  constexpr milliseconds kGrace(2000);
  const Clock::time_point start = Clock::now();
  absl::StatusOr<Shell> shell = Shell::Start(command);
  if (!shell.ok()) return shell.status();
  while (!shell->WaitFor(kLook)) {
    if (Interrupted()) {
      shell->Stop(SIGINT, kGrace);
      return absl::CancelledError("interrupted");
    }
    if (Clock::now() > deadline) {
      shell->Stop(SIGTERM, kGrace);
      return absl::DeadlineExceededError(absl::StrCat(
          "the command was still at work when the time of --seconds was up: ",
          command));
    }
  }
  const std::chrono::duration<double, std::nano> took = Clock::now() - start;
  const absl::Status ended = StatusOf(command, shell->TakeStatus());
  if (!ended.ok()) return ended;
  return took.count();
}

}  // namespace

Workload CommandWorkload(const std::string& command,
                         std::chrono::steady_clock::time_point deadline) {
  return {"command", command, 1,
          [command, deadline] { return TimeCommand(command, deadline); }};
}

}  // namespace ebpf_exporter
