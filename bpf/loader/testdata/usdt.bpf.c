// A probe that the test binary declares. Written over the kernel's headers for
// user space, as libbpf's own usdt.bpf.h is.
// clang-format off
#include <stdbool.h>
#include <linux/types.h>
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>
// clang-format on

// By the probe's argument.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, __u32);
  __type(value, __u64);
} landings SEC(".maps");

SEC("usdt//proc/self/exe:attach_test:landed")
int on_usdt(struct pt_regs* context) {
  long argument = 0;
  __u32 key;
  __u64 one = 1;
  __u64* count;

  bpf_usdt_arg(context, 0, &argument);
  key = argument;
  count = bpf_map_lookup_elem(&landings, &key);
  if (count) {
    __sync_fetch_and_add(count, 1);
  } else {
    bpf_map_update_elem(&landings, &key, &one, BPF_ANY);
  }
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
