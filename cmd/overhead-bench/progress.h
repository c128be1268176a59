// Progress and the time left on standard error: one line that is written over
// on a terminal, now and then a line elsewhere. It also says when to stop.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROGRESS_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROGRESS_H_

#include <chrono>
#include <string>
#include <string_view>

namespace ebpf_exporter {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // Stops after `limit`, however little was done.
  Progress(std::string_view what, std::chrono::seconds limit);
  // Ends the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Shows that so much is done, from 0 to 1. False: stop, because the user or
  // the limit on time says so.
  bool At(double done);

  // The limit was what stopped it.
  bool out_of_time() const { return out_of_time_; }

 private:
  const std::string what_;
  const Clock::time_point start_ = Clock::now();
  const std::chrono::seconds limit_;
  const bool terminal_;
  Clock::time_point shown_;
  bool shown_any_ = false;
  bool out_of_time_ = false;
};

// `probes: 42 %, 1:05 left`.
std::string ProgressLine(std::string_view what, double done,
                         std::chrono::duration<double> spent,
                         std::chrono::seconds limit);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PROGRESS_H_
