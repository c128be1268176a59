// One healthy program among all kinds of bad ones.
#include "bpf/loader/testdata/calls.bpf.h"

TYPED_TP_BTF(sys_enter, healthy, struct pt_regs* regs, long number) {
  count_call(number);
  return 0;
}

SEC("raw_tp/sys_enter")
int rejected(void* context) {
  struct call_key key = {};
  __u64* count = bpf_map_lookup_elem(&calls, &key);

  *count += 1;  // may be NULL
  return 0;
}

SEC("raw_tp/sys_enter")
int rejected_too(void* context) {
  return *(volatile int*)(long)bpf_get_prandom_u32();
}

SEC("tp_btf/no_such_tracepoint")
int no_such_hook(void* context) { return 0; }

SEC("fentry/no_such_function")
int no_such_function(void* context) { return 0; }

TYPED_TP_BTF(sched_wakeup, wrong_type, struct request* request) { return 0; }

SEC("?raw_tp/sys_exit")
int optional(void* context) {
  count_call(1000000);
  return 0;
}

SEC("nothing/known")
int unknown_section(void* context) { return 0; }
