// What libbpf has to say. It writes lines through one function for the whole
// process; here they go to a sink of the caller's, or nowhere until one is set.

#ifndef EBPF_EXPORTER_BPF_LOADER_LOG_H_
#define EBPF_EXPORTER_BPF_LOADER_LOG_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

enum class LibbpfLogLevel { kWarning, kInfo, kDebug };

// Gets one line at a time, without its newline and libbpf's own prefix, from
// any thread.
using LibbpfLogSink =
    std::function<void(LibbpfLogLevel level, std::string_view line)>;

// Sends lines up to `level` to `sink`; an empty sink means silence. Replaces
// what was set before.
void SetLibbpfLog(LibbpfLogLevel level, LibbpfLogSink sink);

// While it lives, keeps this thread's warnings instead of sending them on (the
// sink sees them as kDebug): they become part of an error's text. The innermost
// one keeps them.
class LibbpfWarnings {
 public:
  LibbpfWarnings();
  ~LibbpfWarnings();
  LibbpfWarnings(const LibbpfWarnings&) = delete;
  LibbpfWarnings& operator=(const LibbpfWarnings&) = delete;

  // The first ones and, if they are many, the last.
  const std::vector<std::string>& lines() const { return lines_; }

  // The first warning that matters, which is nearest to the cause; empty if
  // there was none.
  std::string Cause() const;

  void Add(std::string_view line);

 private:
  std::vector<std::string> lines_;
  LibbpfWarnings* outer_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_LOG_H_
