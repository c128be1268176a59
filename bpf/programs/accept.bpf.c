// SPDX-License-Identifier: GPL-2.0
/*
 * How long do incoming TCP connections wait until a program accepts them?
 *
 * Hooks: inet_csk_complete_hashdance (the handshake is done, the connection is
 * about to be queued) and the end of inet_csk_accept. Kernels: 5.10 and later,
 * with fentry, or else kprobes. The arguments of the latter function changed in
 * 6.10. The function that queues, inet_csk_reqsk_queue_add, is no hook: it is
 * part of the former in some kernels.
 *
 * The handshake itself is not part of it. Connections that are reset or whose
 * listener is closed while they wait are left out.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define AF_INET6 10
#define MAX_WAITING 65536

enum family { IPV4, IPV6, FAMILIES };

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(latency_us, 26);

/*
 * Anybody may connect to a program that accepts nothing: the longest waiting
 * ones give way.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_WAITING);
	__type(key, const struct sock *);
	__type(value, __u64);
} accept_queued_since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAMILIES);
	__type(key, __u32);
	__type(value, struct latency_us);
} accept_latency_seconds SEC(".maps");

static __always_inline int queued(const struct sock *child)
{
	__u64 now = bpf_ktime_get_ns(), socket = pointer_key(child);

	bpf_map_update_elem(&accept_queued_since, &socket, &now, BPF_ANY);
	return 0;
}

static __always_inline int accepted(const struct sock *child)
{
	__u64 socket = pointer_key(child), ns;
	__u64 *since = bpf_map_lookup_elem(&accept_queued_since, &socket);
	__u32 family;

	if (!since) /* none was accepted, or it was queued before we came */
		return 0;
	ns = elapsed(*since, bpf_ktime_get_ns());
	bpf_map_delete_elem(&accept_queued_since, &socket);
	family = BPF_CORE_READ(child, __sk_common.skc_family) == AF_INET6
		     ? IPV6
		     : IPV4;
	record_exp2_in_value(&accept_latency_seconds, &family, latency_us, ns,
			     NS_PER_US);
	return 0;
}

TYPED_FENTRY(inet_csk_complete_hashdance, accept_queue, struct sock *listener,
	     struct sock *child)
{
	return queued(child);
}

TYPED_FEXIT(inet_csk_accept, accept_take, struct sock *listener,
	    struct proto_accept_arg *arg, struct sock *child)
{
	return accepted(child);
}

TYPED_FEXIT(inet_csk_accept, accept_take_until_6_9, struct sock *listener,
	    int flags, int *error, bool of_kernel, struct sock *child)
{
	return accepted(child);
}

SEC("kprobe/inet_csk_complete_hashdance")
int BPF_KPROBE(accept_queue_probe, struct sock *listener, struct sock *child)
{
	return queued(child);
}

SEC("kretprobe/inet_csk_accept")
int BPF_KRETPROBE(accept_take_probe, struct sock *child)
{
	return accepted(child);
}

char LICENSE[] SEC("license") = "GPL";
