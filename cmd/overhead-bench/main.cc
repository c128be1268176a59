// overhead-bench: what BPF programs cost on this host.

#include "cmd/overhead-bench/command_line.h"

int main(int argc, char** argv) {
  return ebpf_exporter::RunCommandLine(argc, argv);
}
