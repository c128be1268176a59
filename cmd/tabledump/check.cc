#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cmd/tabledump/commands.h"
#include "cmd/tabledump/exit_code.h"
#include "cmd/tabledump/files.h"
#include "cmd/tabledump/offline_config.h"
#include "cmd/tabledump/safe_text.h"
#include "cmd/tabledump/say.h"
#include "core/plan/plan.h"

namespace ebpf_exporter {
namespace {

// Adds what is wrong with a program over its object. Without an object there is
// nothing to hold the labels against, and nothing is wrong.
void CheckProgram(const OfflineConfig& config, const ProgramConfig& program,
                  const std::string& object, Findings& findings) {
  if (program.refused) return;
  if (object.empty() && program.object.empty()) return;
  const absl::StatusOr<std::vector<MapShape>> maps =
      ReadObjectMaps(object.empty() ? ObjectPath(config, program) : object);
  if (!maps.ok()) {
    findings.push_back({.severity = Severity::kError,
                        .file = config.file,
                        .mark = program.object_mark,
                        .program = program.name,
                        .message = std::string(maps.status().message())});
    return;
  }
  Findings more = PlanMetrics(program, *maps, {}, config.file).findings;
  findings.insert(findings.end(), more.begin(), more.end());
}

size_t CountOf(const Findings& findings, Severity severity) {
  size_t count = 0;
  for (const Finding& finding : findings) count += finding.severity == severity;
  return count;
}

absl::StatusOr<Findings> FindAll(const CheckFlags& flags) {
  absl::StatusOr<OfflineConfig> config = ReadOfflineConfig(flags.config_file);
  if (!config.ok()) return config.status();
  Findings findings = std::move(config->findings);
  if (!config->readable) return findings;
  for (const ProgramConfig& program : config->config.programs) {
    CheckProgram(*config, program, flags.object, findings);
  }
  return findings;
}

}  // namespace

int Check(const CheckFlags& flags) {
  const absl::StatusOr<Findings> findings = FindAll(flags);
  if (!findings.ok()) {
    SayError(findings.status());
    return kUnreadable;
  }
  const std::unique_ptr<Output> output = Output::Stdout();
  for (const Finding& finding : *findings) {
    output->Write(
        SafeText(absl::StrCat(ToString(finding), "\n"), Lines::kKept));
  }
  const absl::Status written = output->Close();
  if (!written.ok()) {
    SayError(written);
    return kUnreadable;
  }
  const size_t errors = CountOf(*findings, Severity::kError);
  const size_t warnings = CountOf(*findings, Severity::kWarning);
  SayLine(absl::StrCat(errors, " errors, ", warnings, " warnings"));
  return errors > 0 || (flags.strict && warnings > 0) ? kHasFindings : kFine;
}

}  // namespace ebpf_exporter
