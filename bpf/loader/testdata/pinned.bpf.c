// A map that others can reach: it is pinned when it is made.
#include "bpf/loader/testdata/calls.bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __uint(pinning, LIBBPF_PIN_BY_NAME);
  __type(key, __u64);
  __type(value, __u64);
} pinned SEC(".maps");

SEC("raw_tp/sys_enter")
int count(void* context) {
  __u64 key = 0;

  count_call(0);
  bpf_map_lookup_elem(&pinned, &key);
  return 0;
}
