#include "bpf/inline/compiler.h"

#include <sys/stat.h>
#include <sys/utsname.h>

#include <filesystem>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bpf/host/read_file.h"
#include "bpf/inline/bpf_headers.h"
#include "bpf/inline/clang.h"
#include "bpf/inline/run_command.h"
#include "core/inline/kernel_macros.h"
#include "core/inline/trace_event.h"
#include "tools/build/embedded_file.h"

namespace ebpf_exporter {
namespace {

// To be raised with every change to what translation or flags make of a code
// that is not seen in the prelude's text.
constexpr std::string_view kVersion = "1";

constexpr std::string_view kHeaders[] = {"bpf_helper_defs.h", "bpf_helpers.h",
                                         "bpf_endian.h", "bpf_core_read.h",
                                         "bpf_tracing.h"};

std::vector<std::string_view> Headers() {
  std::vector<std::string_view> texts;
  for (std::string_view name : kHeaders) {
    for (const EmbeddedFile& file : BpfHeaders()) {
      if (file.name == name) texts.push_back(file.text());
    }
  }
  return texts;
}

// `category__event`, where either may have underscores of its own, as tracefs
// has it: every place where it can be cut is tried.
std::string FormatOf(const std::string& event,
                     const std::vector<std::string>& tracing) {
  for (size_t cut = event.find("__"); cut != std::string::npos;
       cut = event.find("__", cut + 1)) {
    for (const std::string& directory : tracing) {
      const std::string format =
          ReadFile(absl::StrCat(directory, "/events/", event.substr(0, cut),
                                "/", event.substr(cut + 2), "/format"));
      if (!format.empty()) return format;
    }
  }
  return "";
}

std::string NoFormat(const std::string& event,
                     const std::vector<std::string>& tracing) {
  for (const std::string& directory : tracing) {
    std::error_code error;
    if (std::filesystem::exists(directory + "/events", error)) {
      return absl::StrCat("this kernel does not describe a tracepoint ", event,
                          " below ", directory,
                          "/events; it is gone or has another name, or this "
                          "user may not look there (root may)");
    }
  }
  return "tracepoints are described in tracefs, which is not mounted: mount -t "
         "tracefs none /sys/kernel/tracing";
}

void AddList(const std::vector<AttachConfig>& list, InlineHook hook,
             std::vector<InlineFunction>& out) {
  for (const AttachConfig& line : list) out.push_back({line.function, hook});
}

}  // namespace

std::vector<InlineFunction> FunctionsOf(const ProgramConfig& program) {
  std::vector<InlineFunction> functions;
  // A function that is in both lists is told as a kretprobe: no arguments.
  AddList(program.kretprobes, InlineHook::kKretprobe, functions);
  AddList(program.kprobes, InlineHook::kKprobe, functions);
  AddList(program.tracepoints, InlineHook::kTracepoint, functions);
  AddList(program.raw_tracepoints, InlineHook::kRawTracepoint, functions);
  for (const PerfEventConfig& event : program.perf_events) {
    functions.push_back({event.target, InlineHook::kPerfEvent});
  }
  return functions;
}

InlineCompiler::InlineCompiler(InlineOptions options)
    : options_(std::move(options)) {}

const ObjectCache& InlineCompiler::Cache() {
  if (!cache_) {
    cache_.emplace(options_.cache_directory);
    const bool wanted = !options_.cache_directory.empty();
    if (wanted && options_.not_kept && !cache_->status().ok()) {
      options_.not_kept(cache_->status());
    }
  }
  return *cache_;
}

const absl::StatusOr<KernelSource>& InlineCompiler::Kernel() {
  if (!kernel_) kernel_ = KernelSource::Read(options_.btf_path);
  return *kernel_;
}

std::string InlineCompiler::KernelIdentity() const {
  if (!options_.btf_path.empty()) return DigestOf(ReadFile(options_.btf_path));
  utsname names = {};
  uname(&names);
  struct stat types = {};
  stat("/sys/kernel/btf/vmlinux", &types);
  return absl::StrCat(names.release, "\n", names.version, "\n", names.machine,
                      "\n", types.st_size);
}

std::string InlineCompiler::KeyOf(const ProgramConfig& program) {
  if (!identity_) identity_ = KernelIdentity();
  std::vector<std::string> parts = {
      std::string(kVersion), *identity_, std::string(kBccMacros),
      absl::StrJoin(ClangFlags(), " "), program.code};
  for (const std::string& flag : program.cflags) parts.push_back("f" + flag);
  for (const std::string& name : program.kaddrs) parts.push_back("k" + name);
  for (const InlineFunction& function : FunctionsOf(program)) {
    parts.push_back(
        absl::StrCat("h", static_cast<int>(function.hook), " ", function.name));
  }
  for (const std::string& event : EventsOf(program.code)) {
    parts.push_back(absl::StrCat("e", FormatOf(event, options_.tracing)));
  }
  // Lengths keep the parts apart.
  std::string all;
  for (const std::string& part : parts) {
    absl::StrAppend(&all, part.size(), ":", part);
  }
  return DigestOf(all);
}

std::string InlineCompiler::EventStructs(
    const std::set<std::string>& events,
    std::vector<CodeFinding>& findings) const {
  std::string text;
  for (const std::string& event : events) {
    const std::string format = FormatOf(event, options_.tracing);
    if (format.empty()) {
      findings.push_back({0, NoFormat(event, options_.tracing)});
      continue;
    }
    absl::StatusOr<std::string> made = TraceStruct(
        absl::StrCat("tracepoint__", event), ParseTraceFormat(format));
    if (made.ok()) {
      text += *made;
    } else {
      findings.push_back({0, std::string(made.status().message())});
    }
  }
  return text;
}

InlineSource InlineCompiler::Translate(const ProgramConfig& program) {
  InlineSource result;
  const absl::StatusOr<KernelSource>& kernel = Kernel();
  if (!kernel.ok()) {
    result.findings.push_back({0, std::string(kernel.status().message())});
    return result;
  }
  Translation translation = ebpf_exporter::Translate(
      program.code, FunctionsOf(program),
      [&kernel](const std::string& record, std::string_view member) {
        return kernel->Member(record, member);
      });
  result.findings = std::move(translation.findings);
  if (!result.findings.empty()) return result;
  translation.tags.insert({"pt_regs", "bpf_perf_event_data"});
  translation.tags.erase("bpf_raw_tracepoint_args");
  absl::StatusOr<KernelDeclarations> types =
      kernel->Declare(translation.tags, translation.names);
  if (!types.ok()) {
    result.findings.push_back({0, std::string(types.status().message())});
    return result;
  }
  std::string macros;
  for (const std::string& name : types->unknown) {
    if (const auto macro = KernelMacro(name)) macros += *macro;
  }
  const std::string events = EventStructs(translation.events, result.findings);
  if (!result.findings.empty()) return result;
  result.source = Assemble({.contexts = types->contexts,
                            .types = types->types,
                            .headers = Headers(),
                            .macros = macros,
                            .events = events,
                            .kaddrs = program.kaddrs,
                            .code = translation.code,
                            .has_license = translation.has_license});
  return result;
}

Migrated InlineCompiler::Migrate(const ProgramConfig& program) {
  Migrated failed;
  const absl::StatusOr<KernelSource>& kernel = Kernel();
  if (!kernel.ok()) {
    failed.findings.push_back({0, std::string(kernel.status().message())});
    return failed;
  }
  const std::string events =
      EventStructs(EventsOf(program.code), failed.findings);
  if (!failed.findings.empty()) return failed;
  return ebpf_exporter::Migrate(
      program, events,
      [&kernel](const std::string& record, std::string_view member) {
        return kernel->Member(record, member);
      });
}

InlineObject InlineCompiler::Compile(const ProgramConfig& program) {
  const std::string key = KeyOf(program);
  if (auto object = Cache().Find(key)) return {*std::move(object), {}};
  InlineSource source = Translate(program);
  if (!source.findings.empty()) return {"", std::move(source.findings)};
  const std::string clang =
      FindCommand(options_.clang.empty() ? "clang" : options_.clang);
  if (clang.empty()) return {"", {{0, NoClang(options_.clang)}}};
  if (options_.compiling) options_.compiling(program.name);
  absl::StatusOr<ClangResult> compiled =
      CompileSource(clang, program.cflags, source.source);
  if (!compiled.ok()) {
    return {"", {{0, std::string(compiled.status().message())}}};
  }
  if (compiled->errors.empty() && Cache().status().ok()) {
    const absl::Status kept = Cache().Keep(key, compiled->object);
    if (!kept.ok() && options_.not_kept) options_.not_kept(kept);
  }
  return {std::move(compiled->object), std::move(compiled->errors)};
}

}  // namespace ebpf_exporter
