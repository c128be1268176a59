// Alternatives: which functions of a configuration's `one_of:` groups are to be
// loaded. Each group begins with its first choice; a choice is ruled out when
// one of its functions cannot be loaded or attached, and the next one is up.
//
//   Alternatives alternatives(config.one_of);
//   alternatives.RuleOut([&](std::string_view f) { return InPlan(plan, f); });
//   do { ... load and attach alternatives.Choose(plan) ...
//   } while (alternatives.RuleOut(is_attached));
//   alternatives.Settle(failures);
//
// Functions outside of all groups are not its business.

#ifndef EBPF_EXPORTER_BPF_LOADER_ALTERNATIVES_H_
#define EBPF_EXPORTER_BPF_LOADER_ALTERNATIVES_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/attach_plan.h"
#include "bpf/loader/failures.h"
#include "bpf/loader/loaded_config.h"
#include "core/config/config.h"

namespace ebpf_exporter {

class Alternatives {
 public:
  using Works = absl::FunctionRef<bool(std::string_view function)>;

  explicit Alternatives(const std::vector<OneOfConfig>& groups);

  // Passes over choices that are up and have a function that does not work,
  // and those behind them. True if another choice is up than before, or none.
  bool RuleOut(Works works);

  // The plan without the functions that are not up.
  AttachPlan Choose(const AttachPlan& plan) const;

  // Takes out the failures of functions that were passed over; those of a group
  // with no choice left become one, of the group.
  void Settle(Failures& failures) const;

  // All functions of all groups.
  std::vector<LoadedAlternative> List() const;

 private:
  struct Group {
    std::vector<std::vector<std::string>> choices;
    size_t up = 0;  // choices.size(): none is left

    const std::string& name() const { return choices.front().front(); }
    bool left() const { return up < choices.size(); }
    bool IsUp(std::string_view function) const;
    bool Has(std::string_view function) const;
  };

  static Problem Fold(const std::vector<LoadFailure>& failures);

  std::vector<Group> groups_;
};

namespace internal {

inline bool IsIn(const std::vector<std::string>& functions,
                 std::string_view function) {
  return std::find(functions.begin(), functions.end(), function) !=
         functions.end();
}

}  // namespace internal

inline bool Alternatives::Group::IsUp(std::string_view function) const {
  return left() && internal::IsIn(choices[up], function);
}

inline bool Alternatives::Group::Has(std::string_view function) const {
  return std::any_of(choices.begin(), choices.end(), [&](const auto& choice) {
    return internal::IsIn(choice, function);
  });
}

inline Alternatives::Alternatives(const std::vector<OneOfConfig>& groups) {
  for (const OneOfConfig& group : groups) groups_.push_back({group.choices});
}

inline bool Alternatives::RuleOut(Works works) {
  bool changed = false;
  for (Group& group : groups_) {
    if (group.left() && !std::all_of(group.choices[group.up].begin(),
                                     group.choices[group.up].end(), works)) {
      ++group.up;
      changed = true;
    }
  }
  return changed;
}

inline AttachPlan Alternatives::Choose(const AttachPlan& plan) const {
  AttachPlan chosen = plan;
  std::erase_if(chosen, [this](const PlannedProgram& program) {
    return std::any_of(groups_.begin(), groups_.end(), [&](const Group& group) {
      return group.Has(program.function) && !group.IsUp(program.function);
    });
  });
  return chosen;
}

// A reason that all have is the group's.
inline Problem Alternatives::Fold(const std::vector<LoadFailure>& failures) {
  Problem problem{failures.empty() ? "no_alternative" : failures[0].reason,
                  "no choice of its group works"};
  std::string_view between = ": ";
  for (const LoadFailure& failure : failures) {
    if (failure.reason != problem.reason) problem.reason = "no_alternative";
    absl::StrAppend(&problem.detail, between, failure.function, ": ",
                    failure.detail);
    between = "; ";
  }
  return problem;
}

inline void Alternatives::Settle(Failures& failures) const {
  for (const Group& group : groups_) {
    std::vector<LoadFailure> passed_over =
        failures.Take([&](const LoadFailure& failure) {
          // A misspelt name is a mistake whatever else works.
          return failure.reason != "missing_function" &&
                 group.Has(failure.function) && !group.IsUp(failure.function);
        });
    if (!group.left()) failures.Add(group.name(), Fold(passed_over));
  }
}

inline std::vector<LoadedAlternative> Alternatives::List() const {
  std::vector<LoadedAlternative> list;
  for (const Group& group : groups_) {
    for (const std::vector<std::string>& choice : group.choices) {
      for (const std::string& function : choice) {
        list.push_back({group.name(), function, group.IsUp(function)});
      }
    }
  }
  return list;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ALTERNATIVES_H_
