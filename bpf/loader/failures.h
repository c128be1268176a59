// Why something is not at work, while a configuration is being loaded.

#ifndef EBPF_EXPORTER_BPF_LOADER_FAILURES_H_
#define EBPF_EXPORTER_BPF_LOADER_FAILURES_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/loaded_config.h"

namespace ebpf_exporter {

// `reason` and `detail` as in LoadFailure.
struct Problem {
  std::string reason;
  std::string detail;
};

// The failures of one configuration; no two have equal function and reason, so
// that each can be one series.
class Failures {
 public:
  explicit Failures(std::string config) : config_(std::move(config)) {}

  // An empty function means the configuration as a whole. Details of equal
  // failures are joined, each once.
  void Add(std::string_view function, Problem problem);

  // Takes those out that `matches` says yes to.
  std::vector<LoadFailure> Take(
      absl::FunctionRef<bool(const LoadFailure&)> matches);

  const std::vector<LoadFailure>& list() const { return list_; }

 private:
  std::string config_;
  std::vector<LoadFailure> list_;
};

inline void Failures::Add(std::string_view function, Problem problem) {
  for (LoadFailure& failure : list_) {
    if (failure.function != function || failure.reason != problem.reason) {
      continue;
    }
    if (!absl::StrContains(failure.detail, problem.detail)) {
      absl::StrAppend(&failure.detail, "; ", problem.detail);
    }
    return;
  }
  list_.push_back({config_, std::string(function), std::move(problem.reason),
                   std::move(problem.detail)});
}

inline std::vector<LoadFailure> Failures::Take(
    absl::FunctionRef<bool(const LoadFailure&)> matches) {
  std::vector<LoadFailure> taken;
  for (LoadFailure& failure : std::exchange(list_, {})) {
    (matches(failure) ? taken : list_).push_back(std::move(failure));
  }
  return taken;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_FAILURES_H_
