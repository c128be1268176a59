// SPDX-License-Identifier: GPL-2.0
// Maps alone, for their types: a key with a hole, slots in a value, a number of
// either sign among others, and a name longer than the kernel keeps.

typedef unsigned char __u8;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef long long __s64;

#define BPF_MAP_TYPE_HASH 1
#define BPF_MAP_TYPE_PERCPU_HASH 5
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, number) int(*name)[number]
#define __type(name, type) typeof(type) *name

struct disk_key {
  char disk[32];
  __u8 op; /* 7 bytes of hole follow */
  __u64 slot;
};

struct call_key {
  char comm[16];
  __u64 where;
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, struct disk_key);
  __type(value, __u64);
} disk_latency SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, 64);
  __type(key, struct call_key);
  __type(value, __u64);
} calls_with_a_long_name SEC(".maps");

struct wait_value {
  __s64 balance;
  __u32 slots[5];
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, struct wait_value);
} waits SEC(".maps");

char LICENSE[] SEC("license") = "GPL";
