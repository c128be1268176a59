#include "bpf/loader/loader.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/describe_maps.h"
#include "bpf/loader/kaddrs.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/object.h"

namespace ebpf_exporter {
namespace {

// What a LoadedConfig owns. Links go first: they are declared last.
struct InKernel {
  ObjectPtr object;
  std::mutex mutex;  // guards what follows
  Attachments attachments;
};

void Detach(InKernel& kernel) {
  {
    const std::lock_guard lock(kernel.mutex);
    kernel.attachments = Attachments();
  }
  // A program may still run where it was called before. This call waits, for
  // the kernel's RCU, until none does. Kernels with isolated CPUs (nohz_full)
  // refuse it: a pause is then much longer than any program runs.
  if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0) {
    usleep(100'000);
  }
}

// `missing_kaddr`, or `permission` where the kernel hides its addresses.
std::string ReasonOf(const absl::Status& status) {
  return absl::IsPermissionDenied(status) ? "permission" : "missing_kaddr";
}

const MapShape* FindMap(const ObjectShape& object, std::string_view name) {
  for (const MapShape& map : object.maps) {
    if (map.name == name) return &map;
  }
  return nullptr;
}

// Maps that metrics name and the object lacks.
std::optional<Problem> MissingMaps(const ProgramConfig& program,
                                   const ObjectShape& object,
                                   std::string_view object_name) {
  std::vector<std::string> missing;
  for (const MetricConfig& metric : program.metrics) {
    const std::string& map =
        metric.perf_map.empty() ? metric.table : metric.perf_map;
    if (FindMap(object, map) != nullptr) continue;
    missing.push_back(
        absl::StrCat("metric \"", metric.name, "\" names map \"", map, "\""));
  }
  if (missing.empty()) return std::nullopt;
  const std::string names = absl::StrJoin(
      object.maps, ", ", [](std::string* out, const MapShape& map) {
        absl::StrAppend(out, map.name);
      });
  return Problem{
      "missing_map",
      absl::StrCat(absl::StrJoin(missing, ", "), ", but object \"", object_name,
                   "\" has ", names.empty() ? "no maps" : "only ", names)};
}

Problem NothingAttached(const Failures& failures,
                        std::string_view object_name) {
  std::string detail =
      absl::StrCat("no function of object \"", object_name, "\" is attached");
  const std::vector<LoadFailure>& list = failures.list();
  if (!list.empty()) {
    absl::StrAppend(&detail, ": ", list[0].function, ": ", list[0].detail);
  }
  if (list.size() > 1) {
    absl::StrAppend(&detail, " (and ", list.size() - 1, " more)");
  }
  return {"nothing_attached", detail};
}

// Notes the problem, if there is one.
bool Fails(std::string_view function, std::optional<Problem> problem,
           Failures& failures) {
  if (!problem.has_value()) return false;
  failures.Add(function, *std::move(problem));
  return true;
}

LoadedProgram DescribeProgram(const bpf_program* program, bool attached) {
  LoadedProgram out;
  out.function = bpf_program__name(program);
  out.fd = bpf_program__fd(program);
  out.attached = attached;
  bpf_prog_info info = {};
  uint32_t size = sizeof(info);
  if (bpf_obj_get_info_by_fd(out.fd, &info, &size) == 0) {
    out.id = info.id;
    out.tag = absl::BytesToHexString(std::string_view(
        reinterpret_cast<const char*>(info.tag), sizeof(info.tag)));
  }
  return out;
}

LoadedConfig Describe(std::string name, const ObjectShape& shape,
                      ObjectPtr object, Attachments attachments) {
  LoadedConfig out;
  out.name = std::move(name);
  bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(object.get(), program)) !=
         nullptr) {
    if (bpf_program__fd(program) < 0) continue;  // not loaded
    out.programs.push_back(DescribeProgram(
        program, attachments.functions.contains(bpf_program__name(program))));
  }
  out.maps = DescribeMaps(*object, shape);
  const auto kernel = std::make_shared<InKernel>();
  kernel->object = std::move(object);
  const bool follows =
      !attachments.perf_events.empty() || !attachments.iterators.empty();
  kernel->attachments = std::move(attachments);
  out.kernel = kernel;
  if (follows) {
    out.before_walk = [weak = std::weak_ptr<InKernel>(kernel)] {
      const auto alive = weak.lock();
      if (alive == nullptr) return absl::OkStatus();
      const std::lock_guard lock(alive->mutex);
      return BeforeWalk(alive->attachments);
    };
  }
  out.detach = [weak = std::weak_ptr<InKernel>(kernel)] {
    if (const auto alive = weak.lock()) Detach(*alive);
  };
  return out;
}

}  // namespace

Loader::Loader(LoaderOptions options)
    : options_(std::move(options)), hooks_(options_.kernel) {}

LoadResult Loader::Load(const ProgramConfig& program,
                        std::span<const std::byte> object,
                        std::string_view object_name) {
  Failures failures(program.name);
  LoadResult result;
  result.config = LoadOrFail(program, object, object_name, failures);
  result.failures = failures.list();
  return result;
}

std::optional<LoadedConfig> Loader::LoadOrFail(
    const ProgramConfig& program, std::span<const std::byte> object,
    std::string_view object_name, Failures& failures) {
  absl::StatusOr<ObjectShape> shape = ReadObject(object, object_name);
  if (!shape.ok()) {
    failures.Add("", {"bad_object", std::string(shape.status().message())});
    return std::nullopt;
  }
  if (auto missing = MissingMaps(program, *shape, object_name)) {
    failures.Add("", *std::move(missing));
    return std::nullopt;
  }
  AttachPlan plan = PlanAttachments(program, *shape, object_name, failures);
  DropUnhooked(*shape, plan, failures);
  return LoadPlan(program, {object, object_name}, *shape, plan, failures);
}

std::optional<LoadedConfig> Loader::LoadPlan(const ProgramConfig& program,
                                             const ObjectFile& file,
                                             const ObjectShape& shape,
                                             const AttachPlan& plan,
                                             Failures& failures) {
  absl::StatusOr<Constants> constants = FindKaddrs(program);
  if (!constants.ok()) {
    failures.Add("", {ReasonOf(constants.status()),
                      std::string(constants.status().message())});
    return std::nullopt;
  }
  Alternatives alternatives(program.one_of);
  Attachments attachments;
  KernelLoad load =
      LoadChoices(file, *constants, plan, alternatives, attachments, failures);
  alternatives.Settle(failures);
  if (load.refused.has_value()) {
    if (load.refused->reason == "load" && !hooks_.HasTypes()) {
      load.refused = hooks_.NoTypes();
    }
    failures.Add("", *std::move(load.refused));
    return std::nullopt;
  }
  if (attachments.empty()) {
    failures.Add("", NothingAttached(failures, file.name));
    return std::nullopt;
  }
  LoadedConfig loaded = Describe(program.name, shape, std::move(load.object),
                                 std::move(attachments));
  loaded.alternatives = alternatives.List();
  return loaded;
}

KernelLoad Loader::LoadChoices(const ObjectFile& file,
                               const Constants& constants,
                               const AttachPlan& plan,
                               Alternatives& alternatives,
                               Attachments& attachments, Failures& failures) {
  const auto planned = [&plan](std::string_view function) {
    return std::ranges::find(plan, function, &PlannedProgram::function) !=
           plan.end();
  };
  const auto attached = [&attachments](std::string_view function) {
    return attachments.functions.contains(function);
  };
  while (alternatives.RuleOut(planned)) {
  }
  for (;;) {
    AttachPlan chosen = alternatives.Choose(plan);
    KernelLoad load =
        LoadPlanned(file, {options_.btf_path}, constants, chosen, failures);
    if (load.refused.has_value()) return load;
    if (load.object != nullptr) {
      attachments = AttachPlanned(*load.object, chosen,
                                  options_.kernel.online_cpus, failures);
    }
    if (!alternatives.RuleOut(attached)) return load;
    attachments = Attachments();
  }
}

absl::StatusOr<Constants> Loader::FindKaddrs(const ProgramConfig& program) {
  if (program.kaddrs.empty()) return Constants();
  if (symbols_.empty()) symbols_ = ReadFile(options_.kernel.kallsyms);
  return ResolveKaddrs(program.kaddrs, symbols_);
}

void Loader::DropUnhooked(const ObjectShape& shape, AttachPlan& plan,
                          Failures& failures) {
  std::erase_if(plan, [&](PlannedProgram& program) {
    if (program.targets.empty()) {
      return Fails(program.function, CheckSection(shape, program), failures);
    }
    std::erase_if(program.targets, [&](const std::string& target) {
      return Fails(program.function, hooks_.CheckTarget(program.kind, target),
                   failures);
    });
    return program.targets.empty();
  });
}

std::optional<Problem> Loader::CheckSection(const ObjectShape& shape,
                                            const PlannedProgram& program) {
  const auto described = std::ranges::find(shape.programs, program.function,
                                           &ObjectProgram::function);
  return hooks_.CheckSection(program.section, described->expected);
}

}  // namespace ebpf_exporter
