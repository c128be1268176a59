// Nothing of it can be loaded.
#include "bpf/loader/testdata/calls.bpf.h"

SEC("raw_tp/sys_enter")
int rejected(void* context) {
  return *(volatile int*)(long)bpf_get_prandom_u32();
}
