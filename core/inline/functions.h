// Functions of the dialect: heads, arguments and ends.
//
//   int f(struct pt_regs *ctx, struct request *req) { ... }
//     -> SEC("kprobe") int f(struct pt_regs *ctx) { struct request *req =
//        (struct request *)PT_REGS_PARM1(ctx); ... return 0; }
//   TRACEPOINT_PROBE(timer, timer_start) { ... }
//     -> SEC("tp") int tracepoint__timer__timer_start(
//            struct tracepoint__timer__timer_start *args) { ... }
//   RAW_TRACEPOINT_PROBE(timer_start) { ... }
//     -> SEC("raw_tp") int raw_tracepoint__timer_start(
//            struct bpf_raw_tracepoint_args *ctx) { ... }
//
// For a typed hook (typed_use.h) arguments are taken from another context:
//
//   int f(struct pt_regs *ctx, struct request *req) { ... }
//     -> SEC("fentry/...") int f(struct pt_regs *ctx) { struct request *req =
//        (struct request *)((u64 *)ctx)[0]; ... return 0; }
//   PT_REGS_RC(ctx)  ->  ((u64 *)ctx)[2], behind the two arguments
//
// A function that no attach list names becomes a part of those that call it.

#ifndef EBPF_EXPORTER_CORE_INLINE_FUNCTIONS_H_
#define EBPF_EXPORTER_CORE_INLINE_FUNCTIONS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/inline_function.h"
#include "core/inline/token_range.h"

namespace ebpf_exporter {

// The name under which an attach list knows a function: that of a probe macro
// is made of its arguments.
std::string HookedName(const Tokens& tokens, const DeclaredFunction& function);

// `hooked`: null for functions that no list names.
void TranslateFunction(const Tokens& tokens, const DeclaredFunction& function,
                       const InlineFunction* hooked, Edits& edits,
                       std::vector<CodeFinding>& findings);

namespace internal {

// Why a function with arguments behind its context cannot have them there.
inline std::string WhyNoArguments(std::string_view name, InlineHook hook) {
  switch (hook) {
    case InlineHook::kKprobe:
      if (!absl::StartsWith(name, "syscall__")) return "";
      return "the arguments of a syscall__ function are not translated; name "
             "it otherwise and take them from the tracepoint of the call";
    case InlineHook::kKretprobe:
      return "a kretprobe has no arguments; the result is PT_REGS_RC(ctx), and "
             "arguments are to be kept in a map by a kprobe";
    case InlineHook::kTracepoint:
      return "a tracepoint has no arguments behind `args`; they are its "
             "members";
    case InlineHook::kRawTracepoint:
      return "a raw tracepoint has no arguments behind `ctx`; they are "
             "ctx->args[0], ctx->args[1] ...";
    case InlineHook::kPerfEvent:
      return "a perf event has no arguments behind `ctx`";
  }
  return "";
}

class FunctionTranslator {
 public:
  FunctionTranslator(const Tokens& tokens, const DeclaredFunction& function,
                     Edits& edits, std::vector<CodeFinding>& findings)
      : tokens_(tokens),
        function_(function),
        edits_(edits),
        findings_(findings) {}

  void Helper();
  void Hooked(const InlineFunction& hooked);

 private:
  void Arguments(const InlineFunction& hooked);
  // `value`: of the register or the slot that it is in.
  void Argument(TokenRange parameter, std::string_view value);
  void TypedResult(size_t number);
  void ReturnZero();
  bool EndsInReturn() const;
  // A macro of which a head is made: everything up to the brace goes.
  void Macro(std::string head);

  const Tokens& tokens_;
  const DeclaredFunction& function_;
  Edits& edits_;
  std::vector<CodeFinding>& findings_;
  std::string_view context_;  // the name of the first argument
};

inline void FunctionTranslator::Helper() {
  bool is_static = false, is_inline = false;
  for (size_t i = function_.head.begin; i < function_.name_token; ++i) {
    is_static |= tokens_[i].Is("static");
    is_inline |= tokens_[i].Is("inline") || tokens_[i].Is("__always_inline");
  }
  edits_.Before(
      function_.head.begin,
      absl::StrCat(is_static ? "" : "static ", is_inline ? "" : "inline ",
                   "__attribute__((always_inline)) "));
}

inline void FunctionTranslator::Macro(std::string head) {
  edits_.Remove(function_.head);
  edits_.Replace(function_.head.begin, std::move(head));
}

// What a `void` function returns is not defined, and the kernel wants a number.
inline void FunctionTranslator::ReturnZero() {
  for (size_t i = function_.head.begin; i < function_.name_token; ++i) {
    if (tokens_[i].Is("void")) edits_.Replace(i, "int");
    if (tokens_[i].Is("static") || tokens_[i].Is("inline") ||
        tokens_[i].Is("__always_inline")) {
      edits_.Replace(i, "");
    }
  }
  for (size_t i = function_.body.begin; i + 1 < function_.body.end; ++i) {
    if (tokens_[i].Is("return") && tokens_[i + 1].Is(";")) {
      edits_.After(i, " 0");
    }
  }
  if (!EndsInReturn()) edits_.Before(function_.body.end, "return 0; ");
}

inline bool FunctionTranslator::EndsInReturn() const {
  size_t i = function_.body.end - 1;
  if (i <= function_.body.begin || !tokens_[i].Is(";")) return false;
  while (i > function_.body.begin && !tokens_[i - 1].Is(";") &&
         !tokens_[i - 1].Is("{") && !tokens_[i - 1].Is("}")) {
    --i;
  }
  return tokens_[i].Is("return");
}

inline void FunctionTranslator::Argument(TokenRange parameter,
                                         std::string_view value) {
  const size_t name = parameter.end - 1;
  if (parameter.size() < 2 || !tokens_[name].is_name()) {
    findings_.push_back(
        {tokens_[parameter.begin].line,
         "this argument is not translated; write `TYPE NAME`, with the type as "
         "the kernel's function has it"});
    return;
  }
  const std::string type = TextOf(tokens_, {parameter.begin, name});
  const bool pointer = type.back() == '*';
  edits_.After(function_.head.end,
               absl::StrCat(" ", type, pointer ? "" : " ", tokens_[name].text,
                            " = (", type, ")", value, ";"));
}

inline void FunctionTranslator::TypedResult(size_t number) {
  for (size_t i = function_.body.begin; i + 3 < function_.body.end; ++i) {
    if (!tokens_[i].Is("PT_REGS_RC") || !tokens_[i + 1].Is("(") ||
        tokens_[i + 1].partner != i + 3) {
      continue;
    }
    const std::string_view context = tokens_[i + 2].text;
    edits_.Remove({i, i + 4});
    edits_.Replace(i, absl::StrCat("((u64 *)", context, ")[", number, "]"));
  }
}

inline void FunctionTranslator::Arguments(const InlineFunction& hooked) {
  constexpr size_t kRegisters = 6;
  const std::vector<TokenRange> parts =
      SplitArguments(tokens_, function_.parameters.begin - 1);
  if (parts.size() < 2) return;
  context_ = parts[0].size() > 0 ? tokens_[parts[0].end - 1].text : "";
  std::string why = WhyNoArguments(function_.name, hooked.hook);
  if (why.empty() && parts.size() > kRegisters + 1) {
    why = absl::StrCat("only ", kRegisters,
                       " arguments are passed in registers; leave the others "
                       "out");
  }
  if (!why.empty()) {
    findings_.push_back({tokens_[parts[1].begin].line, std::move(why)});
    return;
  }
  // The last one first: each is put right behind the brace.
  for (size_t i = parts.size(); i-- > 1;) {
    if (parts[i].size() == 0) continue;
    Argument(parts[i],
             hooked.typed
                 ? absl::StrCat("((u64 *)", context_, ")[", i - 1, "]")
                 : absl::StrCat("PT_REGS_PARM", i, "(", context_, ")"));
  }
  edits_.Remove({parts[0].end, function_.parameters.end});
}

inline void FunctionTranslator::Hooked(const InlineFunction& hooked) {
  const std::string section =
      hooked.prefix.empty()
          ? absl::StrCat("SEC(\"", SectionOf(hooked.hook), "\") ")
          : hooked.prefix;
  const std::string name = HookedName(tokens_, function_);
  if (absl::StartsWith(name, "tracepoint__") && function_.name.empty()) {
    Macro(absl::StrCat(section, "int ", name, "(struct ", name, " *args)"));
  } else if (function_.name.empty()) {
    Macro(absl::StrCat(section, "int ", name,
                       "(struct bpf_raw_tracepoint_args *ctx)"));
  } else {
    edits_.Before(function_.head.begin, section);
    Arguments(hooked);
    if (hooked.typed && hooked.hook == InlineHook::kKretprobe) {
      TypedResult(hooked.result);
    }
  }
  ReturnZero();
}

}  // namespace internal

inline std::string HookedName(const Tokens& tokens,
                              const DeclaredFunction& function) {
  if (!function.name.empty()) return std::string(function.name);
  const std::string_view macro = tokens[function.name_token].text;
  const std::vector<TokenRange> parts =
      SplitArguments(tokens, function.parameters.begin - 1);
  if (macro == "TRACEPOINT_PROBE" && parts.size() == 2) {
    return absl::StrCat("tracepoint__", TextOf(tokens, parts[0]), "__",
                        TextOf(tokens, parts[1]));
  }
  if (macro == "RAW_TRACEPOINT_PROBE" && parts.size() == 1) {
    return absl::StrCat("raw_tracepoint__", TextOf(tokens, parts[0]));
  }
  return "";
}

inline void TranslateFunction(const Tokens& tokens,
                              const DeclaredFunction& function,
                              const InlineFunction* hooked, Edits& edits,
                              std::vector<CodeFinding>& findings) {
  if (function.native) return;
  const std::string name = HookedName(tokens, function);
  const bool taken_apart = hooked != nullptr || function.name.empty();
  for (size_t i = function.parameters.begin; i < function.parameters.end; ++i) {
    if (!taken_apart || !tokens[i].directive) continue;
    findings.push_back({tokens[i].line,
                        "a preprocessor line among the arguments is not "
                        "translated; write the function once for each case"});
    return;
  }
  if (name.empty()) {
    findings.push_back(
        {tokens[function.name_token].line,
         absl::StrCat(tokens[function.name_token].text,
                      " is not translated; there are TRACEPOINT_PROBE(category,"
                      " event), RAW_TRACEPOINT_PROBE(event) and functions that "
                      "an attach list names")});
    return;
  }
  internal::FunctionTranslator translator(tokens, function, edits, findings);
  if (hooked != nullptr) return translator.Hooked(*hooked);
  // A probe that no list names is not loaded.
  if (function.name.empty()) {
    const bool raw = absl::StartsWith(name, "raw_");
    return translator.Hooked(
        {.name = name,
         .hook = raw ? InlineHook::kRawTracepoint : InlineHook::kTracepoint,
         .prefix = raw ? "SEC(\"?raw_tp\") " : "SEC(\"?tp\") "});
  }
  translator.Helper();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_FUNCTIONS_H_
