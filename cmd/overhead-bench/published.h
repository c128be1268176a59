// What others measured, to stand beside what this host gives: getpid with no
// program, and what a program adds to it. From the READMEs of ebpf_exporter 1.x
// and 2.x. Other machines, other kernels: an order of magnitude, no yardstick.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PUBLISHED_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PUBLISHED_H_

#include <array>
#include <string_view>

namespace ebpf_exporter {

struct Publication {
  std::string_view name;
  std::string_view host;
  double baseline_ns;
};

inline constexpr Publication kVersion1 = {
    "1.x", "Xeon E5-2630 v3 2.4 GHz, Linux 4.14.15", 316};
inline constexpr Publication kVersion2 = {
    "2.x", "Apple M1 in QEMU, Linux 6.5-rc1", 117};

struct PublishedCost {
  std::string_view kind;
  std::string_view program;
  double added_v1_ns;  // 0: not published
  double added_v2_ns;
};

inline constexpr std::array<PublishedCost, 9> kPublished = {{
    {"tracepoint", "empty", 0, 15},
    {"tracepoint", "simple", 0, 35},
    {"tracepoint", "complex", 0, 96},
    {"fentry", "empty", 0, 24},
    {"fentry", "simple", 0, 42},
    {"fentry", "complex", 0, 103},
    {"kprobe", "empty", 0, 137},
    {"kprobe", "simple", 108, 160},
    {"kprobe", "complex", 331, 229},
}};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_PUBLISHED_H_
