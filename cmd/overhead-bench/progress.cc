#include "cmd/overhead-bench/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "absl/strings/str_format.h"
#include "cmd/overhead-bench/interrupt.h"

namespace ebpf_exporter {

Progress::Progress(std::string_view what, std::chrono::seconds limit)
    : what_(what), limit_(limit), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (terminal_ && shown_any_) std::cerr << "\r\x1b[K" << std::flush;
}

bool Progress::At(double done) {
  const std::chrono::milliseconds period(terminal_ ? 200 : 10'000);
  const Clock::time_point now = Clock::now();
  if (Interrupted()) return false;
  if (now - start_ > limit_) {
    out_of_time_ = true;
    return false;
  }
  if (shown_any_ && now - shown_ < period) return true;
  shown_ = now;
  shown_any_ = true;
  const std::string line = ProgressLine(what_, done, now - start_, limit_);
  std::cerr << (terminal_ ? "\r" : "") << line << (terminal_ ? "\x1b[K" : "\n")
            << std::flush;
  return true;
}

std::string ProgressLine(std::string_view what, double done,
                         std::chrono::duration<double> spent,
                         std::chrono::seconds limit) {
  // Too early to tell.
  constexpr double kTellable = 0.02;
  std::string line =
      absl::StrFormat("%s: %.0f %%", what, 100 * std::clamp(done, 0.0, 1.0));
  if (done < kTellable) return line;
  const double left =
      std::min(spent.count() * (1 - done) / done,
               static_cast<double>(limit.count()) - spent.count());
  const int seconds = static_cast<int>(std::max(left, 0.0) + 0.5);
  return line + absl::StrFormat(", %d:%02d left", seconds / 60, seconds % 60);
}

}  // namespace ebpf_exporter
