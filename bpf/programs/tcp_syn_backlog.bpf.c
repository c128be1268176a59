// SPDX-License-Identifier: GPL-2.0
/*
 * How many connections wait to be accepted when another one comes?
 *
 * Hooks: tcp_v4_syn_recv_sock and tcp_v6_syn_recv_sock (a handshake is done).
 * Kernels: 5.10 and later, with kprobes: on some, as 6.1, these functions have
 * too many arguments for fentry.
 *
 * Of all listening sockets together. Where the last buckets fill, some program
 * does not accept fast enough, or listens with too small a backlog.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/packet.bpf.h"
#include <bpf/bpf_endian.h>

/* 0, then 2^0 to 2^16. */
#define LAST_SLOT 17

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LAST_SLOT + 2);
	__type(key, __u32);
	__type(value, __u64);
} tcp_syn_backlog SEC(".maps");

static __always_inline int record(const struct sock *listener)
{
	__u64 backlog = BPF_CORE_READ(listener, sk_ack_backlog);

	record_in_array(&tcp_syn_backlog, LAST_SLOT,
			exp2zero_slot(backlog, LAST_SLOT), backlog);
	return 0;
}

SEC("kprobe/tcp_v4_syn_recv_sock")
int BPF_KPROBE(tcp_syn_backlog_ipv4, const struct sock *listener)
{
	return record(listener);
}

/* IPv4 in IPv6 is handed on to the function above, and counted there. */
SEC("kprobe/tcp_v6_syn_recv_sock")
int BPF_KPROBE(tcp_syn_backlog_ipv6, const struct sock *listener,
	       const struct sk_buff *skb)
{
	if (BPF_CORE_READ(skb, protocol) == bpf_htons(ETHERTYPE_IPV4))
		return 0;
	return record(listener);
}

char LICENSE[] SEC("license") = "GPL";
