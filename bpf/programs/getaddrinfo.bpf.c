// SPDX-License-Identifier: GPL-2.0
/*
 * How long do programs wait for the resolver of the C library, and how often
 * does it find nothing?
 *
 * Hooks: uprobe and uretprobe of getaddrinfo in libc.so.6. Kernels: 5.10 and
 * later.
 *
 * Not seen: programs that bring their own C library or resolver (containers
 * with another image, static binaries, Go).
 */

#include "bpf/include/histogram.bpf.h"

#define MAX_WAITING 16384

enum outcome { FOUND, FAILED, OUTCOMES };

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

/* A thread that is killed while it waits leaves its entry behind. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_WAITING);
	__type(key, __u64); /* process and thread */
	__type(value, __u64);
} getaddrinfo_since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, OUTCOMES);
	__type(key, __u32);
	__type(value, struct latency_us);
} getaddrinfo_latency_seconds SEC(".maps");

SEC("uprobe/libc.so.6:getaddrinfo")
int getaddrinfo_call(void *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&getaddrinfo_since, &thread, &now, BPF_ANY);
	return 0;
}

SEC("uretprobe/libc.so.6:getaddrinfo")
int BPF_KRETPROBE(getaddrinfo_return, int error)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *since = bpf_map_lookup_elem(&getaddrinfo_since, &thread);
	__u32 outcome = error ? FAILED : FOUND;
	__u64 ns;

	if (!since)
		return 0;
	ns = elapsed(*since, bpf_ktime_get_ns());
	bpf_map_delete_elem(&getaddrinfo_since, &thread);
	record_exp2_in_value(&getaddrinfo_latency_seconds, &outcome, latency_us,
			     ns, NS_PER_US);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
