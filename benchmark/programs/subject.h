// Subject: a program of this folder at work in the running kernel, counting the
// calls of this process.

#ifndef EBPF_EXPORTER_BENCHMARK_PROGRAMS_SUBJECT_H_
#define EBPF_EXPORTER_BENCHMARK_PROGRAMS_SUBJECT_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "benchmark/programs/variant.h"
#include "bpf/loader/loaded_config.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/stats.h"

namespace ebpf_exporter {

class Subject {
 public:
  // Loads and attaches it, with an empty map. FailedPrecondition, with the
  // reason, if this kernel cannot.
  static absl::StatusOr<Subject> Attach(Loader& loader, const Variant& variant);

  // Runs of the program for anybody's calls, while a StatsSwitch is on.
  absl::StatusOr<RunStats> Stats() const;

  // How often kLoop computes for each event from now on; 0 at first.
  absl::Status SetLoops(uint64_t loops);

  // Detaches it. An error unless the map then holds exactly so many events, or
  // of page faults no fewer.
  absl::Status Prove(uint64_t events);

 private:
  Subject(const Variant& variant, LoadedConfig config)
      : variant_(variant), config_(std::move(config)) {}

  Variant variant_;
  LoadedConfig config_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_PROGRAMS_SUBJECT_H_
