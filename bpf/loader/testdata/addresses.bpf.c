// Counts by the instruction pointer of a kprobe, which lists attach.
#include "bpf/loader/testdata/calls.bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 64);
  __type(key, __u64);
  __type(value, __u64);
} addresses SEC(".maps");

SEC("?mine/address")
int count_address(const __u64* registers) {
  // ip of the kernel's struct pt_regs, on x86, is behind the probe's one byte.
  __u64 address = registers[16] - 1;
  __u64 one = 1;
  __u64* count = bpf_map_lookup_elem(&addresses, &address);

  if (count) {
    __sync_fetch_and_add(count, 1);
  } else {
    bpf_map_update_elem(&addresses, &address, &one, BPF_ANY);
  }
  return 0;
}
