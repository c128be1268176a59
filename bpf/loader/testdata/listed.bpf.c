// Functions that a configuration's lists attach, whatever their sections say.
#include "bpf/loader/testdata/calls.bpf.h"

SEC("mine/tracepoint")
int on_tracepoint(void* context) {
  count_call(1000001);
  return 0;
}

SEC("kprobe/do_nothing")
int on_raw_tracepoint(void* context) {
  count_call(1000002);
  return 0;
}

SEC("?kprobe/do_nothing")
int on_kprobe(void* context) { return 0; }
