// The functions of a program with sections that say where each attaches: what
// attach lists say in 1.x.

#ifndef EBPF_EXPORTER_CORE_INLINE_MIGRATE_FUNCTIONS_H_
#define EBPF_EXPORTER_CORE_INLINE_MIGRATE_FUNCTIONS_H_

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/inline/inline_function.h"
#include "core/inline/moved.h"
#include "core/inline/targets.h"
#include "core/inline/typed_functions.h"
#include "core/inline/typed_hook.h"

namespace ebpf_exporter {

struct MigratedFunctions {
  std::vector<InlineFunction> list;
  std::string callers;  // of those with several targets, and of moved ones
  std::vector<std::pair<std::string, std::string>> sections;  // of functions
};

// `code` is the program's, with its maps renamed; `forms` as in Migrate().
MigratedFunctions FunctionsOfSections(const ProgramConfig& program,
                                      std::string_view code,
                                      const std::vector<FunctionForm>& forms);

namespace internal {

// Where a target's events are on newer kernels, or null.
inline const MovedHook* MovedTo(const InlineTarget& target) {
  return target.hook == InlineHook::kKprobe ? FindMovedHook(target.target)
                                            : nullptr;
}

// A function is moved with all of its targets, or it stays.
inline bool IsMoved(std::string_view code,
                    const std::vector<InlineTarget>& targets,
                    const std::string& function) {
  return std::ranges::all_of(targets, [&](const InlineTarget& target) {
    if (target.function != function) return true;
    const MovedHook* moved = MovedTo(target);
    return moved != nullptr && CanMove(code, function, *moved);
  });
}

// Of several targets that are one tracepoint now there is one caller.
inline void AddMovedCallers(std::string_view code,
                            const std::vector<InlineTarget>& targets,
                            MigratedFunctions& functions) {
  std::set<std::pair<std::string, std::string_view>> called;
  for (const InlineTarget& target : targets) {
    if (!IsMoved(code, targets, target.function)) continue;
    const MovedHook& moved = *MovedTo(target);
    if (!called.insert({target.function, moved.tracepoint}).second) continue;
    functions.callers += MovedCaller(code, target.function, moved);
    functions.sections.emplace_back(target.function,
                                    absl::StrCat("tp_btf/", moved.tracepoint));
  }
}

// What stands in front of the function of one target: its section.
inline std::string SectionHead(const InlineTarget& target,
                               const std::string& function,
                               const std::vector<FunctionForm>& forms,
                               MigratedFunctions& functions) {
  for (const FunctionForm& form : forms) {
    for (const TypedTarget& typed : form.typed) {
      if (typed.target.function != target.function ||
          typed.target.target != target.target) {
        continue;
      }
      const std::string section = TypedSection(target.hook, target.target);
      functions.sections.emplace_back(target.function, section);
      return TypedHead(function, section, typed.hook, "\n");
    }
  }
  functions.sections.emplace_back(target.function, target.section);
  return absl::StrCat("SEC(\"", target.section, "\")\n");
}

inline void AddTarget(const InlineTarget& target, bool one,
                      const std::vector<FunctionForm>& forms,
                      MigratedFunctions& functions) {
  const bool known =
      std::ranges::find(functions.list, target.function,
                        &InlineFunction::name) != functions.list.end();
  if (!known) {
    functions.list.push_back(
        {target.function, target.hook, one ? "" : "static __always_inline "});
  }
  const std::string name = one ? target.function : CallerName(target);
  std::string head = SectionHead(target, name, forms, functions);
  if (one) {
    functions.list.back().prefix = std::move(head);
  } else {
    absl::StrAppend(&functions.callers, "\n", head, "int ", name,
                    "(void *ctx)\n{\n\treturn ", target.function,
                    "(ctx);\n}\n");
  }
}

}  // namespace internal

inline MigratedFunctions FunctionsOfSections(
    const ProgramConfig& program, std::string_view code,
    const std::vector<FunctionForm>& forms) {
  MigratedFunctions functions;
  const std::vector<InlineTarget> targets = TargetsOf(program);
  internal::AddMovedCallers(code, targets, functions);
  for (const InlineTarget& target : targets) {
    if (internal::IsMoved(code, targets, target.function)) continue;
    const auto count =
        std::ranges::count(targets, target.function, &InlineTarget::function);
    internal::AddTarget(target, count == 1, forms, functions);
  }
  for (const FunctionForm& form : forms) {
    const auto function =
        std::ranges::find(functions.list, form.function, &InlineFunction::name);
    if (form.typed.empty() || function == functions.list.end()) continue;
    function->typed = true;
    function->result = form.typed[0].hook.result;
  }
  return functions;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_MIGRATE_FUNCTIONS_H_
