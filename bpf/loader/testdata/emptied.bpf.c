// A function deletes from maps that it is given: which, its code does not say.
#include "bpf/loader/testdata/calls.bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u64);
  __type(value, __u64);
} emptied SEC(".maps"), emptied_too SEC(".maps");

static __noinline long remove(void* map, __u64 key) {
  return bpf_map_delete_elem(map, &key);
}

SEC("raw_tp/sys_enter")
int empty(void* context) {
  __u64 key = bpf_get_current_pid_tgid();

  count_call(0);
  return remove(&emptied, key) + remove(&emptied_too, key + 1);
}
