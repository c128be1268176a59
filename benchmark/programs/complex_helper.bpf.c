// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A counter by process, a random number and command: a large key, and many.
#include "benchmark/programs/event.bpf.h"
#include "bpf/include/count.bpf.h"

struct complex_key {
  __u64 process;
  __u64 random;
  char command[16];
};

struct {
  __uint(type, MAP_TYPE);
  __uint(max_entries, ENTRIES);
  __type(key, struct complex_key);
  __type(value, __u64);
} counts SEC(".maps");

static __always_inline void on_call(__u32 number) {
  struct complex_key key = {
      .process = bpf_get_current_pid_tgid(),
      .random = bpf_get_prandom_u32() % 1024,
  };

  bpf_get_current_comm(key.command, sizeof(key.command));
  count_in_hash(&counts, &key, 1);
}
