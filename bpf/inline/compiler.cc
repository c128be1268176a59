#include "bpf/inline/compiler.h"

#include <sys/stat.h>
#include <sys/utsname.h>

#include <span>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bpf/host/read_file.h"
#include "bpf/inline/bpf_headers.h"
#include "bpf/inline/clang.h"
#include "bpf/inline/event_structs.h"
#include "bpf/inline/run_command.h"
#include "bpf/loader/fentry_support.h"
#include "core/inline/kernel_macros.h"
#include "core/inline/targets.h"
#include "tools/build/embedded_file.h"

namespace ebpf_exporter {
namespace {

// To be raised with every change to what translation or flags make of a code
// that is not seen in the prelude's text.
constexpr std::string_view kVersion = "2";

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

RecordLookup MembersOf(const KernelSource& kernel) {
  return [&kernel](const std::string& record, std::string_view member) {
    return kernel.Member(record, member);
  };
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

InlineCompiler::Wanted InlineCompiler::WantedFor(
    const ProgramConfig& program) const {
  // Nothing is followed without an arrow, and asking the kernel takes time.
  if (options_.typed == TypedHooks::kNone ||
      !absl::StrContains(program.code, "->")) {
    return {};
  }
  const bool functions =
      !program.kprobes.empty() || !program.kretprobes.empty();
  return {.tracepoints = !program.raw_tracepoints.empty(),
          .functions = functions &&
                       (options_.typed == TypedHooks::kAll ||
                        (options_.btf_path.empty() && KernelAttachesFentry()))};
}

std::string InlineCompiler::KeyOf(const ProgramConfig& program, Wanted wanted) {
  if (!identity_) identity_ = KernelIdentity();
  std::vector<std::string> parts = {
      std::string(kVersion),
      *identity_,
      std::string(kBccMacros),
      absl::StrJoin(ClangFlags(), " "),
      absl::StrCat(wanted.tracepoints, wanted.functions),
      program.code};
  for (const std::string& flag : program.cflags) parts.push_back("f" + flag);
  for (const std::string& name : program.kaddrs) parts.push_back("k" + name);
  const bool typed = wanted.tracepoints || wanted.functions;
  for (const InlineTarget& target : TargetsOf(program)) {
    parts.push_back(absl::StrCat("h", static_cast<int>(target.hook), " ",
                                 target.function, " ",
                                 typed ? target.target : ""));
  }
  for (const std::string& event : EventsOf(program.code)) {
    parts.push_back(absl::StrCat("e", EventFormat(event, options_.tracing)));
  }
  // Lengths keep the parts apart.
  std::string all;
  for (const std::string& part : parts) {
    absl::StrAppend(&all, part.size(), ":", part);
  }
  return DigestOf(all);
}

std::vector<FunctionForm> InlineCompiler::FormsFor(const ProgramConfig& program,
                                                   const KernelSource& kernel,
                                                   Wanted wanted) {
  if (!wanted.tracepoints && !wanted.functions) return {};
  return ChooseForms(
      program, MembersOf(kernel),
      [&](InlineHook hook,
          const std::string& target) -> absl::StatusOr<Prototype> {
        if (hook == InlineHook::kRawTracepoint) {
          return kernel.TracepointArguments(target);
        }
        if (!wanted.functions) {
          return absl::FailedPreconditionError(
              "this kernel is not known to attach fentry and fexit");
        }
        return kernel.FunctionArguments(target, hook == InlineHook::kKretprobe);
      });
}

std::vector<FunctionForm> InlineCompiler::FormsOf(
    const ProgramConfig& program) {
  const absl::StatusOr<KernelSource>& kernel = Kernel();
  if (!kernel.ok()) return {};
  return FormsFor(program, *kernel, WantedFor(program));
}

InlineSource InlineCompiler::Translate(const ProgramConfig& program) {
  return TranslateFor(program, WantedFor(program));
}

InlineSource InlineCompiler::TranslateFor(const ProgramConfig& program,
                                          Wanted wanted) {
  InlineSource result;
  const absl::StatusOr<KernelSource>& kernel = Kernel();
  if (!kernel.ok()) {
    result.findings.push_back({0, std::string(kernel.status().message())});
    return result;
  }
  std::vector<InlineFunction> functions = FunctionsOf(program);
  const std::string tail =
      ApplyForms(FormsFor(program, *kernel, wanted), functions);
  Translation translation =
      ebpf_exporter::Translate(program.code, functions, MembersOf(*kernel));
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
  const std::string events =
      EventStructs(translation.events, options_.tracing, result.findings);
  if (!result.findings.empty()) return result;
  result.source = Assemble({.contexts = types->contexts,
                            .types = types->types,
                            .headers = Headers(),
                            .macros = macros,
                            .events = events,
                            .kaddrs = program.kaddrs,
                            .code = translation.code,
                            .tail = tail,
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
      EventStructs(EventsOf(program.code), options_.tracing, failed.findings);
  if (!failed.findings.empty()) return failed;
  return ebpf_exporter::Migrate(program, events, MembersOf(*kernel),
                                FormsOf(program));
}

InlineObject InlineCompiler::Compile(const ProgramConfig& program) {
  return CompileFor(program, WantedFor(program));
}

InlineObject InlineCompiler::CompilePlain(const ProgramConfig& program) {
  return CompileFor(program, {});
}

InlineObject InlineCompiler::CompileFor(const ProgramConfig& program,
                                        Wanted wanted) {
  const std::string key = KeyOf(program, wanted);
  if (auto object = Cache().Find(key)) return {*std::move(object), {}};
  InlineSource source = TranslateFor(program, wanted);
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
