// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers of all kinds that user space has names for, for tests of decoders:
 * where they come from does not matter, as long as the host knows them.
 */

#include "bpf/include/base.bpf.h"

enum direction { COMING = 1, GOING = 2 };

struct name_key {
	__u64 cgroup;
	__u64 stack[4];
	__u32 ifindex;
	__u32 dev;
	__u32 vendor;
	__u32 subclass;
	__u32 number;
	enum direction direction;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct name_key);
	__type(value, __u64);
} names_total SEC(".maps");

SEC("raw_tp/sys_enter")
int names(__u64 *context)
{
	struct name_key key = {};
	__u64 one = 1, *count;

	key.cgroup = bpf_get_current_cgroup_id();
	bpf_get_stack(context, key.stack, sizeof(key.stack), 0);
	/* context[1] is the number of the call: some kinds of it tell lo, and one
	 * that is not there, apart */
	key.ifindex = context[1] & 1 ? 1 : 4000;
	key.dev = 254 << 8; /* vda on virtual machines */
	key.vendor = 0x0e11; /* below 0x1000 */
	key.subclass = 0x0200;
	key.number = context[1] & 0x1ff;
	key.direction = 1 + (context[1] & 3); /* two have no name */
	count = bpf_map_lookup_elem(&names_total, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&names_total, &key, &one, BPF_NOEXIST);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
