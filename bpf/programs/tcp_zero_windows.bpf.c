// SPDX-License-Identifier: GPL-2.0
/*
 * How often must TCP connections stand still because the receiver has no place?
 *
 * Hooks: tp_btf/tcp_probe (a segment comes in: the peer's window) and the end
 * of
 * __tcp_select_window (a segment goes out: our own), with fexit or else
 * kretprobe. Kernels: 5.10 and later.
 *
 * `received` counts segments that say that the peer takes no more: programs on
 * other hosts are slow. `sent` counts the segments in which this host says so:
 * programs here are slow. Not in the default set: it costs some time for every
 * segment.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/packet.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define TCP_SYN_OR_RST 0x06

enum direction { SENT, RECEIVED, DIRECTIONS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DIRECTIONS);
	__type(key, __u32);
	__type(value, __u64);
} tcp_zero_windows_total SEC(".maps");

TYPED_TP_BTF(tcp_probe, tcp_zero_windows_received, struct sock *sk,
	     struct sk_buff *skb)
{
	struct tcp_header tcp;

	/* The header of the segment is where the data begins at this point. */
	if (bpf_probe_read_kernel(&tcp, sizeof(tcp), skb->data) || tcp.window ||
	    (tcp.flags & TCP_SYN_OR_RST))
		return 0;
	count_in_array(&tcp_zero_windows_total, RECEIVED, 1);
	return 0;
}

static __always_inline int chosen(__u32 window)
{
	if (!window)
		count_in_array(&tcp_zero_windows_total, SENT, 1);
	return 0;
}

TYPED_FEXIT(__tcp_select_window, tcp_zero_windows_sent, struct sock *sk,
	    __u32 window)
{
	return chosen(window);
}

SEC("kretprobe/__tcp_select_window")
int BPF_KRETPROBE(tcp_zero_windows_sent_probe, __u32 window)
{
	return chosen(window);
}

char LICENSE[] SEC("license") = "GPL";
