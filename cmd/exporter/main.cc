// ebpf_exporter: serves what eBPF programs count as Prometheus metrics.
//
//   flags ─▶ sources ─▶ Prepare ─▶ Exporter::Start ─▶ serve, or print once ─▶
//   capture, with --capture

#include <errno.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "bpf/inline/compiler.h"
#include "bpf/inline/object_cache.h"
#include "bpf/loader/libbpf_version.h"
#include "bpf/loader/privileges.h"
#include "cmd/exporter/capture.h"
#include "cmd/exporter/config_source.h"
#include "cmd/exporter/convert.h"
#include "cmd/exporter/exporter.h"
#include "cmd/exporter/flags.h"
#include "cmd/exporter/http_server.h"
#include "cmd/exporter/libbpf_lines.h"
#include "cmd/exporter/log.h"
#include "cmd/exporter/memory.h"
#include "cmd/exporter/page.h"
#include "cmd/exporter/paths.h"
#include "cmd/exporter/prepare.h"
#include "cmd/exporter/report.h"
#include "cmd/exporter/routes.h"
#include "cmd/exporter/signals.h"
#include "cmd/exporter/version.h"

namespace ebpf_exporter {
namespace {

absl::StatusOr<std::vector<ConfigSource>> FindSources(const Flags& flags) {
  if (!flags.config_dir.empty()) {
    absl::StatusOr<std::vector<ConfigSource>> sources = ReadConfigDirectory(
        ResolvePath(flags.config_dir, UserDirectory()), flags.config_names);
    if (!sources.ok()) return sources.status();
    for (ConfigSource& source : *sources) {
      source.file = absl::StrCat(flags.config_dir, "/", source.name, ".yaml");
    }
    return sources;
  }
  if (flags.config_file.empty()) return DefaultConfigs();
  absl::StatusOr<ConfigSource> source =
      ReadConfigFile(ResolvePath(flags.config_file, UserDirectory()));
  if (!source.ok()) return source.status();
  source->file = flags.config_file;
  return std::vector<ConfigSource>{*std::move(source)};
}

struct StdoutSink {
  bool Write(std::string_view chunk) {
    return std::fwrite(chunk.data(), 1, chunk.size(), stdout) == chunk.size();
  }
};

// The path that --capture means; empty if none is to be taken.
std::string CaptureDirectory(const Flags& flags) {
  return ResolvePath(flags.capture, UserDirectory());
}

// At the end: detaches, so that the capture is of one moment.
int Capture(Exporter& exporter, const std::string& directory) {
  exporter.Detach();
  const absl::StatusOr<std::string> path =
      SaveCapture(exporter.scraper().configs(), directory);
  if (!path.ok()) {
    LogError(absl::StrCat("the capture failed: ", path.status().message()));
    return 1;
  }
  LogInfo("captured", {{"file", *path}});
  return 0;
}

// With --capture the page and the capture are of the same moment.
int PrintOnce(Exporter& exporter, std::chrono::nanoseconds wait, bool detach,
              SignalWatcher& signals) {
  signals.Wait(std::chrono::duration_cast<std::chrono::milliseconds>(wait));
  if (detach) exporter.Detach();
  StdoutSink sink;
  const bool written = WriteText(*exporter.scraper().Scrape(), &sink);
  if (written && std::fflush(stdout) == 0) return 0;
  LogError("cannot write to standard output");
  return 1;
}

int Serve(Exporter& exporter, const Flags& flags, SignalWatcher& signals) {
  Routes routes(&exporter, flags.telemetry_path, flags.debug);
  HttpServerOptions options;
  options.listen_address = flags.listen_address;
  options.log = [](std::string_view line) {
    LogEvery(std::chrono::minutes(1), "http", LogLevel::kWarn, line);
  };
  absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(
      std::move(options),
      [&routes](const Request& request) { return routes.Handle(request); });
  if (!server.ok()) {
    LogError(server.status().message());
    return 1;
  }
  LogInfo("listening", {{"address", flags.listen_address},
                        {"port", (*server)->port()},
                        {"path", flags.telemetry_path}});
  while (signals.Wait() != Signal::kStop) {
    LogInfo("SIGHUP ignored: a new configuration needs a restart");
  }
  (*server)->Stop();
  LogInfo("stopped");
  return 0;
}

Exporter::StartOptions StartOptionsOf(const Flags& flags) {
  Exporter::StartOptions options;
  options.count_runs = flags.bpf_stats;
  options.loader.btf_path = ResolvePath(flags.btf_path, UserDirectory());
  options.keep_capabilities = flags.keep_capabilities;
  return options;
}

InlineOptions InlineOptionsOf(const Flags& flags) {
  InlineOptions options;
  options.clang = flags.clang_path;
  options.btf_path = ResolvePath(flags.btf_path, UserDirectory());
  options.cache_directory =
      flags.cache_directory
          ? ResolvePath(*flags.cache_directory, UserDirectory())
          : ObjectCache::DefaultDirectory();
  if (!flags.tracefs_path.empty()) {
    options.tracing = {ResolvePath(flags.tracefs_path, UserDirectory())};
  }
  // Whether fentry can be attached is found by trying, which a check must not.
  options.typed =
      flags.config_check ? TypedHooks::kNone : TypedHooks::kWhereAttachable;
  options.compiling = [](std::string_view program) {
    LogInfo("compiling inline code", {{"program", program}});
  };
  options.not_kept = [](const absl::Status& why) {
    LogWarn("compiled code is not kept", {{"reason", why.message()}});
  };
  return options;
}

// A path that was given and leads nowhere.
absl::Status CheckBtfPath(const Flags& flags) {
  const std::string path = ResolvePath(flags.btf_path, UserDirectory());
  if (path.empty() || access(path.c_str(), R_OK) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(
      errno, absl::StrCat("--btf.path: cannot read \"", path, "\""));
}

// `compile` and `migrate`.
int Convert(const Flags& flags) {
  if (const absl::Status btf = CheckBtfPath(flags); !btf.ok()) {
    LogError(btf.message());
    return 1;
  }
  absl::StatusOr<ConfigSource> source =
      ReadConfigFile(ResolvePath(flags.input_file, UserDirectory()));
  if (!source.ok()) {
    LogError(source.status().message());
    return 1;
  }
  const std::string directory =
      ResolvePath(flags.output_directory, UserDirectory());
  InlineOptions options = InlineOptionsOf(flags);
  options.typed = flags.typed_hooks ? TypedHooks::kAll : TypedHooks::kNone;
  InlineCompiler compiler(std::move(options));
  return flags.purpose == Flags::Purpose::kCompile
             ? CompileConfig(*source, directory, compiler)
             : MigrateConfig(*source, directory, compiler);
}

int Run(const Flags& flags) {
  absl::StatusOr<SignalWatcher> signals = SignalWatcher::Create();
  if (!signals.ok()) {
    LogError(signals.status().message());
    return 1;
  }
  LogLibbpfLines(flags.debug);
  const absl::StatusOr<std::vector<ConfigSource>> sources = FindSources(flags);
  if (!sources.ok()) {
    LogError(sources.status().message());
    return 1;
  }
  if (const absl::Status btf = CheckBtfPath(flags); !btf.ok()) {
    LogError(btf.message());
    return 1;
  }
  Exporter exporter(static_cast<uint64_t>(flags.series_limit));
  InlineCompiler compiler(InlineOptionsOf(flags));
  Prepared prepared =
      Prepare(*sources,
              {.unknown_keys_are_warnings =
                   flags.config_unknown_keys == UnknownKeys::kWarn},
              exporter.resolvers(), compiler);
  PrintFindings(prepared.findings);
  if (flags.config_check) return CheckResult(prepared, flags.config_strict);
  if (!MayStart(prepared, flags.config_strict)) return 1;
  const absl::Status allowed = CheckPrivileges();
  if (!allowed.ok()) {
    LogError(allowed.message());
    return 1;
  }
  const std::string capture = CaptureDirectory(flags);
  if (!capture.empty()) {
    const absl::Status writable = CheckCaptureDirectory(capture);
    if (!writable.ok()) {
      LogError(writable.message());
      return 1;
    }
  }
  const absl::Status started =
      exporter.Start(std::move(prepared), StartOptionsOf(flags));
  if (!started.ok()) {
    LogError(started.message());
    return 1;
  }
  if (!ReportStart(exporter, flags.config_strict)) return 1;
  const int result =
      flags.once ? PrintOnce(exporter, *flags.once, !capture.empty(), *signals)
                 : Serve(exporter, flags, *signals);
  if (result != 0 || capture.empty()) return result;
  return Capture(exporter, capture);
}

int Main(int argc, char** argv) {
  const absl::StatusOr<Flags> flags =
      ParseFlags({argv + 1, argv + (argc > 0 ? argc : 1)});
  if (!flags.ok()) {
    std::fprintf(stderr, "%s\n", std::string(flags.status().message()).c_str());
    return 1;
  }
  switch (flags->purpose) {
    case Flags::Purpose::kHelp:
      std::fputs(HelpText().c_str(), stdout);
      return 0;
    case Flags::Purpose::kVersion:
      std::fputs(VersionText(ThisBuild(), LibbpfVersion()).c_str(), stdout);
      return 0;
    case Flags::Purpose::kServe:
    case Flags::Purpose::kCompile:
    case Flags::Purpose::kMigrate:
      break;
  }
  SetUpMemory();
  SetUpLog(flags->debug ? LogLevel::kDebug : flags->log_level,
           flags->log_format, flags->log_timestamps);
  return flags->purpose == Flags::Purpose::kServe ? Run(*flags)
                                                  : Convert(*flags);
}

}  // namespace
}  // namespace ebpf_exporter

int main(int argc, char** argv) { return ebpf_exporter::Main(argc, argv); }
