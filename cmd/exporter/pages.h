// The pages for people: where things are and how they are. Pure: a view in,
// HTML out.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PAGES_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PAGES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

struct StatusView {
  // A BPF function that does not run, and why.
  struct Failure {
    std::string function;
    std::string reason;
  };

  struct Config {
    std::string name;
    std::string error;  // why all of it was refused; empty when it serves
    int attached = 0;   // functions
    std::vector<Failure> failed;
    uint64_t series = 0;
  };

  std::string version;
  std::string telemetry_path = "/metrics";
  bool debug = false;  // whether /tables is served
  std::vector<Config> configs;
  uint64_t series_limit = 0;
};

// `text` as text of HTML or as a quoted attribute.
std::string EscapeHtml(std::string_view text);

// The page at "/".
std::string LandingPage(const StatusView& view);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PAGES_H_
