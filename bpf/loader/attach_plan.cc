#include "bpf/loader/attach_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace ebpf_exporter {
namespace {

// Builds one plan; a class because every step adds to it.
class Planner {
 public:
  Planner(const ProgramConfig& config, const ObjectShape& object,
          std::string_view object_name, Failures& failures)
      : config_(config),
        object_(object),
        object_name_(object_name),
        failures_(failures) {}

  AttachPlan Plan() &&;

 private:
  void AddList(const std::vector<AttachConfig>& list, HookKind kind);
  void RefuseList(const std::vector<AttachConfig>& list, std::string_view name);
  void AddSections();
  const ObjectProgram* Find(std::string_view function);
  void Fail(std::string_view function, std::string_view reason,
            std::string detail);

  const ProgramConfig& config_;
  const ObjectShape& object_;
  const std::string_view object_name_;
  Failures& failures_;
  AttachPlan plan_;
  std::set<std::string, std::less<>> listed_;
};

AttachPlan Planner::Plan() && {
  RefuseList(config_.kprobes, "kprobes");
  RefuseList(config_.kretprobes, "kretprobes");
  std::vector<AttachConfig> perf_events;
  for (const PerfEventConfig& event : config_.perf_events) {
    perf_events.push_back(
        {absl::StrCat("type ", event.type, ", name ", event.name), event.target,
         event.mark});
  }
  RefuseList(perf_events, "perf_events");
  AddList(config_.tracepoints, HookKind::kTracepoint);
  AddList(config_.raw_tracepoints, HookKind::kRawTracepoint);
  AddSections();
  return std::move(plan_);
}

void Planner::AddList(const std::vector<AttachConfig>& list, HookKind kind) {
  for (const AttachConfig& line : list) {
    const ObjectProgram* program = Find(line.function);
    if (program == nullptr) continue;
    const bool again = !listed_.insert(line.function).second;
    auto planned = std::find_if(plan_.begin(), plan_.end(),
                                [&](const PlannedProgram& other) {
                                  return other.function == line.function;
                                });
    if (planned == plan_.end() && !again) {
      planned =
          plan_.insert(planned, {line.function, program->section, kind, {}});
    }
    if (planned == plan_.end() || planned->kind != kind) {
      Fail(line.function, "not_supported",
           absl::StrCat("cannot attach to \"", line.target,
                        "\": the function is in a list of another kind too; "
                        "make it two functions"));
      continue;
    }
    planned->targets.push_back(line.target);
  }
}

void Planner::RefuseList(const std::vector<AttachConfig>& list,
                         std::string_view name) {
  for (const AttachConfig& line : list) {
    if (Find(line.function) == nullptr) continue;
    listed_.insert(line.function);
    Fail(
        line.function, "not_supported",
        absl::StrCat("cannot attach to \"", line.target, "\": the list `", name,
                     "` is not supported yet; name the hook in the object, "
                     "such as SEC(\"kprobe/...\")"));
  }
}

// A section without a type that libbpf knows cannot even be loaded, and these
// need a caller of their own: network interfaces, perf events.
bool Attachable(const ObjectProgram& program) {
  return program.type != "unspec" && program.type != "perf_event" &&
         program.type != "xdp" && program.type != "syscall";
}

void Planner::AddSections() {
  for (const ObjectProgram& program : object_.programs) {
    if (program.optional || listed_.contains(program.function)) continue;
    if (!Attachable(program)) {
      Fail(program.function, "not_supported",
           absl::StrCat("section \"", program.section,
                        "\" names no hook that can be attached here"));
      continue;
    }
    plan_.push_back(
        {program.function, program.section, HookKind::kSection, {}});
  }
}

const ObjectProgram* Planner::Find(std::string_view function) {
  std::vector<std::string> names;
  for (const ObjectProgram& program : object_.programs) {
    if (program.function == function) return &program;
    names.push_back(program.function);
  }
  Fail(function, "missing_function",
       absl::StrCat("object \"", object_name_, "\" has no function ", function,
                    names.empty() ? "" : "; it has ",
                    absl::StrJoin(names, ", ")));
  return nullptr;
}

void Planner::Fail(std::string_view function, std::string_view reason,
                   std::string detail) {
  failures_.Add(function, {std::string(reason), std::move(detail)});
}

}  // namespace

AttachPlan PlanAttachments(const ProgramConfig& config,
                           const ObjectShape& object,
                           std::string_view object_name, Failures& failures) {
  return Planner(config, object, object_name, failures).Plan();
}

}  // namespace ebpf_exporter
