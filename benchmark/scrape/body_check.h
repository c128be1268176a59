// BodyCheck reads a metrics page as it arrives, in constant memory, and adds up
// the values of the lines that begin in one way: enough to tell whether the
// page says what the map holds. A digest tells whether two pages say the same
// of a metric, whatever the rest of them says.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_BODY_CHECK_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_BODY_CHECK_H_

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace ebpf_exporter {

class BodyCheck {
 public:
  // `prefix` is how the lines to add up begin; the digest is of all lines of
  // the family `metric`.
  BodyCheck(std::string metric, std::string prefix)
      : metric_(std::move(metric)), prefix_(std::move(prefix)) {}

  // The next bytes of the page.
  void Take(std::string_view text);

  size_t bytes() const { return bytes_; }
  // Lines with the prefix, and the sum of their values modulo 2^64.
  size_t lines() const { return lines_; }
  uint64_t sum() const { return sum_; }
  // Of the metric's lines in their order; good within this process.
  uint64_t digest() const { return digest_; }

 private:
  void TakeLine(std::string_view line);
  // A sample of the metric, or what is said about it.
  bool IsOfMetric(std::string_view line) const;

  const std::string metric_;
  const std::string prefix_;
  std::string begun_;  // a line whose end has not arrived
  size_t bytes_ = 0;
  size_t lines_ = 0;
  uint64_t sum_ = 0;
  uint64_t digest_ = 0;
};

inline void BodyCheck::Take(std::string_view text) {
  bytes_ += text.size();
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (end == std::string_view::npos) {
      begun_.append(line);
      return;
    }
    if (begun_.empty()) {
      TakeLine(line);
    } else {
      begun_.append(line);
      TakeLine(begun_);
      begun_.clear();
    }
    text.remove_prefix(end + 1);
  }
}

inline bool BodyCheck::IsOfMetric(std::string_view line) const {
  // "# HELP " and "# TYPE " are of one length.
  if (line.starts_with("# "))
    line.remove_prefix(std::min<size_t>(7, line.size()));
  return line.starts_with(metric_);
}

inline void BodyCheck::TakeLine(std::string_view line) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15;
  if (IsOfMetric(line)) {
    digest_ = digest_ * kMultiplier + std::hash<std::string_view>()(line);
  }
  if (!line.starts_with(prefix_)) return;
  ++lines_;
  uint64_t value = 0;
  const char* const number = line.data() + line.rfind(' ') + 1;
  const char* const end = line.data() + line.size();
  if (std::from_chars(number, end, value).ptr == end) sum_ += value;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_BODY_CHECK_H_
