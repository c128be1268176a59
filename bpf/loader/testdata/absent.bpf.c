// Nothing but a hook that no kernel has.
#include "bpf/loader/testdata/calls.bpf.h"

SEC("tp_btf/no_such_tracepoint")
int nowhere(void* context) {
  count_call(0);
  return 0;
}
