// SPDX-License-Identifier: GPL-2.0
/*
 * How often do TCP connections notice congestion, and what do they take it for?
 *
 * Hook: tp_btf/tcp_cong_state_set. Kernels: 6.0 and later.
 *
 * Counted is each time that a connection enters a state: `disorder` after the
 * first signs of loss, `cwr` when the network or the device asks to slow down,
 * `recovery` while it sends again what was lost, `loss` after a timeout, `open`
 * when all is well again. A state that is set anew counts as well.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define STATES                                                                 \
	5 /* of enum tcp_ca_state, which programs in user space see too */

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, STATES);
	__type(key, __u32);
	__type(value, __u64);
} tcp_congestion_states_total SEC(".maps");

TYPED_TP_BTF(tcp_cong_state_set, tcp_congestion_state, struct sock *sk,
	     const __u8 state)
{
	count_in_array(&tcp_congestion_states_total, state, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
