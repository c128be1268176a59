#include "cmd/exporter/report.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/log.h"

namespace ebpf_exporter {
namespace {

size_t CountOf(const Findings& findings, Severity severity) {
  return static_cast<size_t>(std::count_if(
      findings.begin(), findings.end(), [severity](const Finding& finding) {
        return finding.severity == severity;
      }));
}

}  // namespace

void PrintFindings(const Findings& findings) {
  for (const Finding& finding : findings) {
    std::fprintf(stderr, "%s\n", ToString(finding).c_str());
  }
}

int CheckResult(const Prepared& prepared, bool strict) {
  const size_t errors = CountOf(prepared.findings, Severity::kError);
  const size_t warnings = CountOf(prepared.findings, Severity::kWarning);
  std::fprintf(stderr, "%zu programs are good; %zu errors, %zu warnings\n",
               prepared.programs.size(), errors, warnings);
  return errors > 0 || (strict && warnings > 0) ? 1 : 0;
}

bool MayStart(const Prepared& prepared, bool strict) {
  if (!prepared.readable) {
    LogError("the configuration cannot be used; see the errors above");
    return false;
  }
  if (strict && !prepared.findings.empty()) {
    LogError("--config.strict: there are findings in the configuration, above");
    return false;
  }
  if (prepared.programs.empty()) {
    LogError("no program of the configuration can be used");
    return false;
  }
  return true;
}

bool ReportStart(Exporter& exporter, bool strict) {
  for (const LoadFailure& failure : exporter.failures()) {
    LogWarn(failure.function.empty() ? "a program is refused"
                                     : "a function is not at work",
            {{"config", failure.config},
             {"function", failure.function},
             {"reason", failure.reason},
             {"detail", failure.detail}});
  }
  const LiveConfigs& live = exporter.scraper().configs();
  size_t functions = 0;
  size_t metrics = 0;
  for (const auto& config : live) {
    functions += config->loaded().programs.size();
    metrics += config->metrics().size();
  }
  LogInfo("started", {{"programs", live.size()},
                      {"functions", functions},
                      {"metrics", metrics},
                      {"failures", exporter.failures().size()}});
  if (live.empty()) {
    LogError("nothing is left to serve");
    return false;
  }
  if (strict && !exporter.failures().empty()) {
    LogError("--config.strict: not everything is at work, see above");
    return false;
  }
  return true;
}

}  // namespace ebpf_exporter
