// Maps that only gain entries, and maps that lose some, each known by name.
#include "bpf/include/count.bpf.h"
#include "bpf/include/span.bpf.h"
#include "bpf/loader/testdata/calls.bpf.h"

struct counts {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __u64);
  __type(value, __u64);
};

struct counts counted SEC(".maps");
struct counts found SEC(".maps");
struct counts inserted_by_a_function SEC(".maps");
struct counts inserted_by_a_function_too SEC(".maps");
struct counts never_named SEC(".maps");
struct counts deleted SEC(".maps");
struct counts replaced SEC(".maps");
struct counts replaced_by_a_function SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, 1024);
  __type(key, __u64);
  __type(value, __u64);
} counted_per_cpu SEC(".maps");

SPANS(spans, 1024);

static __noinline long insert(void* map, __u64 key) {
  __u64 one = 1;

  return bpf_map_update_elem(map, &key, &one, BPF_NOEXIST);
}

static __noinline long replace(__u64 key) {
  __u64 one = 1;

  return bpf_map_update_elem(&replaced_by_a_function, &key, &one, BPF_ANY);
}

SEC("raw_tp/sys_enter")
int grow(void* context) {
  __u64 key = bpf_get_current_pid_tgid();
  __u64 zero = 0;
  __u64* value;

  count_in_hash(&counted, &key, 1);
  count_in_hash(&counted_per_cpu, &key, 1);
  value = find_or_create(&found, &key, &zero);
  if (value) __sync_fetch_and_add(value, 1);
  return insert(&inserted_by_a_function, key) +
         insert(&inserted_by_a_function_too, key + 1);
}

SEC("raw_tp/sys_exit")
int shrink(void* context) {
  __u64 key = bpf_get_current_pid_tgid();
  __u64 ns;

  count_call(0);
  begin_span(&spans, 0);
  end_span(&spans, 0, &ns);
  count_in_hash(&deleted, &key, 1);
  bpf_map_delete_elem(&deleted, &key);
  bpf_map_update_elem(&replaced, &key, &key, BPF_ANY);
  return replace(key);
}
