// Events of system calls through both kinds of buffers, and per-CPU maps.
#include "bpf/loader/testdata/calls.bpf.h"

struct {
  __uint(type, 4 /* perf event array */);
  __uint(key_size, sizeof(__u32));
  __uint(value_size, sizeof(__u32));
} perf_events SEC(".maps");

struct {
  __uint(type, 27 /* ring buffer */);
  __uint(max_entries, 1 << 18);
} ring_events SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} calls_by_cpu SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
} slots_by_cpu SEC(".maps");

struct pair {
  __u64 first;
  __u64 second;
};

// Nobody fills it.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, struct pair);
} pairs SEC(".maps");

// Filled by the exporter, by `cgroup_id_map:`.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
  __type(key, __u64);
  __type(value, __u64);
} cgroup_ids SEC(".maps");

static __always_inline void count_on_this_cpu(void) {
  __u32 zero = 0;
  __u64 one = 1;
  __u64* count = bpf_map_lookup_elem(&calls_by_cpu, &zero);

  if (count) *count += 1;
  count = bpf_map_lookup_elem(&slots_by_cpu, &zero);
  if (count) {
    *count += 1;
  } else {
    bpf_map_update_elem(&slots_by_cpu, &zero, &one, BPF_ANY);
  }
}

TYPED_TP_BTF(sys_enter, on_sys_enter, struct pt_regs* regs, long number) {
  struct call_key key = {
      .process = bpf_get_current_pid_tgid() >> 32,
      .number = number,
  };

  if (number != 110) return 0;  // getppid, on x86
  bpf_perf_event_output(ctx, &perf_events, 0xffffffff /* this CPU */, &key,
                        sizeof(key));
  bpf_ringbuf_output(&ring_events, &key, sizeof(key), 0);
  count_on_this_cpu();
  return 0;
}
