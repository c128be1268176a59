// SPDX-License-Identifier: GPL-2.0
/*
 * How large are the packets that devices send and receive, and how often does a
 * device take none?
 *
 * Hooks: tp_btf/net_dev_xmit (the driver was handed a packet, and says whether
 * it took it) and netif_receive_skb. Kernels: 5.10 and later.
 *
 * A packet may be larger than the wire allows: devices cut and join segments.
 * Sizes are without the header of the link when received, with it when sent.
 * Not seen: what an XDP program takes. Not in the default set: it costs some
 * time for every packet.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define NETDEV_TX_OK 0
#define ONE_BYTE 1

enum direction { SENT, RECEIVED, DIRECTIONS };

/* 2^17 bytes: 128 KiB. */
HISTOGRAM_VALUE(size_bytes, 17);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DIRECTIONS);
	__type(key, __u32);
	__type(value, struct size_bytes);
} net_packet_size_bytes SEC(".maps");

/* By what the driver said: errno, or a number of its own. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, __s32);
	__type(value, __u64);
} net_xmit_failures_total SEC(".maps");

static __always_inline void record(__u32 direction, __u32 bytes)
{
	record_exp2_in_value(&net_packet_size_bytes, &direction, size_bytes,
			     bytes, ONE_BYTE);
}

/* The packet may be gone already; its size is the fourth argument. */
TYPED_TP_BTF(net_dev_xmit, net_packets_sent, struct sk_buff *skb, int result,
	     struct net_device *device, unsigned int bytes)
{
	if (result == NETDEV_TX_OK)
		record(SENT, bytes);
	else
		count_in_hash(&net_xmit_failures_total, &result, 1);
	return 0;
}

TYPED_TP_BTF(netif_receive_skb, net_packets_received, struct sk_buff *skb)
{
	record(RECEIVED, skb->len);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
