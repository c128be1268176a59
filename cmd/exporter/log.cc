#include "cmd/exporter/log.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/log_repeats.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace ebpf_exporter {
namespace {

// Lines come to it ready-made. Lives until the process ends: threads may log to
// the last.
spdlog::logger& StderrLogger() {
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger(
        "exporter", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

std::atomic<LogFormat> log_format = LogFormat::kLogfmt;
std::atomic<bool> log_timestamps = true;

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

void Write(LogLevel level, std::string_view message,
           std::span<const LogField> fields) {
  if (!LogIsOn(level)) return;
  const LogEvent event = {std::chrono::system_clock::now(), level, message,
                          fields};
  StderrLogger().log(SpdlogLevel(level), "{}",
                     FormatLogLine(event, log_format, log_timestamps));
}

}  // namespace

void SetUpLog(LogLevel level, LogFormat format, bool timestamps) {
  StderrLogger().set_level(SpdlogLevel(level));
  log_format = format;
  log_timestamps = timestamps;
}

bool LogIsOn(LogLevel level) {
  return StderrLogger().should_log(SpdlogLevel(level));
}

void Log(LogLevel level, std::string_view message, LogFields fields) {
  Write(level, message, fields);
}

void LogDebug(std::string_view message, LogFields fields) {
  Write(LogLevel::kDebug, message, fields);
}

void LogInfo(std::string_view message, LogFields fields) {
  Write(LogLevel::kInfo, message, fields);
}

void LogWarn(std::string_view message, LogFields fields) {
  Write(LogLevel::kWarn, message, fields);
}

void LogError(std::string_view message, LogFields fields) {
  Write(LogLevel::kError, message, fields);
}

void LogEvery(std::chrono::steady_clock::duration period, std::string_view key,
              LogLevel level, std::string_view message, LogFields fields) {
  static std::mutex mutex;
  static auto* const repeats = new LogRepeats;
  if (!LogIsOn(level)) return;
  std::optional<uint64_t> held_back;
  {
    const std::lock_guard lock(mutex);
    held_back = repeats->Pass(absl::StrCat(message, "\n", key), period,
                              std::chrono::steady_clock::now());
  }
  if (!held_back) return;
  std::vector<LogField> all(fields);
  if (*held_back > 0) all.emplace_back("repeats", *held_back);
  Write(level, message, all);
}

}  // namespace ebpf_exporter
