// A perf event as an ELF section or a configuration asks for it:
// `type=0,config=3,frequency=99`. Numbers are those of perf_event_open(2);
// `period=N` samples every N events instead of `frequency=N` times a second.

#ifndef EBPF_EXPORTER_BPF_LOADER_PERF_EVENT_SPEC_H_
#define EBPF_EXPORTER_BPF_LOADER_PERF_EVENT_SPEC_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ebpf_exporter {

// One of period and frequency is set.
struct PerfEventSpec {
  uint32_t type = 0;
  uint64_t config = 0;
  uint64_t period = 0;
  uint64_t frequency = 0;

  friend bool operator==(const PerfEventSpec&, const PerfEventSpec&) = default;
};

// InvalidArgument says what is wrong with the text.
absl::StatusOr<PerfEventSpec> ParsePerfEvent(std::string_view text);

// The text that is parsed to `spec`.
std::string ToString(const PerfEventSpec& spec);

namespace internal {

inline bool ParseEventNumber(std::string_view text, uint64_t& number) {
  return absl::StartsWithIgnoreCase(text, "0x")
             ? absl::SimpleHexAtoi(text, &number)
             : absl::SimpleAtoi(text, &number);
}

inline absl::Status SetItem(std::string_view item, PerfEventSpec& spec) {
  const std::pair<std::string_view, std::string_view> parts =
      absl::StrSplit(item, absl::MaxSplits('=', 1));
  uint64_t number = 0;
  if (!ParseEventNumber(parts.second, number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", item, "\" is not of the form name=number"));
  }
  if (parts.first == "type" && number <= UINT32_MAX) {
    spec.type = static_cast<uint32_t>(number);
  } else if (parts.first == "config") {
    spec.config = number;
  } else if (parts.first == "period") {
    spec.period = number;
  } else if (parts.first == "frequency") {
    spec.frequency = number;
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", item,
                     "\" is none of type=, config=, frequency= and period=, or "
                     "too large"));
  }
  return absl::OkStatus();
}

}  // namespace internal

inline absl::StatusOr<PerfEventSpec> ParsePerfEvent(std::string_view text) {
  PerfEventSpec spec;
  for (std::string_view item : absl::StrSplit(text, ',')) {
    absl::Status status = internal::SetItem(item, spec);
    if (!status.ok()) return status;
  }
  if ((spec.period == 0) == (spec.frequency == 0)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" needs one of frequency= and period=, greater than 0"));
  }
  return spec;
}

inline std::string ToString(const PerfEventSpec& spec) {
  return absl::StrCat("type=", spec.type, ",config=", spec.config,
                      spec.period > 0
                          ? absl::StrCat(",period=", spec.period)
                          : absl::StrCat(",frequency=", spec.frequency));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_PERF_EVENT_SPEC_H_
