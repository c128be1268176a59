// Two programs that load everywhere: one typed, one raw.
#include "bpf/loader/testdata/calls.bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} exits SEC(".maps");

TYPED_TP_BTF(sys_enter, count_typed, struct pt_regs* regs, long number) {
  count_call(number);
  return 0;
}

SEC("raw_tp/sys_exit")
int count_exits(void* context) {
  __u32 index = 0;
  __u64* count = bpf_map_lookup_elem(&exits, &index);

  if (count) __sync_fetch_and_add(count, 1);
  return 0;
}
