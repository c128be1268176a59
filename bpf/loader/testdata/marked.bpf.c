// Runs once, when the exporter has attached everything.
#include "bpf/loader/testdata/calls.bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} marks SEC(".maps");

SEC("uprobe//proc/self/exe:post_attach_mark")
int on_mark(void* context) {
  __u32 zero = 0;
  __u64* count = bpf_map_lookup_elem(&marks, &zero);

  if (count) __sync_fetch_and_add(count, 1);
  return 0;
}
