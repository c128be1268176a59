// A map with texts wherever a key or value can have some, filled by tests.
#include "bpf/include/base.bpf.h"

struct text_key {
  char command[16];
  __u32 number;  // and a hole
  __u64 address;
  union {
    char path[16];
    __u32 inode;
  };
  struct {
    char name[8];
    __u32 port;
  } peers[2];
};

struct text_value {
  char last[8];
  __u64 count;
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, 16);
  __type(key, struct text_key);
  __type(value, struct text_value);
} tabledump_texts SEC(".maps");

SEC("raw_tp/sys_enter")
int look(void* context) {
  struct text_key key = {};

  return bpf_map_lookup_elem(&tabledump_texts, &key) != 0;
}

char LICENSE[] SEC("license") = "GPL";
