// Which functions of a program are written for typed hooks on a kernel, and how
// they then begin.
//
// All targets of a function must be hooks of one kind that the kernel describes
// with types that agree. A typed hook has one target, so a function of several
// is called by one more function for each: `f__TARGET`.

#ifndef EBPF_EXPORTER_CORE_INLINE_TYPED_FUNCTIONS_H_
#define EBPF_EXPORTER_CORE_INLINE_TYPED_FUNCTIONS_H_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/inline/inline_function.h"
#include "core/inline/records.h"
#include "core/inline/targets.h"
#include "core/inline/translate.h"
#include "core/inline/typed_hook.h"
#include "core/inline/typed_use.h"
#include "core/layout/prototype.h"

namespace ebpf_exporter {

// What a kernel passes to a typed hook (prototype.h), or why it is none.
using PrototypeLookup = std::function<absl::StatusOr<Prototype>(
    InlineHook hook, const std::string& target)>;

struct TypedTarget {
  InlineTarget target;
  TypedHook hook;
};

struct FunctionForm {
  std::string function;
  std::vector<TypedTarget> typed;  // empty: it keeps its plain form,
  std::string why;                 // for this reason
};

// The form of each function that attach lists name. A code that cannot be
// translated has plain ones.
std::vector<FunctionForm> ChooseForms(const ProgramConfig& program,
                                      const RecordLookup& kernel,
                                      const PrototypeLookup& prototypes);

// Makes those of `functions` typed that are so in `forms`, and returns what is
// to follow the code.
std::string ApplyForms(const std::vector<FunctionForm>& forms,
                       std::vector<InlineFunction>& functions);

namespace internal {

// Why not one of its targets may be typed.
inline std::string WhyPlain(const std::vector<InlineTarget>& targets) {
  for (const InlineTarget& target : targets) {
    if (TypedSection(target.hook, target.target).empty()) {
      return "such hooks have no types";
    }
    if (target.hook != targets[0].hook) {
      return "it is in lists of several kinds";
    }
  }
  for (const InlineTarget& target : targets) {
    if (std::ranges::count(targets, target.name, &InlineTarget::name) > 1) {
      return "two of its targets have the same name";
    }
  }
  return "";
}

// Fills in the typed targets, or why there are none.
inline void FitTargets(const std::vector<InlineTarget>& targets,
                       const TypedUse& use, const PrototypeLookup& prototypes,
                       FunctionForm& form) {
  const absl::Status unfit = CheckUse(use);
  if (!unfit.ok()) {
    form.why = std::string(unfit.message());
    return;
  }
  for (const InlineTarget& target : targets) {
    const auto prototype = prototypes(target.hook, target.target);
    auto hook = prototype.ok() ? FitTypedHook(use, *prototype)
                               : absl::StatusOr<TypedHook>(prototype.status());
    if (hook.ok() && !form.typed.empty() &&
        form.typed[0].hook.result != hook->result) {
      hook = absl::FailedPreconditionError(
          "its result is not where that of the first target is");
    }
    if (!hook.ok()) {
      form.typed.clear();
      form.why = absl::StrCat(target.target, ": ", hook.status().message());
      return;
    }
    form.typed.push_back({target, *std::move(hook)});
  }
}

// By function, in the order of the lists.
inline std::vector<std::vector<InlineTarget>> TargetsByFunction(
    const ProgramConfig& program) {
  std::vector<std::vector<InlineTarget>> all;
  for (InlineTarget& target : TargetsOf(program)) {
    const auto known = std::ranges::find_if(all, [&](const auto& targets) {
      return targets[0].function == target.function;
    });
    auto& targets = known == all.end() ? all.emplace_back() : *known;
    targets.push_back(std::move(target));
  }
  return all;
}

}  // namespace internal

inline std::vector<FunctionForm> ChooseForms(
    const ProgramConfig& program, const RecordLookup& kernel,
    const PrototypeLookup& prototypes) {
  const auto all = internal::TargetsByFunction(program);
  std::vector<FunctionForm> forms;
  std::vector<InlineFunction> tried;
  for (const std::vector<InlineTarget>& targets : all) {
    forms.push_back({targets[0].function, {}, internal::WhyPlain(targets)});
    tried.push_back({.name = targets[0].function,
                     .hook = targets[0].hook,
                     .typed = forms.back().why.empty()});
  }
  const Translation translation = Translate(program.code, tried, kernel);
  for (size_t i = 0; i < all.size(); ++i) {
    if (!tried[i].typed) continue;
    const auto use = std::ranges::find(translation.typed, tried[i].name,
                                       &TypedUse::function);
    if (use == translation.typed.end() || !translation.findings.empty()) {
      forms[i].why = "it is as libbpf has it";
      continue;
    }
    internal::FitTargets(all[i], *use, prototypes, forms[i]);
  }
  return forms;
}

namespace internal {

// Only where a list names it: lists may change after the compilation.
inline std::string OptionalSection(const InlineTarget& target) {
  return "?" + TypedSection(target.hook, target.target);
}

}  // namespace internal

inline std::string ApplyForms(const std::vector<FunctionForm>& forms,
                              std::vector<InlineFunction>& functions) {
  std::string tail;
  for (const FunctionForm& form : forms) {
    if (form.typed.empty()) continue;
    const auto function =
        std::ranges::find(functions, form.function, &InlineFunction::name);
    if (function == functions.end()) continue;
    const bool one = form.typed.size() == 1;
    function->typed = true;
    function->result = form.typed[0].hook.result;
    function->prefix = "static inline __attribute__((always_inline)) ";
    for (const auto& [target, hook] : form.typed) {
      const std::string name = one ? form.function : CallerName(target);
      std::string head =
          TypedHead(name, internal::OptionalSection(target), hook);
      if (one) {
        function->prefix = std::move(head);
      } else {
        absl::StrAppend(&tail, head, "int ", name, "(void *ctx) { return ",
                        form.function, "(ctx); }\n");
      }
    }
  }
  return tail;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TYPED_FUNCTIONS_H_
