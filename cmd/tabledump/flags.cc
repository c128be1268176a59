#include "cmd/tabledump/flags.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/config/duration.h"

namespace ebpf_exporter {
namespace {

constexpr char kDescription[] =
    "Decodes dumps of BPF maps with the exporter's configuration; no kernel, "
    "no "
    "root.\n"
    "Exit codes: 0 fine, 1 usage, 2 unreadable input, 3 undecodable entries "
    "(--strict), 4 findings of check.";

// What all subcommands fill, before one is chosen.
struct RawFlags {
  DecodeFlags decode;
  LayoutFlags layout;
  ExplainFlags explain;
  CheckFlags check;
  DiffFlags diff;
  CaptureFlags capture;
  std::string interval;
};

// Text of an option and what it means; the value stays as it is without it.
template <typename T>
using Words = std::vector<std::pair<std::string_view, T>>;

template <typename T, typename V>
void AddWord(CLI::App& app, const char* flag, V& value, Words<T> words,
             const char* help) {
  std::string names;
  for (const auto& [word, meaning] : words) {
    absl::StrAppend(&names, names.empty() ? "" : "|", word);
  }
  app.add_option_function<std::string>(
         flag,
         [flag, &value, words, names](const std::string& text) {
           for (const auto& [word, meaning] : words) {
             if (word != text) continue;
             value = meaning;
             return;
           }
           throw CLI::ValidationError(
               flag, absl::StrCat("\"", text, "\" is none of ", names));
         },
         help)
      ->type_name(names);
}

void AddConfig(CLI::App& app, std::string& file) {
  app.add_option("--config.file", file, "Configuration file (YAML)")
      ->type_name("FILE")
      ->required();
}

void AddChoice(CLI::App& app, ChoiceFlags& choice, bool metric_required) {
  AddConfig(app, choice.config_file);
  app.add_option("--program", choice.program, "Only metrics of this program")
      ->type_name("NAME");
  CLI::Option* metric =
      app.add_option("--metric", choice.metric,
                     "Only this metric, with or without ebpf_exporter_")
          ->type_name("NAME");
  if (metric_required) metric->required();
}

void AddObject(CLI::App& app, std::string& object) {
  app.add_option("--object", object,
                 "BPF object to take the types of maps from")
      ->type_name("FILE");
}

void AddEndian(CLI::App& app, DumpFlags& dump) {
  AddWord<std::endian>(
      app, "--endian", dump.endian,
      {{"little", std::endian::little}, {"big", std::endian::big}},
      "Byte order of a dump that does not say its own");
}

// What helps to read dumps that say little of themselves.
void AddReading(CLI::App& app, DumpFlags& dump) {
  app.add_option("--key-size", dump.key_size, "Bytes of a key, for raw bytes")
      ->type_name("N");
  app.add_option("--value-size", dump.value_size,
                 "Bytes of a value, for raw bytes")
      ->type_name("N");
  app.add_option("--cpus", dump.cpus,
                 "Possible CPUs, for raw bytes of a per-CPU map")
      ->type_name("N");
  AddEndian(app, dump);
  app.add_flag("--lenient", dump.lenient,
               "Take what precedes damage in the dump");
  AddObject(app, dump.object);
}

void AddDump(CLI::App& app, const char* name, DumpFlags& dump,
             const char* help) {
  app.add_option(name, dump.path, help)->required();
}

void AddDecode(CLI::App& app, RawFlags& raw) {
  CLI::App& sub = *app.add_subcommand("decode", "Show the series of a dump");
  AddDump(sub, "DUMP", raw.decode.dump,
          "A capture, output of bpftool map dump, or raw bytes; - for stdin");
  AddChoice(sub, raw.decode.choice, false);
  AddWord<DecodeFormat>(sub, "--format", raw.decode.format,
                        {{"table", DecodeFormat::kTable},
                         {"json", DecodeFormat::kJson},
                         {"ndjson", DecodeFormat::kNdjson},
                         {"csv", DecodeFormat::kCsv},
                         {"prom", DecodeFormat::kProm}},
                        "How to write them");
  sub.add_flag("--strict", raw.decode.strict,
               "Exit with 3 if an entry cannot be decoded");
  AddReading(sub, raw.decode.dump);
}

void AddLayout(CLI::App& app, RawFlags& raw) {
  CLI::App& sub = *app.add_subcommand(
      "layout", "Show keys and values, and the labels that match");
  AddDump(sub, "FILE", raw.layout.dump, "A BPF object or a dump; - for stdin");
  sub.add_option("--map", raw.layout.map, "Only this map")->type_name("NAME");
  AddReading(sub, raw.layout.dump);
}

void AddExplain(CLI::App& app, RawFlags& raw) {
  CLI::App& sub = *app.add_subcommand(
      "explain", "Show how a key becomes labels, step by step");
  sub.add_option("KEYHEX", raw.explain.key,
                 "The key's bytes in hexadecimal: 0a000000, 0a 00 00 00, "
                 "0x0a,0x00,...")
      ->required();
  AddChoice(sub, raw.explain.choice, true);
  sub.add_option("--dump", raw.explain.dump.path,
                 "Dump to take types and symbols from")
      ->type_name("FILE");
  AddEndian(sub, raw.explain.dump);
  AddObject(sub, raw.explain.dump.object);
}

void AddCheck(CLI::App& app, RawFlags& raw) {
  CLI::App& sub =
      *app.add_subcommand("check", "Find what is wrong with a configuration");
  AddConfig(sub, raw.check.config_file);
  AddObject(sub, raw.check.object);
  sub.add_flag("--strict", raw.check.strict, "Exit with 4 for warnings too");
}

void AddDiff(CLI::App& app, RawFlags& raw) {
  CLI::App& sub = *app.add_subcommand("diff", "Compare two dumps");
  AddDump(sub, "BEFORE", raw.diff.before, "The earlier dump");
  AddDump(sub, "AFTER", raw.diff.after, "The later dump; - for stdin");
  AddChoice(sub, raw.diff.choice, false);
  sub.add_flag("--rate", raw.diff.rate, "Differences per second too");
  sub.add_option("--interval", raw.interval,
                 "Time between dumps that do not say theirs, such as 10s")
      ->type_name("DURATION");
  AddReading(sub, raw.diff.after);
}

void AddCapture(CLI::App& app, RawFlags& raw) {
  CLI::App& sub =
      *app.add_subcommand("capture", "Dump maps of the running kernel");
  CLI::Option_group& maps = *sub.add_option_group("maps");
  maps.add_option("--map-id", raw.capture.map_id, "Map of this id")
      ->type_name("N");
  maps.add_option("--map-name", raw.capture.map_name, "Map of this name")
      ->type_name("NAME");
  maps.add_option("--pinned", raw.capture.pinned, "Map pinned here")
      ->type_name("PATH");
  maps.add_option("--config.file", raw.capture.choice.config_file,
                  "Maps that the metrics of this configuration read")
      ->type_name("FILE");
  maps.require_option(1);
  sub.add_option("--program", raw.capture.choice.program,
                 "Only this program's, with --config.file")
      ->type_name("NAME");
  sub.add_option("-o,--output", raw.capture.output,
                 "Where to write the capture; - for stdout, .zst packs it")
      ->type_name("FILE")
      ->required();
  sub.add_flag("--redact", raw.capture.redact,
               "Replace text in keys and values by a keyed hash");
}

// Always one line, whatever was typed.
absl::Status UsageError(std::string_view what) {
  std::string line = absl::StrCat(what, ", try --help");
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return absl::InvalidArgumentError(line);
}

absl::Status CheckNumbers(const DumpFlags& dump) {
  for (const auto& size : {dump.key_size, dump.value_size, dump.cpus}) {
    if (size && *size == 0) return UsageError("sizes and CPUs count from 1");
  }
  if (dump.key_size.has_value() != dump.value_size.has_value()) {
    return UsageError("raw bytes need both --key-size and --value-size");
  }
  return absl::OkStatus();
}

// Standard input can be read but once.
absl::Status CheckInputs(const std::vector<std::string>& paths) {
  if (std::count(paths.begin(), paths.end(), "-") <= 1) return absl::OkStatus();
  return UsageError("only one file can come from standard input");
}

absl::Status CheckDump(const DumpFlags& dump, const std::string& config_file) {
  absl::Status status = CheckNumbers(dump);
  status.Update(CheckInputs({dump.path, dump.object, config_file}));
  return status;
}

absl::StatusOr<Flags> FinishDiff(RawFlags& raw) {
  DiffFlags& diff = raw.diff;
  const std::string path = diff.before.path;
  diff.before = diff.after;
  diff.before.path = path;
  absl::Status inputs = CheckInputs(
      {path, diff.after.path, diff.after.object, diff.choice.config_file});
  if (!inputs.ok()) return inputs;
  if (!raw.interval.empty()) {
    const std::optional<int64_t> duration = ParseGoDuration(raw.interval);
    if (!duration || *duration <= 0) {
      return UsageError(absl::StrCat("--interval: \"", raw.interval,
                                     "\" is no duration such as 10s or 1m30s"));
    }
    diff.interval_nanoseconds = *duration;
  }
  if (absl::Status status = CheckNumbers(diff.after); !status.ok()) {
    return status;
  }
  return diff;
}

// `flags`, if nothing is wrong with them.
template <typename T>
absl::StatusOr<Flags> Checked(const absl::Status& status, const T& flags) {
  if (!status.ok()) return status;
  return flags;
}

absl::StatusOr<Flags> Chosen(const CLI::App& app, RawFlags& raw) {
  if (app.got_subcommand("decode")) {
    return Checked(CheckDump(raw.decode.dump, raw.decode.choice.config_file),
                   raw.decode);
  }
  if (app.got_subcommand("layout")) {
    return Checked(CheckDump(raw.layout.dump, ""), raw.layout);
  }
  if (app.got_subcommand("explain")) {
    return Checked(CheckDump(raw.explain.dump, raw.explain.choice.config_file),
                   raw.explain);
  }
  if (app.got_subcommand("check")) {
    return Checked(CheckInputs({raw.check.config_file, raw.check.object}),
                   raw.check);
  }
  if (app.got_subcommand("diff")) return FinishDiff(raw);
  return raw.capture;
}

}  // namespace

absl::StatusOr<Flags> ParseFlags(std::span<const char* const> arguments) {
  RawFlags raw;
  CLI::App app(kDescription, "tabledump");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.require_subcommand(1);
  AddCapture(app, raw);
  AddDecode(app, raw);
  AddLayout(app, raw);
  AddExplain(app, raw);
  AddCheck(app, raw);
  AddDiff(app, raw);
  try {
    // The library takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return PrintFlags{app.help()};
  } catch (const CLI::ParseError& error) {
    return UsageError(error.what());
  }
  return Chosen(app, raw);
}

}  // namespace ebpf_exporter
