// SPDX-License-Identifier: GPL-2.0
/*
 * How long do TCP connections live, and how much do they carry?
 *
 * Hook: tp_btf/inet_sock_set_state. Kernels: 5.10 and later.
 *
 * A connection lives from its establishment until its socket is closed on both
 * sides; the time that it then waits is no part of that. Bytes are those that
 * were acknowledged or received. Connections that were there when the program
 * was attached are left out.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define AF_INET6 10
#define IPPROTO_TCP 6
#define NS_PER_MS 1000000
#define MAX_CONNECTIONS 65536

/* The kernel's socket states, part of its interface. */
enum { TCP_ESTABLISHED = 1, TCP_CLOSE = 7 };

enum family { IPV4, IPV6, FAMILIES };

/* 2^31 milliseconds: 25 days. */
HISTOGRAM_VALUE(lifetime_ms, 31);
/* 2^36 KiB: 64 TiB. */
HISTOGRAM_VALUE(size_kib, 36);

/* Anybody may open connections: the oldest give way. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_CONNECTIONS);
	__type(key, const struct sock *);
	__type(value, __u64);
} tcp_established_since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, struct lifetime_ms);
} tcp_connection_lifetime_seconds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, struct size_kib);
} tcp_connection_sent_bytes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, struct size_kib);
} tcp_connection_received_bytes SEC(".maps");

static __always_inline void closed(const struct sock *sk, __u64 ns)
{
	__u32 family = sk->__sk_common.skc_family == AF_INET6 ? IPV6 : IPV4;
	struct tcp_sock *tcp = (struct tcp_sock *)sk;

	record_exp2_in_value(&tcp_connection_lifetime_seconds, &family,
			     lifetime_ms, ns, NS_PER_MS);
	record_exp2_in_value(&tcp_connection_sent_bytes, &family, size_kib,
			     BPF_CORE_READ(tcp, bytes_acked), BYTES_PER_KIB);
	record_exp2_in_value(&tcp_connection_received_bytes, &family, size_kib,
			     BPF_CORE_READ(tcp, bytes_received), BYTES_PER_KIB);
}

TYPED_TP_BTF(inet_sock_set_state, tcp_lifetime_state, const struct sock *sk,
	     const int old_state, const int new_state)
{
	__u64 now = bpf_ktime_get_ns(), socket = pointer_key(sk), *since, ns;

	if (sk->sk_protocol != IPPROTO_TCP)
		return 0;
	if (new_state == TCP_ESTABLISHED) {
		bpf_map_update_elem(&tcp_established_since, &socket, &now,
				    BPF_ANY);
		return 0;
	}
	if (new_state != TCP_CLOSE)
		return 0;
	since = bpf_map_lookup_elem(&tcp_established_since, &socket);
	if (!since)
		return 0;
	ns = elapsed(*since, now);
	bpf_map_delete_elem(&tcp_established_since, &socket);
	closed(sk, ns);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
