// SPDX-License-Identifier: GPL-2.0
/*
 * Which ICMP messages does this host send and receive?
 *
 * Hooks: tp_btf/net_dev_queue (a packet is handed to a device) and
 * netif_receive_skb (it comes from one). Kernels: 5.10 and later.
 *
 * Counted at each device that they pass: a message of a container passes two.
 * Not seen: behind IPv6 extension headers (multicast reports have one), and
 * inside of VLAN tags or tunnels. Not in the default set: it looks at every
 * packet.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/packet.bpf.h"
#include "bpf/include/typed_hook.bpf.h"
#include <bpf/bpf_endian.h>

#define TYPES 256

enum version { ICMP, ICMPV6, VERSIONS };
enum direction { SENT, RECEIVED, DIRECTIONS };

struct message_key {
	__u32 direction;
	__u32 type; /* and 256 more for ICMPv6 */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, DIRECTIONS *VERSIONS *TYPES);
	__type(key, struct message_key);
	__type(value, __u64);
} icmp_messages_total SEC(".maps");

static __always_inline bool load(void *to, __u32 size, const void *from)
{
	return bpf_probe_read_kernel(to, size, from) == 0;
}

/* Where the message begins, or null if there is none. */
static __always_inline const void *find_icmp(struct sk_buff *skb,
					     enum version *version)
{
	const void *network = skb->head + skb->network_header;
	struct ipv4_header ip4;
	struct ipv6_header ip6;

	if (skb->protocol == bpf_htons(ETHERTYPE_IPV4)) {
		*version = ICMP;
		if (!load(&ip4, sizeof(ip4), network) ||
		    ip4.protocol != PROTOCOL_ICMP ||
		    (ip4.fragment & bpf_htons(IPV4_FRAGMENT_OFFSET)))
			return 0;
		return network + ipv4_header_bytes(&ip4);
	}
	if (skb->protocol == bpf_htons(ETHERTYPE_IPV6)) {
		*version = ICMPV6;
		if (!load(&ip6, sizeof(ip6), network) ||
		    ip6.next_header != PROTOCOL_ICMPV6)
			return 0;
		return network + sizeof(ip6);
	}
	return 0;
}

static __always_inline int count_icmp(struct sk_buff *skb,
				      enum direction direction)
{
	struct message_key key = { .direction = direction };
	enum version version = ICMP;
	const void *message = find_icmp(skb, &version);
	__u8 type;

	if (!message || !load(&type, sizeof(type), message))
		return 0;
	key.type = version * TYPES + type;
	count_in_hash(&icmp_messages_total, &key, 1);
	return 0;
}

TYPED_TP_BTF(net_dev_queue, icmp_sent, struct sk_buff *skb)
{
	return count_icmp(skb, SENT);
}

TYPED_TP_BTF(netif_receive_skb, icmp_received, struct sk_buff *skb)
{
	return count_icmp(skb, RECEIVED);
}

char LICENSE[] SEC("license") = "GPL";
