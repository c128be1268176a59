// The translator: C as BCC took it, in `code:` of 1.x, becomes C for libbpf.
//
//   code        { include | map | probe | function | anything else }
//   include     # include < kernel header >              is dropped
//   map         BPF_HASH ( name [, key [, leaf [, size ]]] ) ;
//               BPF_PERCPU_HASH, as BPF_HASH
//               BPF_ARRAY ( name [, leaf [, size ]] ) ;
//               BPF_PERCPU_ARRAY, as BPF_ARRAY
//               BPF_HISTOGRAM ( name [, key [, size ]] ) ;
//               BPF_PERF_OUTPUT ( name ) ;
//               BPF_TABLE ( "type" , key , leaf , name , size ) ;
//   probe       TRACEPOINT_PROBE ( category , event ) body
//               RAW_TRACEPOINT_PROBE ( event ) body
//   function    type name ( context { , argument } ) body
//   call        map . method ( argument { , argument } )
//   method      increment | atomic_increment | lookup | lookup_or_init |
//               lookup_or_try_init | update | insert | delete | perf_submit
//   read        see pointers.h
//
// Everything else is C and stays as it is, to the byte: line N of the result is
// line N of the code. What is dialect and cannot be translated is refused with
// its line, the construct and the mend. The macros that the result calls are in
// prelude.h; types and constants of the kernel that it names are listed, for
// others to supply.
//
// A function may be written for a typed hook: typed_functions.h.
//
// A code with maps in SEC(".maps") is plain libbpf C: its includes go, and its
// functions are left alone.

#ifndef EBPF_EXPORTER_CORE_INLINE_TRANSLATE_H_
#define EBPF_EXPORTER_CORE_INLINE_TRANSLATE_H_

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/functions.h"
#include "core/inline/inline_function.h"
#include "core/inline/map_calls.h"
#include "core/inline/map_declarations.h"
#include "core/inline/pointers.h"
#include "core/inline/records.h"
#include "core/inline/tokens.h"
#include "core/inline/typed_use.h"

namespace ebpf_exporter {

struct Translation {
  std::string code;
  // What it names and does not define: tags behind struct, union and enum;
  // other names; events whose arguments it reads, `category__event`.
  std::set<std::string> tags;
  std::set<std::string> names;
  std::set<std::string> events;
  bool has_license = false;
  std::vector<TypedUse> typed;        // of functions written for typed hooks
  std::vector<CodeFinding> findings;  // empty: `code` is good
};

// `functions`: those that attach lists name. One that the code lacks is left to
// the caller, who knows the list's line. A typed one whose use has a problem is
// not to be compiled so.
Translation Translate(std::string_view code,
                      const std::vector<InlineFunction>& functions,
                      const RecordLookup& kernel);

// The events alone, as Translate() would list them, and the functions that
// attach lists may name. Nothing of a code that it refuses to read.
std::set<std::string> EventsOf(std::string_view code);
std::optional<std::vector<std::string>> FunctionsIn(std::string_view code);

namespace internal {

inline bool IsKernelHeader(std::string_view path) {
  static constexpr std::array<std::string_view, 12> kFolders = {
      "linux/", "uapi/", "net/",    "asm/",    "asm-generic/", "bcc/",
      "trace/", "bpf/",  "crypto/", "kernel/", "scsi/",        "std"};
  return path == "vmlinux.h" ||
         std::ranges::any_of(kFolders, [path](std::string_view folder) {
           return absl::StartsWith(path, folder);
         });
}

// # include < linux / sched . h >: the signs are tokens of their own.
inline void DropIncludes(const Tokens& tokens, std::string_view code,
                         Edits& edits) {
  for (size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (!tokens[i].Is("#") || !tokens[i].directive ||
        !tokens[i + 1].Is("include")) {
      continue;
    }
    size_t end = i + 2;
    while (end < tokens.size() && tokens[end].directive &&
           tokens[end].line == tokens[i].line) {
      ++end;
    }
    const size_t start = tokens[i + 2].offset;
    const Token& last = tokens[end - 1];
    std::string_view path =
        code.substr(start, last.offset + last.text.size() - start);
    if (path.size() < 2) continue;
    path = path.substr(1, path.size() - 2);
    if (IsKernelHeader(path)) edits.Remove({i, end});
  }
}

inline constexpr std::string_view kEventPrefix = "tracepoint__";

// Names that the translation has put in.
inline void CollectMapTypes(const Declarations& found, Translation& result) {
  if (found.maps.empty()) return;
  for (std::string_view type : kMapTypes) {
    result.names.insert(absl::StrCat("BPF_MAP_TYPE_", type));
  }
}

inline void CollectNames(const Tokens& tokens, const Declarations& found,
                         Translation& result) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (!token.is_name()) continue;
    const std::string_view before = i > 0 ? tokens[i - 1].text : "";
    if (before == "." || before == "->" || before == "#") continue;
    if (IsRecordWord(before)) {
      if (found.tags.contains(token.text)) continue;
      if (absl::StartsWith(token.text, kEventPrefix)) {
        result.events.emplace(token.text.substr(kEventPrefix.size()));
      } else {
        result.tags.emplace(token.text);
      }
    } else if (!found.names.contains(token.text)) {
      result.names.emplace(token.text);
    }
  }
  for (const DeclaredFunction& function : found.functions) {
    const std::string name = HookedName(tokens, function);
    if (function.name.empty() && absl::StartsWith(name, kEventPrefix)) {
      result.events.insert(name.substr(kEventPrefix.size()));
    }
  }
}

}  // namespace internal

inline std::set<std::string> EventsOf(std::string_view code) {
  Translation result;
  const std::variant<Tokens, CodeFinding> read = Tokenize(code);
  if (const auto* tokens = std::get_if<Tokens>(&read)) {
    internal::CollectNames(*tokens, FindDeclarations(*tokens), result);
  }
  return std::move(result.events);
}

inline std::optional<std::vector<std::string>> FunctionsIn(
    std::string_view code) {
  const std::variant<Tokens, CodeFinding> read = Tokenize(code);
  const auto* tokens = std::get_if<Tokens>(&read);
  if (tokens == nullptr) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& function : FindDeclarations(*tokens).functions) {
    names.push_back(HookedName(*tokens, function));
  }
  return names;
}

inline Translation Translate(std::string_view code,
                             const std::vector<InlineFunction>& functions,
                             const RecordLookup& kernel) {
  Translation result;
  std::variant<Tokens, CodeFinding> read = Tokenize(code);
  if (const auto* error = std::get_if<CodeFinding>(&read)) {
    result.findings.push_back(*error);
    return result;
  }
  const Tokens tokens = std::get<Tokens>(std::move(read));
  const Declarations found = FindDeclarations(tokens);
  Edits edits(code, tokens);
  internal::DropIncludes(tokens, code, edits);
  TranslateMaps(tokens, found, edits, result.findings);
  const auto listed = [&](const DeclaredFunction& function) {
    const auto same = std::ranges::find(functions, HookedName(tokens, function),
                                        &InlineFunction::name);
    return same == functions.end() ? nullptr : &*same;
  };
  for (const DeclaredFunction& function : found.functions) {
    const InlineFunction* hooked = listed(function);
    if (found.own_maps && hooked == nullptr) continue;
    TranslateFunction(tokens, function, hooked, edits, result.findings);
  }
  TranslateMapCalls(tokens, found, edits, result.findings);
  PointerTranslator pointers(tokens, found, kernel, edits, result.findings);
  for (const DeclaredFunction& function : found.functions) {
    if (function.native || found.own_maps) continue;
    const InlineFunction* hooked = listed(function);
    TypedUse* use = nullptr;
    if (hooked != nullptr && hooked->typed) {
      use = &result.typed.emplace_back();
      use->function = hooked->name;
      use->hook = hooked->hook;
    }
    pointers.Translate(function, hooked != nullptr || function.name.empty(),
                       use);
  }
  internal::CollectNames(tokens, found, result);
  internal::CollectMapTypes(found, result);
  result.tags.insert(pointers.read_records().begin(),
                     pointers.read_records().end());
  result.has_license = found.own_license;
  std::ranges::stable_sort(result.findings, {}, &CodeFinding::line);
  result.code = edits.Apply();
  return result;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TRANSLATE_H_
