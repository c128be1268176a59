// BodyCheck reads a metrics page as it arrives, in constant memory, and adds up
// the values of the lines that begin in one way: enough to tell whether the
// page says what the map holds.

#ifndef EBPF_EXPORTER_BENCHMARK_SCRAPE_BODY_CHECK_H_
#define EBPF_EXPORTER_BENCHMARK_SCRAPE_BODY_CHECK_H_

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace ebpf_exporter {

class BodyCheck {
 public:
  explicit BodyCheck(std::string prefix) : prefix_(std::move(prefix)) {}

  // The next bytes of the page.
  void Take(std::string_view text);

  size_t bytes() const { return bytes_; }
  // Lines with the prefix, and the sum of their values modulo 2^64.
  size_t lines() const { return lines_; }
  uint64_t sum() const { return sum_; }

 private:
  void TakeLine(std::string_view line);

  const std::string prefix_;
  std::string begun_;  // a line whose end has not arrived
  size_t bytes_ = 0;
  size_t lines_ = 0;
  uint64_t sum_ = 0;
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

inline void BodyCheck::TakeLine(std::string_view line) {
  if (!line.starts_with(prefix_)) return;
  ++lines_;
  uint64_t value = 0;
  const char* const number = line.data() + line.rfind(' ') + 1;
  const char* const end = line.data() + line.size();
  if (std::from_chars(number, end, value).ptr == end) sum_ += value;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BENCHMARK_SCRAPE_BODY_CHECK_H_
