// SPDX-License-Identifier: GPL-2.0
/*
 * What do packets carry as they come in, before the kernel looks at them?
 *
 * Hook: XDP on the loopback device. Kernels: 5.10 and later.
 *
 * To look at another interface, or several, write their names in place of `lo`
 * and compile: SEC("xdp/eth0,eth1"). One interface has one XDP program, so this
 * one cannot be attached where another is. All packets are passed on. Not
 * counted apart: what is inside of VLAN tags or behind IPv6 extension headers.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/packet.bpf.h"
#include <bpf/bpf_endian.h>

#define XDP_PASS 2

enum protocol { OTHER, ARP, IPV4, IPV6, ICMP, TCP, UDP, ICMPV6, PROTOCOLS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROTOCOLS);
	__type(key, __u32);
	__type(value, __u64);
} xdp_incoming_packets_total SEC(".maps");

static __always_inline enum protocol of_ip(__u8 number, enum protocol ip)
{
	switch (number) {
	case PROTOCOL_ICMP:
		return ICMP;
	case PROTOCOL_TCP:
		return TCP;
	case PROTOCOL_UDP:
		return UDP;
	case PROTOCOL_ICMPV6:
		return ICMPV6;
	default:
		return ip;
	}
}

static __always_inline enum protocol protocol_of(const void *packet,
						 const void *end)
{
	const struct ethernet_header *ethernet = packet;
	const struct ipv4_header *ip4;
	const struct ipv6_header *ip6;

	if ((const void *)(ethernet + 1) > end)
		return OTHER;
	switch (ethernet->protocol) {
	case bpf_htons(ETHERTYPE_ARP):
		return ARP;
	case bpf_htons(ETHERTYPE_IPV4):
		ip4 = (const void *)(ethernet + 1);
		if ((const void *)(ip4 + 1) > end)
			return IPV4;
		return of_ip(ip4->protocol, IPV4);
	case bpf_htons(ETHERTYPE_IPV6):
		ip6 = (const void *)(ethernet + 1);
		if ((const void *)(ip6 + 1) > end)
			return IPV6;
		return of_ip(ip6->next_header, IPV6);
	default:
		return OTHER;
	}
}

SEC("xdp/lo")
int xdp_count(struct xdp_md *packet)
{
	const void *begin = (const void *)(long)packet->data;
	const void *end = (const void *)(long)packet->data_end;

	count_in_array(&xdp_incoming_packets_total, protocol_of(begin, end), 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
