// The exporter as users run it, for tests: the built binary as a child process,
// talked to over HTTP and ended by a signal. Every wait has an end.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_EXPORTER_PROCESS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_EXPORTER_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/exposition/text_parser.h"

namespace ebpf_exporter {

class ExporterProcess {
 public:
  struct Reply {
    int status = 0;
    std::string head;
    std::string body;
  };

  // Starts the binary with these arguments and a port of its own.
  explicit ExporterProcess(std::vector<std::string> arguments);
  // Kills it if it still runs.
  ~ExporterProcess();
  ExporterProcess(const ExporterProcess&) = delete;
  ExporterProcess& operator=(const ExporterProcess&) = delete;

  // Waits until it listens; false if it ends, or a minute passes, before that.
  bool WaitUntilItListens();
  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  // What it has written to stderr so far.
  std::string Log();

  // `headers` are further lines of the request, each with its end.
  Reply Get(std::string_view path, std::string_view headers = "") const;
  // The metrics page, parsed; an error if it is not one.
  absl::StatusOr<ParsedPage> Scrape() const;

  // Sends a signal and waits for the end; the exit code, or 128 + the signal
  // that ended it, or nothing if it does not end.
  std::optional<int> Stop(int signal);
  std::optional<int> WaitForTheEnd(std::chrono::seconds timeout);

 private:
  pid_t pid_ = -1;
  int port_ = 0;
  std::string log_path_;
};

// The sum of the values of all samples called `name` that have these labels.
double SumOf(const ParsedPage& page, std::string_view family,
             std::string_view name,
             const std::vector<std::pair<std::string, std::string>>& labels);

// A test that needs BPF calls this first: skips, and says so loudly, where the
// process may not use it.
bool MayUseBpf();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_EXPORTER_PROCESS_H_
