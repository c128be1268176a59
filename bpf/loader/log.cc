#include "bpf/loader/log.h"

#include <stdarg.h>
#include <stdio.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

// Enough for a cause; a hostile object may provoke any number of warnings.
constexpr size_t kFirstLines = 32;
constexpr size_t kLastLines = 32;

// What libbpf says about an object's BTF that the kernel refuses stops nothing,
// and is never the cause: an error, and the log of it if there is one.
constexpr std::array<std::string_view, 2> kBtfLines = {
    "BTF loading error: ", "-- END BTF LOAD LOG --"};

bool IsAboutBtf(std::string_view line) {
  return std::ranges::any_of(kBtfLines, [&](std::string_view start) {
    return absl::StartsWith(line, start);
  });
}

struct Log {
  LibbpfLogLevel level = LibbpfLogLevel::kWarning;
  LibbpfLogSink sink;
};

std::mutex log_mutex;
std::shared_ptr<const Log> current_log;  // guarded by log_mutex
thread_local LibbpfWarnings* innermost = nullptr;

LibbpfLogLevel LevelOf(libbpf_print_level level) {
  switch (level) {
    case LIBBPF_WARN:
      return LibbpfLogLevel::kWarning;
    case LIBBPF_INFO:
      return LibbpfLogLevel::kInfo;
    default:
      return LibbpfLogLevel::kDebug;
  }
}

void Write(LibbpfLogLevel level, std::string_view line) {
  if (level == LibbpfLogLevel::kWarning && innermost != nullptr) {
    innermost->Add(line);
    level = LibbpfLogLevel::kDebug;
  }
  std::shared_ptr<const Log> log;
  {
    std::lock_guard<std::mutex> lock(log_mutex);
    log = current_log;
  }
  if (log != nullptr && log->sink && level <= log->level) {
    log->sink(level, line);
  }
}

int Print(libbpf_print_level level, const char* format, va_list arguments) {
  char* text = nullptr;
  const int length = vasprintf(&text, format, arguments);
  if (length < 0) return length;
  for (std::string_view line :
       absl::StrSplit(std::string_view(text, length), '\n')) {
    absl::ConsumePrefix(&line, "libbpf: ");
    if (!line.empty()) Write(LevelOf(level), line);
  }
  free(text);
  return length;
}

// Before main, so that libbpf never writes to stderr of its own accord.
[[maybe_unused]] const libbpf_print_fn_t libbpf_default =
    libbpf_set_print(Print);

}  // namespace

void SetLibbpfLog(LibbpfLogLevel level, LibbpfLogSink sink) {
  auto log = std::make_shared<const Log>(Log{level, std::move(sink)});
  std::lock_guard<std::mutex> lock(log_mutex);
  current_log.swap(log);
}

LibbpfWarnings::LibbpfWarnings() : outer_(std::exchange(innermost, this)) {}

LibbpfWarnings::~LibbpfWarnings() { innermost = outer_; }

std::string LibbpfWarnings::Cause() const {
  const auto about_btf =
      std::find_if(lines_.rbegin(), lines_.rend(), IsAboutBtf);
  return about_btf.base() == lines_.end() ? "" : *about_btf.base();
}

void LibbpfWarnings::Add(std::string_view line) {
  if (lines_.size() == kFirstLines + kLastLines) {
    lines_.erase(lines_.begin() + kFirstLines);
  }
  lines_.emplace_back(line);
}

}  // namespace ebpf_exporter
