// The subcommands. Each returns an ExitCode, and has said on standard error why
// when it is not fine.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_COMMANDS_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_COMMANDS_H_

#include "cmd/tabledump/command_flags.h"

namespace ebpf_exporter {

int Decode(const DecodeFlags& flags);
int Layout(const LayoutFlags& flags);
int Explain(const ExplainFlags& flags);
int Check(const CheckFlags& flags);
int Diff(const DiffFlags& flags);
int Capture(const CaptureFlags& flags);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_COMMANDS_H_
