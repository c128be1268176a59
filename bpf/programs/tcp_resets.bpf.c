// SPDX-License-Identifier: GPL-2.0
/*
 * How many TCP connections are reset, by this host and by others?
 *
 * Hooks: tp_btf/tcp_send_reset (a reset in answer to a segment that fits no
 * connection, or a closed port) and tcp_receive_reset. Kernels: 5.10 and later.
 *
 * Not seen: resets that a program causes by closing a socket with unread data,
 * before 6.10.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

enum direction { SENT, RECEIVED, DIRECTIONS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DIRECTIONS);
	__type(key, __u32);
	__type(value, __u64);
} tcp_resets_total SEC(".maps");

TYPED_TP_BTF(tcp_send_reset, tcp_resets_sent, const struct sock *sk)
{
	count_in_array(&tcp_resets_total, SENT, 1);
	return 0;
}

TYPED_TP_BTF(tcp_receive_reset, tcp_resets_received, struct sock *sk)
{
	count_in_array(&tcp_resets_total, RECEIVED, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
