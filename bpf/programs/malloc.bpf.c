// SPDX-License-Identifier: GPL-2.0
/*
 * How often do programs ask the C library for memory, and for how much?
 *
 * Hook: uprobe of malloc in libc.so.6. Kernels: 5.10 and later.
 *
 * By control group, so that containers can be told apart (version 2 of the
 * hierarchy). Each call of malloc on the host then enters the kernel, which is
 * dear: look for a while, do not leave it on. Not seen: programs that bring
 * their own malloc, or another C library.
 */

#include "bpf/include/count.bpf.h"

#define MAX_CGROUPS 4096

struct asked {
	__u64 calls;
	__u64 bytes;
};

static const struct asked nothing_asked;

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_CGROUPS);
	__type(key, __u64); /* id of the control group */
	__type(value, struct asked);
} libc_malloc SEC(".maps");

SEC("uprobe/libc.so.6:malloc")
int BPF_KPROBE(malloc_call, unsigned long bytes)
{
	__u64 cgroup = bpf_get_current_cgroup_id();
	struct asked *found =
	    find_or_create(&libc_malloc, &cgroup, &nothing_asked);

	if (!found)
		return 0;
	__sync_fetch_and_add(&found->calls, 1);
	__sync_fetch_and_add(&found->bytes, bytes);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
