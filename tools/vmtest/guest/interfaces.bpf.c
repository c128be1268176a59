// SPDX-License-Identifier: GPL-2.0
/*
 * Packets handed to each network interface, by the number that stays when the
 * name changes.
 *
 * Hook: tp_btf/net_dev_queue.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_INTERFACES 1024

/* Of the kernel's structs, what bpf/include/vmlinux.h does not have. */
struct net_device___number {
	int ifindex;
} __attribute__((preserve_access_index));

struct sk_buff___device {
	struct net_device___number *dev;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_INTERFACES);
	__type(key, __u32);
	__type(value, __u64);
} sent SEC(".maps");

TYPED_TP_BTF(net_dev_queue, interfaces_on_queue, struct sk_buff *skb)
{
	struct sk_buff___device *packet = (void *)skb;
	__u32 number = packet->dev->ifindex;

	count_in_hash(&sent, &number, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
