// SPDX-License-Identifier: GPL-2.0
/*
 * How long do outgoing TCP connections take, how many fail, and how often is a
 * segment sent again?
 *
 * Hooks: tp_btf/inet_sock_set_state (SYN_SENT is entered and left) and
 * tp_btf/tcp_retransmit_skb. Kernels: 5.10 and later.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define AF_INET6 10
#define IPPROTO_TCP 6
#define MAX_CONNECTING 16384

/* The kernel's socket states, part of its interface. */
enum { TCP_ESTABLISHED = 1, TCP_SYN_SENT = 2 };

enum family { IPV4, IPV6, FAMILIES };

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

/*
 * Anybody may start connections that nobody answers: the longest waiting ones
 * give way.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_CONNECTING);
	__type(key, const struct sock *);
	__type(value, __u64);
} tcp_connecting_since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, struct latency_us);
} tcp_connect_latency_seconds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, __u64);
} tcp_connect_failures_total SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, __u64);
} tcp_retransmits_total SEC(".maps");

static __always_inline __u32 family_of(const struct sock *sk)
{
	return sk->__sk_common.skc_family == AF_INET6 ? IPV6 : IPV4;
}

TYPED_TP_BTF(inet_sock_set_state, tcp_set_state, const struct sock *sk,
	     const int old_state, const int new_state)
{
	__u64 now = bpf_ktime_get_ns(), socket = pointer_key(sk), *since, ns;
	__u32 family;

	if (sk->sk_protocol != IPPROTO_TCP)
		return 0;
	if (new_state == TCP_SYN_SENT) {
		bpf_map_update_elem(&tcp_connecting_since, &socket, &now,
				    BPF_ANY);
		return 0;
	}
	if (old_state != TCP_SYN_SENT)
		return 0;

	since = bpf_map_lookup_elem(&tcp_connecting_since, &socket);
	if (!since)
		return 0;
	ns = elapsed(*since, now);
	bpf_map_delete_elem(&tcp_connecting_since, &socket);

	family = family_of(sk);
	if (new_state == TCP_ESTABLISHED)
		record_exp2_in_value(&tcp_connect_latency_seconds, &family,
				     latency_us, ns, NS_PER_US);
	else
		count_in_array(&tcp_connect_failures_total, family, 1);
	return 0;
}

TYPED_TP_BTF(tcp_retransmit_skb, tcp_retransmit, const struct sock *sk)
{
	count_in_array(&tcp_retransmits_total, family_of(sk), 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
