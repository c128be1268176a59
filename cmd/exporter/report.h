// What the exporter tells a person at start: every finding in the
// configuration, everything that is not at work, and whether it goes on in
// spite of it.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_REPORT_H_
#define EBPF_EXPORTER_CMD_EXPORTER_REPORT_H_

#include "cmd/exporter/exporter.h"
#include "cmd/exporter/prepare.h"
#include "core/config/finding.h"

namespace ebpf_exporter {

// To stderr as compilers do, `file:line:column: error: ...`, since pictures of
// structs want their lines.
void PrintFindings(const Findings& findings);

// Says how the check ended; the exit code of --config.check.
int CheckResult(const Prepared& prepared, bool strict);

// False, with a reason in the log, if there is no use in loading anything.
bool MayStart(const Prepared& prepared, bool strict);

// Logs what is at work and, a line each, what is not; false if nothing is, or
// if something is not and `strict` is set.
bool ReportStart(Exporter& exporter, bool strict);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_REPORT_H_
