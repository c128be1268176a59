#include "bpf/loader/fentry_support.h"

#include <linux/bpf.h>

#include <array>

#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/libbpf.h"

namespace ebpf_exporter {
namespace {

bool TryFentry() {
  const int function =
      libbpf_find_vmlinux_btf_id("bpf_fentry_test1", BPF_TRACE_FENTRY);
  if (function <= 0) return false;
  std::array<bpf_insn, 2> nothing = {};
  nothing[0].code = BPF_ALU64 | BPF_MOV | BPF_K;  // r0 = 0
  nothing[1].code = BPF_JMP | BPF_EXIT;
  bpf_prog_load_opts how = {};
  how.sz = sizeof(how);
  how.expected_attach_type = BPF_TRACE_FENTRY;
  how.attach_btf_id = static_cast<uint32_t>(function);
  const FileDescriptor program(
      bpf_prog_load(BPF_PROG_TYPE_TRACING, "try_fentry", "GPL", nothing.data(),
                    nothing.size(), &how));
  if (!program.valid()) return false;
  // In this form kernels before 5.18 know it too.
  const FileDescriptor link(bpf_raw_tracepoint_open(nullptr, program.get()));
  return link.valid();
}

}  // namespace

bool KernelAttachesFentry() {
  static const bool attaches = TryFentry();
  return attaches;
}

}  // namespace ebpf_exporter
