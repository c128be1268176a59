// SPDX-License-Identifier: GPL-2.0
/*
 * Which names does this host ask the DNS for?
 *
 * Hook: tp_btf/net_dev_queue. Kernels: 5.10 and later.
 *
 * Counts queries over UDP to port 53, IPv4 and IPv6, as they are handed to a
 * device, each device they pass (a query of a container passes two). Not seen:
 * TCP, fragments, IPv6 with extension headers. Names are folded to lower case,
 * because resolvers may randomise it. Not in the default set: anybody may
 * choose a name.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/packet.bpf.h"
#include "bpf/include/typed_hook.bpf.h"
#include <bpf/bpf_endian.h>

#define DNS_PORT 53

#define MAX_NAMES 4096
#define NAME_LEN 256 /* a name has at most 255 bytes on the wire */
#define LABEL_LEN 63 /* longer: not a label but a pointer or an extension */

struct dns_header {
	__be16 id;
	__u8 response_and_opcode; /* top bit: response; next four: opcode */
	__u8 flags;
	__be16 questions;
	__be16 rest[3];
};

/* In wire format, zero after its end. */
struct dns_name {
	__u8 bytes[NAME_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_NAMES);
	__type(key, struct dns_name);
	__type(value, __u64);
} dns_queries_total SEC(".maps");

static __always_inline bool load(void *to, __u32 size, const void *from)
{
	return bpf_probe_read_kernel(to, size, from) == 0;
}

/* Where the UDP header is, or null if this is not a whole UDP packet. */
static __always_inline const void *find_udp(struct sk_buff *skb)
{
	const void *network = skb->head + skb->network_header;
	struct ipv4_header ip4;
	struct ipv6_header ip6;

	if (skb->protocol == bpf_htons(ETHERTYPE_IPV4)) {
		if (!load(&ip4, sizeof(ip4), network) ||
		    ip4.protocol != PROTOCOL_UDP ||
		    /* but for the don't-fragment bit */
		    (ip4.fragment & bpf_htons(0xbfff)))
			return 0;
		return network + ipv4_header_bytes(&ip4);
	}
	if (skb->protocol == bpf_htons(ETHERTYPE_IPV6)) {
		if (!load(&ip6, sizeof(ip6), network) ||
		    ip6.next_header != PROTOCOL_UDP)
			return 0;
		return network + sizeof(ip6);
	}
	return 0;
}

/*
 * Lowers the letters, leaves the length bytes and clears what follows the end.
 * False if there is no end or a length is none.
 */
static __always_inline bool normalize(struct dns_name *name)
{
	__u32 left = 0; /* of the current label */
	bool ended = false;

	for (__u32 i = 0; i < NAME_LEN; i++) {
		__u8 c = name->bytes[i];

		if (ended) {
			name->bytes[i] = 0;
		} else if (left > 0) {
			left--;
			if (c >= 'A' && c <= 'Z')
				name->bytes[i] = c + ('a' - 'A');
		} else if (c == 0) {
			ended = true;
		} else {
			if (c > LABEL_LEN)
				return false;
			left = c;
		}
	}
	return ended;
}

TYPED_TP_BTF(net_dev_queue, dns_queue, struct sk_buff *skb)
{
	struct dns_name name;
	struct udp_header udp;
	struct dns_header dns;
	const void *at = find_udp(skb);
	__u32 size;

	if (!at || !load(&udp, sizeof(udp), at) ||
	    udp.dest != bpf_htons(DNS_PORT))
		return 0;
	size = bpf_ntohs(udp.length);
	/* The bytes at hand are linear; fragments of pages lie elsewhere. */
	if (size > (skb->head + skb->tail) - (const unsigned char *)at)
		return 0;
	if (size < sizeof(udp) + sizeof(dns))
		return 0;
	size -= sizeof(udp) + sizeof(dns);
	at += sizeof(udp);
	if (!load(&dns, sizeof(dns), at) || (dns.response_and_opcode & 0xf8) ||
	    dns.questions == 0)
		return 0;
	at += sizeof(dns);

	if (size > NAME_LEN)
		size = NAME_LEN;
	/* A length that is none, so that no name ends behind the packet. */
	__builtin_memset(&name, 0xff, sizeof(name));
	if (!load(&name, size, at) || !normalize(&name))
		return 0;
	count_in_hash(&dns_queries_total, &name, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
