// A map that no kernel makes room for.
#include "bpf/include/base.bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 0xfffffff0);
  __type(key, __u64);
  __type(value, __u64[64]);
} huge SEC(".maps");

SEC("raw_tp/sys_enter")
int healthy(void* context) {
  __u64 key = 0;

  return bpf_map_lookup_elem(&huge, &key) != 0;
}

char LICENSE[] SEC("license") = "GPL";
