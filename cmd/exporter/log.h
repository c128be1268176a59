// The log of the program: events on stderr, one line each, from any thread.
//
//   LogInfo("listening", {{"address", address}, {"port", 9435}});
//   LogEvery(1min, metric, LogLevel::kWarn, "cannot decode", {{"metric",
//   ...}});

#ifndef EBPF_EXPORTER_CMD_EXPORTER_LOG_H_
#define EBPF_EXPORTER_CMD_EXPORTER_LOG_H_

#include <chrono>
#include <initializer_list>
#include <string_view>

#include "cmd/exporter/log_format.h"

namespace ebpf_exporter {

using LogFields = std::initializer_list<LogField>;

// Before the first call the level is info and the format logfmt.
void SetUpLog(LogLevel level, LogFormat format, bool timestamps = true);

// Whether an event of that level would be written; for those that cost a lot.
bool LogIsOn(LogLevel level);

void Log(LogLevel level, std::string_view message, LogFields fields = {});
void LogDebug(std::string_view message, LogFields fields = {});
void LogInfo(std::string_view message, LogFields fields = {});
void LogWarn(std::string_view message, LogFields fields = {});
void LogError(std::string_view message, LogFields fields = {});

// Writes the event unless one with that message and key was written within the
// period; says in a field `repeats` how many were left out.
void LogEvery(std::chrono::steady_clock::duration period, std::string_view key,
              LogLevel level, std::string_view message, LogFields fields = {});

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_LOG_H_
