// SPDX-License-Identifier: GPL-2.0
/*
 * How often is there no memory for what a socket is sent?
 *
 * Hooks: tp_btf/sock_rcvqueue_full (its own receive buffer is full) and
 * sock_exceed_buf_limit (that of all sockets of its protocol). Kernels: 5.10
 * and later.
 *
 * `queue_full` is of sockets for echoes (ping), CAN, Bluetooth and their like;
 * UDP says so in udp_drops, TCP asks its peer to wait, and raw sockets drop
 * without a word. `protocol` is IP's number.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_PROTOCOLS 1024

enum shortage { QUEUE_FULL, LIMIT_REACHED };

struct shortage_key {
	__u32 shortage;
	__u32 protocol;
};

/* Of a packet socket the number may be anything. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_PROTOCOLS);
	__type(key, struct shortage_key);
	__type(value, __u64);
} socket_memory_shortages_total SEC(".maps");

static __always_inline int count_shortage(struct sock *sk,
					  enum shortage shortage)
{
	struct shortage_key key = {
		.shortage = shortage,
		.protocol = sk->sk_protocol,
	};

	count_in_hash(&socket_memory_shortages_total, &key, 1);
	return 0;
}

TYPED_TP_BTF(sock_rcvqueue_full, socket_memory_queue, struct sock *sk)
{
	return count_shortage(sk, QUEUE_FULL);
}

TYPED_TP_BTF(sock_exceed_buf_limit, socket_memory_limit, struct sock *sk)
{
	return count_shortage(sk, LIMIT_REACHED);
}

char LICENSE[] SEC("license") = "GPL";
