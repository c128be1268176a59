// SPDX-License-Identifier: GPL-2.0
/*
 * Which errors do programs get when they bind, connect or accept?
 *
 * Hooks: tracepoints syscalls:sys_exit_bind, sys_exit_connect, sys_exit_accept
 * and sys_exit_accept4. Kernels: 5.10 and later, where tracefs is mounted.
 *
 * EADDRINUSE of bind and connect are ports that are taken, or none left.
 * EINPROGRESS and EAGAIN are no errors but of sockets that do not block.
 * Connections that fail later are not seen; `tcp` counts them.
 */

#include "bpf/include/count.bpf.h"

enum call { BIND, CONNECT, ACCEPT, CALLS };

struct error_key {
	__u32 call;
	__s32 error; /* of errno, negative */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct error_key);
	__type(value, __u64);
} socket_errors_total SEC(".maps");

static __always_inline int count_error(struct trace_event_raw_sys_exit *ctx,
				       enum call call)
{
	struct error_key key = { .call = call, .error = (__s32)ctx->ret };

	if (key.error < 0)
		count_in_hash(&socket_errors_total, &key, 1);
	return 0;
}

SEC("tp/syscalls/sys_exit_bind")
int socket_errors_bind(struct trace_event_raw_sys_exit *ctx)
{
	return count_error(ctx, BIND);
}

SEC("tp/syscalls/sys_exit_connect")
int socket_errors_connect(struct trace_event_raw_sys_exit *ctx)
{
	return count_error(ctx, CONNECT);
}

SEC("tp/syscalls/sys_exit_accept")
int socket_errors_accept(struct trace_event_raw_sys_exit *ctx)
{
	return count_error(ctx, ACCEPT);
}

SEC("tp/syscalls/sys_exit_accept4")
int socket_errors_accept4(struct trace_event_raw_sys_exit *ctx)
{
	return count_error(ctx, ACCEPT);
}

char LICENSE[] SEC("license") = "GPL";
