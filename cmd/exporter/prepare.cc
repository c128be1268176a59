#include "cmd/exporter/prepare.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "bpf/loader/attach_plan.h"
#include "bpf/loader/object.h"
#include "cmd/exporter/code_findings.h"
#include "core/config/families.h"
#include "core/config/read_config.h"

namespace ebpf_exporter {
namespace {

const Finding* FirstError(const Findings& findings,
                          const std::string& program) {
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::kError && finding.program == program) {
      return &finding;
    }
  }
  return nullptr;
}

// Prepares the programs of one file.
class Preparer {
 public:
  Preparer(const ConfigSource& source, const Resolvers& resolvers,
           InlineCompiler& compiler, Prepared& result)
      : source_(source),
        resolvers_(resolvers),
        compiler_(compiler),
        result_(result) {}

  // `taken`: the metric names of the files before this one.
  void Run(const YamlOptions& yaml_options, FamilyNames& taken,
           std::set<std::string>& names) {
    ParsedConfig parsed = Read(yaml_options, taken);
    Append(std::move(parsed.findings));
    if (HasFileError(findings_)) {
      RefuseFile();
    } else {
      for (ProgramConfig& program : parsed.config.programs) {
        TakeName(program, names);
        PrepareProgram(std::move(program));
      }
    }
    result_.findings.insert(result_.findings.end(), findings_.begin(),
                            findings_.end());
  }

 private:
  ParsedConfig Read(const YamlOptions& yaml_options, FamilyNames& taken);
  // The file as a whole is wrong.
  void RefuseFile();
  // Refuses a program whose name one of another file has.
  void TakeName(ProgramConfig& program, std::set<std::string>& names);
  void PrepareProgram(ProgramConfig program);
  // Reads the object into `prepared` and plans its metrics, or finds errors.
  void ReadAndPlan(PreparedProgram& prepared);
  // The same for the object that code becomes.
  void CompileAndPlan(PreparedProgram& prepared);
  // The object's shape, or nothing and findings.
  std::optional<ObjectShape> PlanObject(PreparedProgram& prepared,
                                        const std::string& name);
  void Append(Findings more) {
    findings_.insert(findings_.end(), more.begin(), more.end());
  }
  void ObjectError(const ProgramConfig& program, const absl::Status& status) {
    findings_.push_back({.severity = Severity::kError,
                         .file = source_.file,
                         .mark = program.object_mark,
                         .program = program.name,
                         .message = std::string(status.message())});
  }

  const ConfigSource& source_;
  const Resolvers& resolvers_;
  InlineCompiler& compiler_;
  Prepared& result_;
  Findings findings_;
};

ParsedConfig Preparer::Read(const YamlOptions& yaml_options,
                            FamilyNames& taken) {
  if (source_.unreadable.ok()) {
    return ReadConfig(source_.text, source_.file,
                      {.yaml = yaml_options, .validate = {}}, taken);
  }
  ParsedConfig parsed;
  parsed.findings.push_back(
      {.severity = Severity::kError,
       .file = source_.file,
       .mark = {},
       .program = "",
       .message = std::string(source_.unreadable.message())});
  return parsed;
}

void Preparer::RefuseFile() {
  if (source_.name.empty()) {
    result_.readable = false;
    return;
  }
  const Finding* error = FirstError(findings_, "");
  result_.refused.push_back({.config = source_.name,
                             .function = "",
                             .reason = "config",
                             .detail = error == nullptr ? "" : error->message});
}

void Preparer::TakeName(ProgramConfig& program, std::set<std::string>& names) {
  if (names.insert(program.name).second || program.refused) return;
  program.refused = true;
  findings_.push_back(
      {.severity = Severity::kError,
       .file = source_.file,
       .mark = program.mark,
       .program = program.name,
       .message = absl::StrCat("program \"", program.name,
                               "\": the name is taken by a file before this "
                               "one; rename one")});
}

void Preparer::PrepareProgram(ProgramConfig program) {
  PreparedProgram prepared{.program = std::move(program)};
  std::string reason = "config";
  bool good = !prepared.program.refused;
  if (good) {
    reason = "object";
    const size_t before = findings_.size();
    ReadAndPlan(prepared);
    good = !HasError(
        {findings_.begin() + static_cast<ptrdiff_t>(before), findings_.end()});
  }
  const std::string name = prepared.program.name;
  if (good) {
    result_.programs.push_back(std::move(prepared));
    return;
  }
  const Finding* error = FirstError(findings_, name);
  result_.refused.push_back({.config = name,
                             .function = "",
                             .reason = reason,
                             .detail = error == nullptr ? "" : error->message});
}

void Preparer::ReadAndPlan(PreparedProgram& prepared) {
  const ProgramConfig& program = prepared.program;
  if (!program.code.empty()) return CompileAndPlan(prepared);
  absl::StatusOr<std::string> object = source_.read_object(program.object);
  if (!object.ok()) return ObjectError(program, object.status());
  prepared.object = *std::move(object);
  PlanObject(prepared, program.object);
}

void Preparer::CompileAndPlan(PreparedProgram& prepared) {
  ProgramConfig& program = prepared.program;
  Findings missing = MissingFunctions(program, source_.file);
  if (!missing.empty()) return Append(std::move(missing));
  InlineObject compiled = compiler_.Compile(program);
  for (const CodeFinding& finding : compiled.findings) {
    findings_.push_back(FindingOf(finding, program, source_.file));
  }
  if (!compiled.findings.empty()) return;
  prepared.object = std::move(compiled.object);
  // What messages call it.
  program.object = absl::StrCat("code of ", program.name);
  const auto shape = PlanObject(prepared, program.object);
  if (!shape) return;
  prepared.typed = TypedFunctions(program, *shape);
  if (prepared.typed.empty()) return;
  prepared.compile_plain = [&compiler = compiler_, program] {
    return compiler.CompilePlain(program);
  };
}

std::optional<ObjectShape> Preparer::PlanObject(PreparedProgram& prepared,
                                                const std::string& name) {
  const ProgramConfig& program = prepared.program;
  absl::StatusOr<ObjectShape> shape =
      ReadObject(std::as_bytes(std::span(prepared.object)), name);
  if (!shape.ok()) {
    ObjectError(program, shape.status());
    return std::nullopt;
  }
  PlanResult plan = PlanMetrics(program, shape->maps, resolvers_, source_.file);
  prepared.metrics = std::move(plan.metrics);
  Append(std::move(plan.findings));
  return *std::move(shape);
}

}  // namespace

Prepared Prepare(std::span<const ConfigSource> sources,
                 const YamlOptions& yaml_options, const Resolvers& resolvers,
                 InlineCompiler& compiler) {
  Prepared result;
  FamilyNames taken;
  std::set<std::string> names;
  for (const ConfigSource& source : sources) {
    Preparer(source, resolvers, compiler, result)
        .Run(yaml_options, taken, names);
  }
  return result;
}

}  // namespace ebpf_exporter
