// SPDX-License-Identifier: GPL-2.0
/*
 * How much do programs say to each other through Unix sockets?
 *
 * Hooks: tp_btf/sock_send_length and sock_recv_length; where these are missing,
 * before 6.3, the ends of unix_stream_sendmsg, unix_dgram_sendmsg and their
 * like that receive. Kernels: 5.10 and later.
 *
 * A call that moves nothing, as of a socket that was closed, is not counted.
 * Peeking at data counts as receiving it.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define AF_UNIX 1

/* Types of sockets, part of the kernel's interface. */
enum { SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_SEQPACKET = 5 };

enum direction { SENT, RECEIVED, DIRECTIONS };

struct traffic_key {
	__u32 type;
	__u32 direction;
};

struct traffic {
	__u64 calls;
	__u64 bytes;
};

static const struct traffic no_traffic;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16); /* three types, two directions */
	__type(key, struct traffic_key);
	__type(value, struct traffic);
} unix_socket_traffic SEC(".maps");

static __always_inline int count_bytes(__u32 type, enum direction direction,
				       int bytes)
{
	struct traffic_key key = { .type = type, .direction = direction };
	struct traffic *found;

	if (bytes <= 0)
		return 0;
	found = find_or_create(&unix_socket_traffic, &key, &no_traffic);
	if (!found)
		return 0;
	__sync_fetch_and_add(&found->calls, 1);
	__sync_fetch_and_add(&found->bytes, bytes);
	return 0;
}

TYPED_TP_BTF(sock_send_length, unix_sockets_send, struct sock *sk, int bytes)
{
	if (sk->__sk_common.skc_family != AF_UNIX)
		return 0;
	return count_bytes(sk->sk_type, SENT, bytes);
}

TYPED_TP_BTF(sock_recv_length, unix_sockets_receive, struct sock *sk, int bytes)
{
	if (sk->__sk_common.skc_family != AF_UNIX)
		return 0;
	return count_bytes(sk->sk_type, RECEIVED, bytes);
}

TYPED_FEXIT(unix_stream_sendmsg, unix_sockets_stream_send,
	    struct socket *socket, struct msghdr *message, unsigned long size,
	    int bytes)
{
	return count_bytes(SOCK_STREAM, SENT, bytes);
}

/* Those of type SEQPACKET may or may not pass through here as well. */
TYPED_FEXIT(unix_dgram_sendmsg, unix_sockets_dgram_send, struct socket *socket,
	    struct msghdr *message, unsigned long size, int bytes)
{
	return socket->type == SOCK_DGRAM ? count_bytes(SOCK_DGRAM, SENT, bytes)
					  : 0;
}

TYPED_FEXIT(unix_seqpacket_sendmsg, unix_sockets_seqpacket_send,
	    struct socket *socket, struct msghdr *message, unsigned long size,
	    int bytes)
{
	return count_bytes(SOCK_SEQPACKET, SENT, bytes);
}

TYPED_FEXIT(unix_stream_recvmsg, unix_sockets_stream_receive,
	    struct socket *socket, struct msghdr *message, unsigned long size,
	    int flags, int bytes)
{
	return count_bytes(SOCK_STREAM, RECEIVED, bytes);
}

TYPED_FEXIT(unix_dgram_recvmsg, unix_sockets_dgram_receive,
	    struct socket *socket, struct msghdr *message, unsigned long size,
	    int flags, int bytes)
{
	return socket->type == SOCK_DGRAM
		   ? count_bytes(SOCK_DGRAM, RECEIVED, bytes)
		   : 0;
}

TYPED_FEXIT(unix_seqpacket_recvmsg, unix_sockets_seqpacket_receive,
	    struct socket *socket, struct msghdr *message, unsigned long size,
	    int flags, int bytes)
{
	return count_bytes(SOCK_SEQPACKET, RECEIVED, bytes);
}

char LICENSE[] SEC("license") = "GPL";
