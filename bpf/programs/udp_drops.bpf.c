// SPDX-License-Identifier: GPL-2.0
/*
 * On which ports do UDP packets get lost because nobody reads them in time?
 *
 * Hook: tp_btf/udp_fail_queue_rcv_skb. Kernels: 5.10 and later.
 *
 * The error says why: ENOMEM where the socket's receive buffer is full, ENOBUFS
 * where the memory of all UDP sockets is. Not seen: packets to a port that
 * nobody has, and those that a filter drops. Not in the default set: anybody
 * may choose a port.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_PORTS 4096

struct port_key {
	__u32 port;
	__s32 error; /* of errno, negative */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_PORTS);
	__type(key, struct port_key);
	__type(value, __u64);
} udp_fail_queue_rcv_skbs_total SEC(".maps");

TYPED_TP_BTF(udp_fail_queue_rcv_skb, udp_drops_fail, int error, struct sock *sk)
{
	struct port_key key = {
		.port = sk->__sk_common.skc_num,
		.error = error,
	};

	count_in_hash(&udp_fail_queue_rcv_skbs_total, &key, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
