#include "cmd/exporter/flags.h"

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/capabilities.h"
#include "cmd/exporter/config_names.h"
#include "cmd/exporter/listen_address.h"
#include "core/config/duration.h"
#include "core/config/nearest.h"

namespace ebpf_exporter {
namespace {

constexpr char kDescription[] =
    "Prometheus exporter for custom eBPF metrics.\n"
    "Without --config.file or --config.dir it runs the programs that are built "
    "in.";

// Text of flags that become something else when they are read.
struct RawFlags {
  std::string config_names;
  std::string skip_cache_size = "0";
  std::string keep_capabilities = "all";
  bool no_timestamps = false;
  std::string unknown_keys = "error";
  std::string once;
  std::string log_level = "info";
  std::string log_format = "logfmt";
  std::string series_limit = "4000000";
  std::string cache_directory = "default";
  bool version = false;
  bool compile = false;
  bool migrate = false;
};

// `type` stands for the value in the help text. The value keeps its default.
void AddOption(CLI::App& app, const char* flag, std::string& value,
               const char* type, const char* help) {
  app.add_option(flag, value, help)->type_name(type)->capture_default_str();
}

// `--x`, and `--no-x`, which the help text leaves out.
void AddSwitch(CLI::App& app, std::string_view name, bool& value,
               const char* help) {
  app.add_flag(absl::StrCat("--", name), value, help);
  app.add_flag(absl::StrCat("!--no-", name), value)->group("");
}

// `exporter NAME FILE -o DIR`; flags may stand before and behind the name.
void AddCommand(CLI::App& app, const char* name, bool& chosen, Flags& flags,
                const char* help) {
  CLI::App* command = app.add_subcommand(name, help);
  command->fallthrough();
  command->add_option("FILE", flags.input_file, "Configuration file of 1.x")
      ->required();
  command->add_option("-o", flags.output_directory, "Where to write")
      ->type_name("DIR")
      ->required();
  command->add_flag("--typed", flags.typed_hooks,
                    "Write fentry, fexit and tp_btf with direct loads where "
                    "the kernel's types agree");
  command->callback([&chosen] { chosen = true; });
}

void AddFlags(CLI::App& app, Flags& flags, RawFlags& raw) {
  app.name("exporter");
  app.set_help_flag("-h,--help", "Print this and exit");
  AddOption(app, "--config.file", flags.config_file, "FILE",
            "Configuration file (YAML)");
  AddOption(app, "--config.dir", flags.config_dir, "DIR",
            "Directory of configurations, NAME.yaml beside NAME.bpf.o");
  AddOption(app, "--config.names", raw.config_names, "NAME,...",
            "Those to run; without it, all of the directory");
  AddSwitch(app, "config.check", flags.config_check,
            "Check the configuration, load nothing and exit");
  AddSwitch(app, "config.strict", flags.config_strict,
            "Exit with an error when anything is wrong, be it in part");
  AddOption(app, "--config.unknown-keys", raw.unknown_keys, "error|warn",
            "What a key that is not known is");
  AddOption(app, "--config.skip-cache-size", raw.skip_cache_size, "N",
            "Taken for the sake of 2.x: every key is decoded once anyway");
  AddOption(app, "--web.listen-address", flags.listen_address, "[HOST]:PORT",
            "Address to serve HTTP on");
  AddOption(app, "--web.telemetry-path", flags.telemetry_path, "PATH",
            "Path of the metrics");
  AddSwitch(app, "debug", flags.debug,
            "Serve /tables and /maps with the contents of all maps, and "
            "/debug/capture");
  AddOption(app, "--capture", flags.capture, "DIR",
            "Write a capture of all maps into DIR at the end, for tabledump");
  app.add_flag("--once{10s}", raw.once,
               "Write the metrics to stdout once and exit, after 10 s or the "
               "duration of --once=DURATION");
  AddOption(app, "--log.level", raw.log_level, "debug|info|warn|error",
            "Least severe events to log");
  AddOption(app, "--log.format", raw.log_format, "logfmt|json",
            "How events are written");
  AddSwitch(app, "log.no-timestamps", raw.no_timestamps,
            "Leave the time out of the log, where something else adds it");
  AddOption(app, "--btf.path", flags.btf_path, "FILE",
            "BTF of this kernel, where /sys/kernel/btf has none");
  AddOption(app, "--clang.path", flags.clang_path, "FILE",
            "clang that compiles inline code; without it, the one in PATH");
  AddOption(app, "--cache.dir", raw.cache_directory, "DIR",
            "Where compiled inline code is kept; `none` keeps nothing");
  AddOption(app, "--tracefs.path", flags.tracefs_path, "DIR",
            "tracefs, or a copy of another kernel's, for inline code");
  AddOption(app, "--capabilities.keep", raw.keep_capabilities,
            "all|none|CAP,...",
            "Capabilities that stay when everything is attached");
  AddSwitch(app, "bpf.stats", flags.bpf_stats,
            "Have the kernel measure how long programs run");
  AddOption(app, "--limits.series", raw.series_limit, "N",
            "Most series to serve");
  app.add_flag("--version", raw.version, "Print the version and exit");
  AddCommand(app, "compile", raw.compile, flags,
             "Compile the inline code of FILE, and write the objects and a "
             "configuration that uses them");
  AddCommand(app, "migrate", raw.migrate, flags,
             "Write each program of FILE as plain libbpf C and a "
             "configuration of the 2.x form");
}

// Always one line, whatever was typed.
absl::Status UsageError(std::string_view what) {
  std::string line = absl::StrCat("exporter: error: ", what, ", try --help");
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return absl::InvalidArgumentError(line);
}

// The library counts where a user wants to be told.
absl::Status UsageError(const CLI::ParseError& error) {
  const std::string_view text = error.what();
  const std::string_view flag = text.substr(0, text.find(':'));
  if (absl::StrContains(text, "At Most 1 required")) {
    return UsageError(absl::StrCat(flag, " is given more than once"));
  }
  if (absl::StrContains(text, "1 required")) {
    return UsageError(absl::StrCat(flag, " needs a value"));
  }
  return UsageError(text);
}

// Of an argument that no flag took.
absl::Status UnknownArgument(const CLI::App& app, std::string_view argument) {
  if (!absl::StartsWith(argument, "-")) {
    return UsageError(absl::StrCat("unexpected argument ", argument));
  }
  argument = argument.substr(0, argument.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) names.push_back(option->get_name());
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::optional<std::string_view> nearest = Nearest(argument, known);
  return UsageError(absl::StrCat(
      "unknown flag ", argument,
      nearest ? absl::StrCat(" (did you mean ", *nearest, "?)") : ""));
}

absl::Status CheckTelemetryPath(std::string_view path) {
  if (!absl::StartsWith(path, "/") || path == "/" ||
      absl::StartsWith(path, "/-/") || path == "/tables" || path == "/maps" ||
      absl::StartsWith(path, "/debug/")) {
    return UsageError(absl::StrCat(
        "--web.telemetry-path: \"", path,
        "\" must start with / and not be /, /tables, /maps or below /-/ or "
        "/debug/"));
  }
  for (const char c : path) {
    if (c <= ' ' || c >= 0x7F || c == '?' || c == '#') {
      return UsageError(
          "--web.telemetry-path: a path has no spaces, ?, # or "
          "characters beyond ASCII");
    }
  }
  return absl::OkStatus();
}

// The value that goes with `text`; `flag` and the names are for the error.
template <typename T>
absl::StatusOr<T> OneOf(
    const char* flag, std::string_view text,
    std::initializer_list<std::pair<std::string_view, T>> values) {
  std::string names;
  for (const auto& [name, value] : values) {
    if (name == text) return value;
    absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  }
  return UsageError(absl::StrCat(flag, ": \"", text, "\" is none of ", names));
}

absl::Status InterpretLog(const RawFlags& raw, Flags& flags) {
  const auto level = OneOf<LogLevel>("--log.level", raw.log_level,
                                     {{"debug", LogLevel::kDebug},
                                      {"info", LogLevel::kInfo},
                                      {"warn", LogLevel::kWarn},
                                      {"error", LogLevel::kError}});
  if (!level.ok()) return level.status();
  const auto format = OneOf<LogFormat>(
      "--log.format", raw.log_format,
      {{"logfmt", LogFormat::kLogfmt}, {"json", LogFormat::kJson}});
  if (!format.ok()) return format.status();
  flags.log_level = *level;
  flags.log_format = *format;
  return absl::OkStatus();
}

absl::Status InterpretNumbers(const RawFlags& raw, Flags& flags) {
  if (!absl::SimpleAtoi(raw.series_limit, &flags.series_limit) ||
      flags.series_limit < 1) {
    return UsageError(absl::StrCat("--limits.series: \"", raw.series_limit,
                                   "\" is no whole number from 1 up"));
  }
  if (raw.once.empty()) return absl::OkStatus();
  const std::optional<int64_t> duration = ParseGoDuration(raw.once);
  if (!duration || *duration < 0) {
    return UsageError(absl::StrCat("--once: \"", raw.once,
                                   "\" is no duration such as 10s or 1m30s"));
  }
  flags.once = std::chrono::nanoseconds(*duration);
  return absl::OkStatus();
}

absl::Status CheckAddress(std::string_view text) {
  if (absl::StartsWith(text, "fd://")) {
    return UsageError(
        "--web.listen-address: fd://N, a socket that systemd passes on, comes "
        "later; write [HOST]:PORT");
  }
  const auto address = ParseListenAddress(text);
  if (address.ok()) return absl::OkStatus();
  return UsageError(
      absl::StrCat("--web.listen-address: ", address.status().message()));
}

absl::Status InterpretConfigs(const RawFlags& raw, Flags& flags) {
  uint64_t size = 0;
  if (!absl::SimpleAtoi(raw.skip_cache_size, &size)) {
    return UsageError(absl::StrCat("--config.skip-cache-size: \"",
                                   raw.skip_cache_size,
                                   "\" is no whole number"));
  }
  if (!flags.config_dir.empty() && !flags.config_file.empty()) {
    return UsageError("--config.file and --config.dir exclude each other");
  }
  if (raw.config_names.empty()) return absl::OkStatus();
  if (flags.config_dir.empty()) {
    return UsageError("--config.names is of a directory; give --config.dir");
  }
  absl::StatusOr<std::vector<std::string>> names =
      ParseConfigNames(raw.config_names);
  if (!names.ok()) {
    return UsageError(
        absl::StrCat("--config.names: ", names.status().message()));
  }
  flags.config_names = *std::move(names);
  return absl::OkStatus();
}

absl::Status InterpretPrivileges(const RawFlags& raw, Flags& flags) {
  const absl::StatusOr<std::optional<uint64_t>> kept =
      ParseCapabilities(raw.keep_capabilities);
  if (!kept.ok()) {
    return UsageError(
        absl::StrCat("--capabilities.keep: ", kept.status().message()));
  }
  flags.keep_capabilities = *kept;
  return absl::OkStatus();
}

// Fills in what the flags' text means, and checks it.
absl::Status Interpret(const RawFlags& raw, Flags& flags) {
  if (raw.compile) flags.purpose = Flags::Purpose::kCompile;
  if (raw.migrate) flags.purpose = Flags::Purpose::kMigrate;
  if (raw.version) flags.purpose = Flags::Purpose::kVersion;
  if (raw.cache_directory == "none") {
    flags.cache_directory = "";
  } else if (raw.cache_directory != "default") {
    flags.cache_directory = raw.cache_directory;
  }
  const auto unknown_keys = OneOf<UnknownKeys>(
      "--config.unknown-keys", raw.unknown_keys,
      {{"error", UnknownKeys::kError}, {"warn", UnknownKeys::kWarn}});
  if (!unknown_keys.ok()) return unknown_keys.status();
  flags.config_unknown_keys = *unknown_keys;
  absl::Status status = InterpretLog(raw, flags);
  flags.log_timestamps = !raw.no_timestamps;
  status.Update(InterpretConfigs(raw, flags));
  status.Update(InterpretPrivileges(raw, flags));
  status.Update(InterpretNumbers(raw, flags));
  status.Update(CheckAddress(flags.listen_address));
  status.Update(CheckTelemetryPath(flags.telemetry_path));
  return status;
}

}  // namespace

absl::StatusOr<Flags> ParseFlags(std::span<const char* const> arguments) {
  Flags flags;
  RawFlags raw;
  CLI::App app;
  AddFlags(app, flags, raw);
  app.allow_extras();
  try {
    // The library takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    flags.purpose = Flags::Purpose::kHelp;
    return flags;
  } catch (const CLI::ParseError& error) {
    return UsageError(error);
  }
  const std::vector<std::string> rest = app.remaining();
  if (!rest.empty()) return UnknownArgument(app, rest.front());
  if (absl::Status status = Interpret(raw, flags); !status.ok()) return status;
  return flags;
}

std::string HelpText() {
  Flags flags;
  RawFlags raw;
  CLI::App app(kDescription);
  AddFlags(app, flags, raw);
  return app.help();
}

}  // namespace ebpf_exporter
