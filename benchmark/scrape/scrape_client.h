// ScrapeClient asks a server on this host for its metrics, as Prometheus does:
// over one connection that is kept. It keeps nothing of the answer but what
// BodyCheck makes of it, so that it does not count as memory of the exporter.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_SCRAPE_CLIENT_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_SCRAPE_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/file_descriptor.h"

namespace ebpf_exporter {

class ScrapeClient {
 public:
  struct Reply {
    bool gzip = false;      // as the server sent it
    size_t sent_bytes = 0;  // of the body, as sent
    size_t bytes = 0;       // of the text
    size_t lines = 0;       // with the prefix
    uint64_t sum = 0;       // of their values
    uint64_t digest = 0;    // of all lines of the metric
  };

  // `metric` and `prefix`: see BodyCheck.
  static absl::StatusOr<ScrapeClient> Connect(int port, std::string metric,
                                              std::string prefix);

  // Whether to ask for gzip is up to the caller, whether to send it to the
  // server.
  absl::StatusOr<Reply> Scrape(bool gzip);

 private:
  ScrapeClient(FileDescriptor fd, std::string metric, std::string prefix);

  absl::Status Ask(bool gzip) const;
  absl::StatusOr<std::string_view> Receive();

  FileDescriptor fd_;
  std::string metric_;
  std::string prefix_;
  std::vector<char> buffer_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_SCRAPE_CLIENT_H_
