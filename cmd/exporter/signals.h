// Signals as things to wait for instead of interruptions.
//
// Make it in main before any thread starts: signals are blocked in this thread
// and so in all that it starts. SIGPIPE is ignored for good, as a client that
// goes away must not end the program.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_SIGNALS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_SIGNALS_H_

#include <chrono>
#include <csignal>
#include <optional>

#include "absl/status/statusor.h"

namespace ebpf_exporter {

enum class Signal {
  kStop,    // SIGTERM or SIGINT
  kHangUp,  // SIGHUP
};

class SignalWatcher {
 public:
  static absl::StatusOr<SignalWatcher> Create();

  SignalWatcher(SignalWatcher&& other) noexcept;
  SignalWatcher& operator=(SignalWatcher&&) = delete;
  // Unblocks what it blocked. Signals that nobody waited for are forgotten.
  ~SignalWatcher();

  // The next signal; one that came earlier counts. Without a timeout it waits
  // for ever, with one it returns nothing when time is up.
  std::optional<Signal> Wait(
      std::optional<std::chrono::milliseconds> timeout = std::nullopt);

  // Readable when a signal waits, for poll(2).
  int fd() const { return fd_; }

 private:
  SignalWatcher(int fd, const sigset_t& before) : fd_(fd), before_(before) {}

  int fd_;  // a signalfd; -1 when moved from
  sigset_t before_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_SIGNALS_H_
