// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// Copies the entries of a hash map into memory that the exporter shares with
// the kernel. EntryCopier gives the maps their sizes, and runs it.

#include "bpf/include/base.bpf.h"

// The sizes of an entry, and how many are in a block as a power of two. They
// are known when the program is loaded: nothing is decided for each entry.
const volatile __u64 key_size;
const volatile __u64 value_size;
const volatile __u64 block_bits;

// The map of the configuration.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __uint(key_size, 4);
  __uint(value_size, 8);
} source SEC(".maps");

// Blocks, which the exporter maps: keys, each directly behind the one before,
// and their values behind them.
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __uint(key_size, 4);
  __uint(value_size, 8);
} blocks SEC(".maps");

// Copied so far. Were it on the stack, the verifier would follow its values
// from one entry to the next and come to no end.
__u32 count;

static __always_inline void copy(char* to, const char* from, __u32 size) {
  __u32 done = 0;

  for (; done + 8 <= size; done += 8)
    *(__u64*)(to + done) = *(const __u64*)(from + done);
  if (size & 4) {
    *(__u32*)(to + done) = *(const __u32*)(from + done);
    done += 4;
  }
  if (size & 2) {
    *(__u16*)(to + done) = *(const __u16*)(from + done);
    done += 2;
  }
  if (size & 1) to[done] = from[done];
}

// Where a thing of that size is among its likes. It is within their block, but
// kernels up to 6.1 know nothing of a product: they are told.
static __always_inline __u64 offset_of(__u64 place, __u64 size) {
  __u64 offset = place * size;

  KEEP_CHECKED(offset);
  if (offset > (size << block_bits) - size) return 0;
  return offset;
}

// What finds no room is counted all the same: the room is then known that the
// next try needs.
static long copy_entry(void* map, const void* key, void* value, void* unused) {
  __u32 index = count++;
  __u32 block = index >> block_bits;
  __u64 place = index & ((1 << block_bits) - 1);
  char* to = bpf_map_lookup_elem(&blocks, &block);

  if (!to) return 0;
  copy(to + offset_of(place, key_size), key, key_size);
  to += key_size << block_bits;
  copy(to + offset_of(place, value_size), value, value_size);
  return 0;
}

SEC("syscall")
int copy_entries(void* unused) {
  count = 0;
  bpf_for_each_map_elem(&source, copy_entry, NULL, 0);
  return count;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
