// The command line: subcommands and their flags.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMMAND_LINE_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMMAND_LINE_H_

namespace ebpf_exporter {

// Runs the subcommand. The exit code: 0, 1 (an error), 3 (the budget is broken,
// or `compare --fail` found something dearer), 4 (the budget is open).
int RunCommandLine(int argc, char** argv);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_COMMAND_LINE_H_
