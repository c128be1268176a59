// Maps of many shapes, for bpftool to dump. See README.md.

// The second needs the first.
// clang-format off
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
// clang-format on

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

char LICENSE[] SEC("license") = "GPL";

struct disk_key {
  char disk[32];
  u8 op;
  u64 slot;
};

struct inner {
  short a;
  u16 b;
};

// What bpftool prints by its type and can be read back.
struct rich_key {
  char c;
  _Bool flag;
  signed char small;
  u32 number;
  struct inner in;
  struct {
    int anonymous;
  };
  void* pointer;
  __int128 big;
  u8 mac[6];
  u32 numbers[3];
  char grid[2][4];
  const char text[8];
};

struct rich_value {
  u64 slots[4];
  u64 sum;
  long long delta;
};

enum op { OP_READ, OP_WRITE };

// What cannot be read back without raw bytes.
struct bits {
  u32 low : 3;
  u32 high : 5;
};

struct with_union {
  u32 first;
  union {
    u32 number;
    u8 bytes[4];
  };
};

#define MAP(name, map_type, ...)           \
  struct {                                 \
    __uint(type, BPF_MAP_TYPE_##map_type); \
    __uint(max_entries, 16);               \
    __VA_ARGS__                            \
  } name SEC(".maps");

#define TYPES(k, v) \
  __type(key, k);   \
  __type(value, v);
#define SIZES(k, v)    \
  __uint(key_size, k); \
  __uint(value_size, v);

MAP(disk_latency, HASH, TYPES(struct disk_key, u64))
MAP(per_cpu_count, PERCPU_HASH, TYPES(u32, u32))
MAP(rich, HASH, TYPES(struct rich_key, struct rich_value))
MAP(enumerated, HASH, TYPES(enum op, u64))
MAP(bitfields, HASH, TYPES(u32, struct bits))
MAP(unions, HASH, TYPES(u32, struct with_union))
MAP(plain_small, HASH, SIZES(4, 8))
MAP(plain_middle, HASH, SIZES(12, 16))
MAP(plain_long, HASH, SIZES(20, 40))
MAP(plain_percpu, PERCPU_ARRAY, SIZES(4, 4))
MAP(plain_wide, PERCPU_ARRAY, SIZES(4, 20))
MAP(plain_empty, HASH, SIZES(4, 8))

u64 counter;

SEC("raw_tp/sys_enter")
int count(void* ctx) {
  counter++;
  return 0;
}
