#include "bpf/loader/attach_plan.h"

#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bpf/loader/perf_event_spec.h"

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
  std::vector<AttachConfig> PerfEventLines() const;
  void FindAlternatives();
  void AddSections();
  const ObjectProgram* Find(std::string_view function);
  // Plans the function that is written for the line's hook, if there is one.
  bool AddTyped(const AttachConfig& line, HookKind kind);
  void Fail(std::string_view function, std::string_view reason,
            std::string detail);

  const ProgramConfig& config_;
  const ObjectShape& object_;
  const std::string_view object_name_;
  Failures& failures_;
  AttachPlan plan_;
  std::set<std::string, std::less<>> listed_;
  std::set<std::string, std::less<>> alternatives_;
};

AttachPlan Planner::Plan() && {
  AddList(config_.kprobes, HookKind::kKprobe);
  AddList(config_.kretprobes, HookKind::kKretprobe);
  AddList(config_.tracepoints, HookKind::kTracepoint);
  AddList(config_.raw_tracepoints, HookKind::kRawTracepoint);
  AddList(PerfEventLines(), HookKind::kPerfEvent);
  FindAlternatives();
  AddSections();
  return std::move(plan_);
}

std::vector<AttachConfig> Planner::PerfEventLines() const {
  std::vector<AttachConfig> lines;
  for (const PerfEventConfig& event : config_.perf_events) {
    const PerfEventSpec spec = {
        .type = static_cast<uint32_t>(event.type),
        .config = static_cast<uint64_t>(event.name),
        .period = static_cast<uint64_t>(event.sample_period),
        .frequency = static_cast<uint64_t>(event.sample_frequency)};
    lines.push_back({ToString(spec), event.target, event.mark});
  }
  return lines;
}

void Planner::AddList(const std::vector<AttachConfig>& list, HookKind kind) {
  for (const AttachConfig& line : list) {
    if (AddTyped(line, kind)) continue;
    const ObjectProgram* program = Find(line.function);
    if (program == nullptr) continue;
    listed_.insert(line.function);
    PlannedProgram* planned = nullptr;
    bool fits = true;
    for (PlannedProgram& other : plan_) {
      if (other.function != line.function) continue;
      fits = SameProgramType(other.kind, kind);
      if (other.kind == kind) planned = &other;
    }
    if (!fits) {
      Fail(line.function, "not_supported",
           absl::StrCat("cannot attach to \"", line.target,
                        "\": the function is in a list of another kind too; "
                        "make it two functions"));
      continue;
    }
    if (planned == nullptr) {
      plan_.push_back({line.function, program->section, kind, {}});
      planned = &plan_.back();
    }
    planned->targets.push_back(line.target);
  }
}

bool Planner::AddTyped(const AttachConfig& line, HookKind kind) {
  for (const ObjectProgram& program : object_.programs) {
    if (!IsTypedFor(line, kind, program)) continue;
    listed_.insert(program.function);
    plan_.push_back(
        {program.function, program.section, HookKind::kSection, {}});
    return true;
  }
  return false;
}

// What to write instead, for sections that leave out where.
std::string_view SectionMend(std::string_view section) {
  if (absl::StartsWith(section, "xdp")) {
    return "; name the interfaces, as in SEC(\"xdp/eth0\")";
  }
  if (absl::StartsWith(section, "tc")) {
    return "; name the way and the interfaces, as in "
           "SEC(\"tcx/ingress/eth0\")";
  }
  if (absl::StartsWith(section, "perf_event")) {
    return "; name the event, as in "
           "SEC(\"perf_event/type=1,config=0,frequency=99\")";
  }
  return "";
}

void Planner::FindAlternatives() {
  for (const OneOfConfig& group : config_.one_of) {
    for (const std::vector<std::string>& choice : group.choices) {
      for (const std::string& function : choice) {
        if (Find(function) != nullptr) alternatives_.insert(function);
      }
    }
  }
}

void Planner::AddSections() {
  for (const ObjectProgram& program : object_.programs) {
    if (listed_.contains(program.function)) continue;
    if (program.optional && !alternatives_.contains(program.function)) continue;
    SectionHook hook = HookOfSection(program.section);
    // A section without a type that libbpf knows cannot even be loaded, and
    // these need to be told where.
    const bool by_libbpf = program.type != "unspec" &&
                           program.type != "perf_event" &&
                           program.type != "xdp" && program.type != "syscall";
    const bool by_us =
        hook.kind == HookKind::kIterator ||
        (hook.kind != HookKind::kSection && !hook.targets.empty());
    if (!by_us && (hook.kind != HookKind::kSection || !by_libbpf)) {
      Fail(program.function, "not_supported",
           absl::StrCat("section \"", program.section,
                        "\" names no hook that can be attached here",
                        SectionMend(program.section)));
      continue;
    }
    plan_.push_back({program.function, program.section, hook.kind,
                     std::move(hook.targets)});
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

bool IsTypedFor(const AttachConfig& line, HookKind kind,
                const ObjectProgram& program) {
  const std::string_view typed = kind == HookKind::kKprobe          ? "fentry/"
                                 : kind == HookKind::kKretprobe     ? "fexit/"
                                 : kind == HookKind::kRawTracepoint ? "tp_btf/"
                                                                    : "";
  if (typed.empty() || program.section != absl::StrCat(typed, line.target)) {
    return false;
  }
  return program.function == line.function ||
         absl::StartsWith(program.function, line.function + "__");
}

std::set<std::string> TypedFunctions(const ProgramConfig& config,
                                     const ObjectShape& object) {
  std::set<std::string> functions;
  const auto add = [&](const std::vector<AttachConfig>& list, HookKind kind) {
    for (const AttachConfig& line : list) {
      for (const ObjectProgram& program : object.programs) {
        if (IsTypedFor(line, kind, program)) functions.insert(program.function);
      }
    }
  };
  add(config.kprobes, HookKind::kKprobe);
  add(config.kretprobes, HookKind::kKretprobe);
  add(config.raw_tracepoints, HookKind::kRawTracepoint);
  return functions;
}

AttachPlan PlanAttachments(const ProgramConfig& config,
                           const ObjectShape& object,
                           std::string_view object_name, Failures& failures) {
  return Planner(config, object, object_name, failures).Plan();
}

}  // namespace ebpf_exporter
