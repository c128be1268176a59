// A program of 1.x as source for 2.x: plain libbpf C whose sections say what
// 1.x said in attach lists. What `exporter migrate` writes.
//
// In 2.x a function has one section and a map the name of its metric. So a
// function of several targets is called by one more function for each, and a
// map that one metric reads is renamed. What newer kernels have moved is taken
// from where it is now (moved.h). Functions are plain ones, which any kernel
// can have, unless forms say otherwise.

#ifndef EBPF_EXPORTER_CORE_INLINE_MIGRATE_H_
#define EBPF_EXPORTER_CORE_INLINE_MIGRATE_H_

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/inline/kernel_macros.h"
#include "core/inline/migrate_functions.h"
#include "core/inline/moved.h"
#include "core/inline/own_prelude.h"
#include "core/inline/translate.h"
#include "core/inline/typed_functions.h"

namespace ebpf_exporter {

struct Migrated {
  std::string source;    // NAME.bpf.c
  ProgramConfig config;  // with maps renamed, for NAME.yaml
  std::vector<std::pair<std::string, std::string>> sections;  // of functions
  std::vector<CodeFinding> findings;  // not empty: it cannot be done
};

// `event_structs` are those of the tracepoints that the code reads. What
// `kernel` does not know is taken for a number.
Migrated Migrate(const ProgramConfig& program, std::string_view event_structs,
                 const RecordLookup& kernel,
                 const std::vector<FunctionForm>& forms = {});

namespace internal {

// Old names of maps to new ones.
inline std::map<std::string, std::string> RenamedMaps(
    const ProgramConfig& program) {
  std::map<std::string, std::string> renamed;
  std::map<std::string, int> readers;
  const auto map_of = [](const MetricConfig& metric) {
    return metric.perf_map.empty() ? metric.table : metric.perf_map;
  };
  for (const MetricConfig& metric : program.metrics) ++readers[map_of(metric)];
  for (const MetricConfig& metric : program.metrics) {
    const std::string map = map_of(metric);
    if (readers[map] == 1 && map != metric.name) renamed[map] = metric.name;
  }
  return renamed;
}

// The code with its maps renamed; as it is, if it cannot be read.
inline std::string Rename(std::string_view code,
                          const std::map<std::string, std::string>& renamed) {
  const std::variant<Tokens, CodeFinding> read = Tokenize(code);
  const auto* tokens = std::get_if<Tokens>(&read);
  if (tokens == nullptr) return std::string(code);
  Edits edits(code, *tokens);
  for (size_t i = 0; i < tokens->size(); ++i) {
    const Token& token = (*tokens)[i];
    const auto found = renamed.find(std::string(token.text));
    const bool member =
        i > 0 && ((*tokens)[i - 1].Is(".") || (*tokens)[i - 1].Is("->"));
    if (token.is_name() && !member && found != renamed.end()) {
      edits.Replace(i, found->second);
    }
  }
  return edits.Apply();
}

// Of the macros those that the code calls, and those that these call.
inline std::string NeededMacros(std::string_view code) {
  std::vector<std::string_view> pieces;
  const std::string prelude = PreludeFor(code);
  std::string_view rest = prelude;
  // Each begins at `#define`, or at a comment above a function.
  while (!rest.empty()) {
    const size_t next = std::min(
        {rest.find("\n#define ", 1), rest.find("\n/*", 1), rest.size()});
    pieces.push_back(rest.substr(0, next));
    rest.remove_prefix(next);
  }
  std::vector<bool> needed(pieces.size());
  std::string uses(code);
  for (size_t i = pieces.size(); i-- > 0;) {
    std::string_view name = pieces[i];
    const size_t define = name.find("#define ");
    if (define != std::string_view::npos) {
      name = name.substr(define + 8);
      name = name.substr(0, name.find('('));
    } else {
      constexpr std::string_view kBefore = "((always_inline)) u32 ";
      const size_t function = name.find(kBefore);
      if (function == std::string_view::npos) continue;
      name = name.substr(function + kBefore.size());
      name = name.substr(0, name.find('('));
    }
    needed[i] = uses.find(name) != std::string::npos;
    if (needed[i]) uses += pieces[i];
  }
  std::string out;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (needed[i]) out += pieces[i];
  }
  return out;
}

inline std::string Head(const ProgramConfig& program) {
  return absl::StrCat(
      "// SPDX-License-Identifier: GPL-2.0\n/*\n * ", program.name,
      ", which was inline code of ebpf_exporter 1.x. Keys are compared as "
      "bytes, so\n * their holes must be zero, which one flag sees to:\n *\n"
      " *   bpftool btf dump file /sys/kernel/btf/vmlinux format c > "
      "vmlinux.h\n"
      " *   clang -target bpf -mcpu=v3 -O2 -g -I. -D__TARGET_ARCH_x86 \\\n"
      " *     -ftrivial-auto-var-init=zero -c ",
      program.name, ".bpf.c -o ", program.name,
      ".bpf.o\n *\n * Before clang 16 that flag wants another one beside it, "
      "which clang then names.\n */\n#include \"vmlinux.h\"\n#include "
      "<bpf/bpf_helpers.h>\n"
      "#include <bpf/bpf_core_read.h>\n#include <bpf/bpf_endian.h>\n"
      "#include <bpf/bpf_tracing.h>\n");
}

}  // namespace internal

inline Migrated Migrate(const ProgramConfig& program,
                        std::string_view event_structs,
                        const RecordLookup& kernel,
                        const std::vector<FunctionForm>& forms) {
  Migrated result{
      .source = "", .config = program, .sections = {}, .findings = {}};
  const std::map<std::string, std::string> renamed =
      internal::RenamedMaps(program);
  for (MetricConfig& metric : result.config.metrics) {
    std::string& map = metric.perf_map.empty() ? metric.table : metric.perf_map;
    if (renamed.contains(map)) map = renamed.at(map);
  }
  std::string moved_members;
  const std::string code = ReplaceMovedMembers(
      internal::Rename(program.code, renamed), moved_members, result.findings);
  MigratedFunctions functions = FunctionsOfSections(program, code, forms);
  result.sections = std::move(functions.sections);
  // Members that this kernel lacks are for the reader to mend.
  Translation translation =
      Translate(code, functions.list,
                [&kernel](const std::string& record, std::string_view member) {
                  RecordAnswer answer = kernel(record, member);
                  if (!answer.member) answer.member.emplace();
                  return answer;
                });
  result.findings.insert(result.findings.end(), translation.findings.begin(),
                         translation.findings.end());
  std::string macros;
  for (const std::string& name : translation.names) {
    if (const auto macro = KernelMacro(name)) {
      absl::StrAppend(&macros, "#ifndef ", name, "\n", *macro, "#endif\n");
    }
  }
  std::string kaddrs;
  for (const std::string& symbol : program.kaddrs) {
    absl::StrAppend(&kaddrs, "const volatile __u64 kaddr_", symbol, ";\n");
  }
  result.source = absl::StrCat(
      internal::Head(program), macros, internal::NeededMacros(translation.code),
      moved_members, "\n", event_structs, kaddrs,
      absl::StripLeadingAsciiWhitespace(translation.code), functions.callers,
      translation.has_license
          ? ""
          : "\nchar LICENSE[] SEC(\"license\") = \"GPL\";\n");
  return result;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_MIGRATE_H_
