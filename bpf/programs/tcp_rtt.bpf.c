// SPDX-License-Identifier: GPL-2.0
/*
 * How long are the round trips of TCP connections, as the kernel sees them?
 *
 * Hook: tp_btf/tcp_probe, which every segment passes that an established
 * connection receives. Kernels: 5.10 and later.
 *
 * Counted once for each such segment is the smoothed round trip of its
 * connection, so a busy connection weighs more. Not in the default set: it
 * costs some time for every segment.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define AF_INET6 10
#define EIGHTHS 8

enum family { IPV4, IPV6, FAMILIES };

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(rtt_us, 26);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, struct rtt_us);
} tcp_smoothed_rtt_seconds SEC(".maps");

TYPED_TP_BTF(tcp_probe, tcp_rtt_probe, struct sock *sk)
{
	__u32 family = sk->__sk_common.skc_family == AF_INET6 ? IPV6 : IPV4;
	__u32 eighths = BPF_CORE_READ((struct tcp_sock *)sk, srtt_us);

	if (eighths) /* 0 before the first measurement */
		record_exp2_in_value(&tcp_smoothed_rtt_seconds, &family, rtt_us,
				     eighths, EIGHTHS);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
