// SPDX-License-Identifier: GPL-2.0
/*
 * Why does the kernel drop packets, and in which of its functions?
 *
 * Hook: tp_btf/kfree_skb. Kernels: 5.17 and later say why; those before, from
 * 5.10 on, say only where, and the reason is UNKNOWN.
 *
 * The kernel's numbers of the reasons differ from one version to the next, so
 * they are turned into those of `enum drop_reason`; reasons that are not in it
 * are OTHER. Packets that a device drops before the kernel has them are not
 * seen. Not in the default set: some drops are a stranger's to cause, and there
 * are many functions.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_SERIES 4096

/* Names as in the kernel, behind SKB_DROP_REASON_. */
/* clang-format off */
#define REASONS(X) \
	X(NOT_SPECIFIED) X(NO_SOCKET) X(PKT_TOO_SMALL) X(TCP_CSUM) \
	X(SOCKET_FILTER) X(UDP_CSUM) X(NETFILTER_DROP) X(OTHERHOST) \
	X(IP_CSUM) X(IP_INHDR) X(IP_RPFILTER) X(UNICAST_IN_L2_MULTICAST) \
	X(XFRM_POLICY) X(IP_NOPROTO) X(SOCKET_RCVBUFF) X(PROTO_MEM) \
	X(SOCKET_BACKLOG) X(TCP_FLAGS) X(TCP_ZEROWINDOW) X(TCP_OLD_DATA) \
	X(TCP_OVERWINDOW) X(TCP_OFOMERGE) X(TCP_RFC7323_PAWS) \
	X(TCP_OLD_SEQUENCE) X(TCP_INVALID_SEQUENCE) X(TCP_RESET) \
	X(TCP_INVALID_SYN) X(TCP_CLOSE) X(TCP_FASTOPEN) X(TCP_OLD_ACK) \
	X(TCP_TOO_OLD_ACK) X(TCP_ACK_UNSENT_DATA) X(TCP_OFO_QUEUE_PRUNE) \
	X(TCP_OFO_DROP) X(IP_OUTNOROUTES) X(BPF_CGROUP_EGRESS) \
	X(IPV6DISABLED) X(NEIGH_CREATEFAIL) X(NEIGH_FAILED) \
	X(NEIGH_QUEUEFULL) X(NEIGH_DEAD) X(TC_EGRESS) X(QDISC_DROP) \
	X(CPU_BACKLOG) X(XDP) X(TC_INGRESS) X(UNHANDLED_PROTO) X(SKB_CSUM) \
	X(SKB_GSO_SEG) X(SKB_UCOPY_FAULT) X(DEV_HDR) X(DEV_READY) \
	X(FULL_RING) X(NOMEM) X(HDR_TRUNC) X(TAP_FILTER) X(TAP_TXFILTER) \
	X(ICMP_CSUM) X(INVALID_PROTO) X(IP_INADDRERRORS) X(IP_INNOROUTES) \
	X(PKT_TOO_BIG) X(SOCKET_CLOSE) X(TCP_LISTEN_OVERFLOW) \
	X(TCP_ABORT_ON_DATA) X(TCP_ABORT_ON_CLOSE) X(QUEUE_PURGE) \
	X(SECURITY_HOOK) X(QDISC_OVERLIMIT) X(QDISC_CONGESTED) \
	X(FQ_BAND_LIMIT) X(FQ_HORIZON_LIMIT) X(FQ_FLOW_LIMIT) \
	X(IP_LOCAL_SOURCE) X(IP_INVALID_SOURCE) X(IP_LOCALNET) \
	X(IP_INVALID_DEST) X(DUP_FRAG) X(FRAG_REASM_TIMEOUT) \
	X(FRAG_TOO_FAR) X(TCP_RFC7323_TW_PAWS) X(TCP_INVALID_END_SEQUENCE) \
	X(TCP_INVALID_ACK_SEQUENCE) X(TCP_MD5NOTFOUND) X(TCP_MD5UNEXPECTED) \
	X(TCP_MD5FAILURE) X(NEIGH_HH_FILLFAIL) X(IPV6_BAD_EXTHDR) \
	X(PACKET_SOCK_ERROR) X(UNIX_DISCONNECT) X(NO_TX_TARGET) \
	X(LOCAL_MAC) X(PFMEMALLOC) X(RECURSION_LIMIT)
/* clang-format on */

/* Which of these the running kernel has, and under which numbers, CO-RE says.
 */
#define KERNEL_NAME(name) SKB_DROP_REASON_##name,
enum skb_drop_reason { REASONS(KERNEL_NAME) };

#define OWN_NAME(name) name,
enum drop_reason { UNKNOWN, OTHER, REASONS(OWN_NAME) };

struct drop_key {
	__u64 function; /* an address in it */
	enum drop_reason reason;
	__u32 zero;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_SERIES);
	__type(key, struct drop_key);
	__type(value, __u64);
} kfree_skb_total SEC(".maps");

#define RETURN_IF_SAME(name)                                                   \
	if (bpf_core_enum_value_exists(enum skb_drop_reason,                   \
				       SKB_DROP_REASON_##name) &&              \
	    reason == bpf_core_enum_value(enum skb_drop_reason,                \
					  SKB_DROP_REASON_##name))             \
		return name;

static __always_inline enum drop_reason own_reason(__u32 reason)
{
	REASONS(RETURN_IF_SAME)
	return OTHER;
}

/* The third argument, where there is one, is the reason. */
TYPED_TP_BTF(kfree_skb, kfree_skb_count, struct sk_buff *skb, void *location)
{
	struct drop_key key = { .function = (__u64)location };

	if (bpf_core_type_exists(enum skb_drop_reason))
		key.reason = own_reason((__u32)ctx[2]);
	count_in_hash(&kfree_skb_total, &key, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
