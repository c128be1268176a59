// Ctrl-C, and SIGTERM, as something to ask for: whoever measures stops after
// what is under way, and a report is made of what there is. A second one ends
// the process at once. Either way nothing stays behind: programs and the run
// statistics belong to descriptors of this process.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_INTERRUPT_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_INTERRUPT_H_

namespace ebpf_exporter {

// Call it before there are threads.
void CatchInterrupts();

bool Interrupted();

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_INTERRUPT_H_
