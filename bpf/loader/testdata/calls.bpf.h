// What the test objects share: a map that counts system calls by process and
// number, so that a test can predict its own line of it.

#ifndef EBPF_EXPORTER_BPF_LOADER_TESTDATA_CALLS_BPF_H_
#define EBPF_EXPORTER_BPF_LOADER_TESTDATA_CALLS_BPF_H_

#include "bpf/include/base.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

struct call_key {
  __u32 process;
  __u32 number;
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 10240);
  __type(key, struct call_key);
  __type(value, __u64);
} calls SEC(".maps");

static __always_inline void count_call(__u32 number) {
  struct call_key key = {
      .process = bpf_get_current_pid_tgid() >> 32,
      .number = number,
  };
  __u64 zero = 0;
  __u64* count;

  bpf_map_update_elem(&calls, &key, &zero, BPF_NOEXIST);
  count = bpf_map_lookup_elem(&calls, &key);
  if (count) __sync_fetch_and_add(count, 1);
}

char LICENSE[] SEC("license") = "GPL";

#endif  // EBPF_EXPORTER_BPF_LOADER_TESTDATA_CALLS_BPF_H_
