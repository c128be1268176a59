// SPDX-License-Identifier: GPL-2.0
/*
 * How many TCP connections are reset, by this host and by others?
 *
 * Hooks: tp_btf/tcp_send_reset and tcp_receive_reset. Kernels: 5.10 and later.
 *
 * A reset is sent when a program closes a socket with data that it did not
 * read, and in answer to a segment that fits no connection, as one to a port
 * that nobody has. The latter are seen from 6.10 on. A reset that is received
 * for a connection that no longer exists is not seen.
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
