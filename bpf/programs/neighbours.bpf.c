// SPDX-License-Identifier: GPL-2.0
/*
 * How often are neighbours on the link looked for (ARP, and its like of IPv6),
 * found, missed and forgotten?
 *
 * Hooks: tp_btf/neigh_create, neigh_event_send_done, neigh_update and
 * neigh_cleanup_and_release. Kernels: 5.10 and later.
 *
 * `probe` is a packet that waits for the answer, or gets none; `update` is what
 * a neighbour or an administrator said. Many of `create` mean that the table of
 * neighbours may run full.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define AF_INET6 10

enum family { IPV4, IPV6, FAMILIES };
enum event { CREATE, PROBE, UPDATE, RELEASE, EVENTS };

struct event_key {
	__u32 family;
	__u32 event;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, FAMILIES *EVENTS);
	__type(key, struct event_key);
	__type(value, __u64);
} neighbour_events_total SEC(".maps");

static __always_inline int count_event(struct neigh_table *table,
				       enum event event)
{
	struct event_key key = {
		.family = table->family == AF_INET6 ? IPV6 : IPV4,
		.event = event,
	};

	count_in_hash(&neighbour_events_total, &key, 1);
	return 0;
}

TYPED_TP_BTF(neigh_create, neighbours_create, struct neigh_table *table)
{
	return count_event(table, CREATE);
}

TYPED_TP_BTF(neigh_event_send_done, neighbours_probe,
	     struct neighbour *neighbour)
{
	return count_event(neighbour->tbl, PROBE);
}

TYPED_TP_BTF(neigh_update, neighbours_update, struct neighbour *neighbour)
{
	return count_event(neighbour->tbl, UPDATE);
}

TYPED_TP_BTF(neigh_cleanup_and_release, neighbours_release,
	     struct neighbour *neighbour)
{
	return count_event(neighbour->tbl, RELEASE);
}

char LICENSE[] SEC("license") = "GPL";
