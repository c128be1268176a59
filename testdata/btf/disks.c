// Maps of a small exporter program: a key with a hole, slots in a value, a
// per-CPU value of several numbers, one described by sizes alone, and one that
// is not read as a metric. See README.md for how disks.btf is made from this.

typedef unsigned char __u8;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef long long __s64;

#define __uint(name, val) int(*name)[val]
#define __type(name, val) typeof(val) *name
#define SEC(name) __attribute__((section(name), used))

struct disk_key {
  char disk[32];
  __u8 op;
  __u64 slot;
};

struct latency {
  __u64 slots[29];
};

struct address {
  __u8 bytes[4];
};

enum state { IDLE, BUSY };

struct totals {
  __u64 requests;
  struct {
    __u32 errors;
    __s64 balance;
  } inner;
  union {
    __u32 word;
    __u8 bytes[4];
  };
  enum state state;
  unsigned ready : 1;
  unsigned busy : 3;
  void *owner;
  __u32 grid[2][3];
  struct address peers[2];
  _Bool on;
};

struct {
  __uint(type, 1);
  __uint(max_entries, 1024);
  __type(key, struct disk_key);
  __type(value, __u64);
} io_latency SEC(".maps");

struct {
  __uint(type, 1);
  __uint(max_entries, 64);
  __type(key, char[32]);
  __type(value, struct latency);
} io_slots SEC(".maps");

struct {
  __uint(type, 6);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct totals);
} io_totals SEC(".maps");

struct {
  __uint(type, 9);
  __uint(max_entries, 16);
  __uint(key_size, 8);
  __uint(value_size, 16);
} by_size SEC(".maps");

struct {
  __uint(type, 27);
  __uint(max_entries, 4096);
} events SEC(".maps");

struct request;
typedef int (*issue_t)(struct request *rq, const char *name, enum state state,
                       void *any);
issue_t const hook____on_issue SEC(".typed_hooks") = 0;

SEC("raw_tp/block_rq_issue") int on_issue(void *ctx) { return 0; }
