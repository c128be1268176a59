#include "cmd/exporter/signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "absl/status/status.h"

namespace ebpf_exporter {
namespace {

using Clock = std::chrono::steady_clock;

sigset_t WatchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

// For poll: -1 is for ever.
int PollTimeout(std::optional<Clock::time_point> deadline) {
  if (!deadline) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now());
  return static_cast<int>(
      std::clamp<int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

}  // namespace

absl::StatusOr<SignalWatcher> SignalWatcher::Create() {
  signal(SIGPIPE, SIG_IGN);
  const sigset_t watched = WatchedSignals();
  sigset_t before;
  if (const int error = pthread_sigmask(SIG_BLOCK, &watched, &before)) {
    return absl::ErrnoToStatus(error, "cannot block signals");
  }
  const int fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) {
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return absl::ErrnoToStatus(error, "cannot watch signals");
  }
  return SignalWatcher(fd, before);
}

SignalWatcher::SignalWatcher(SignalWatcher&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), before_(other.before_) {}

SignalWatcher::~SignalWatcher() {
  if (fd_ < 0) return;
  // One that still waits would strike once it is unblocked.
  while (Wait(std::chrono::milliseconds(0))) {
  }
  close(fd_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

std::optional<Signal> SignalWatcher::Wait(
    std::optional<std::chrono::milliseconds> timeout) {
  std::optional<Clock::time_point> deadline;
  if (timeout) deadline = Clock::now() + *timeout;
  while (true) {
    signalfd_siginfo info;
    if (read(fd_, &info, sizeof(info)) == sizeof(info)) {
      return info.ssi_signo == SIGHUP ? Signal::kHangUp : Signal::kStop;
    }
    pollfd wait = {fd_, POLLIN, 0};
    if (poll(&wait, 1, PollTimeout(deadline)) == 0) return std::nullopt;
  }
}

}  // namespace ebpf_exporter
