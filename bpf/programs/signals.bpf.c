// SPDX-License-Identifier: GPL-2.0
/*
 * Which signals are sent to processes, and what comes of them?
 *
 * Hook: tp_btf/signal_generate. Kernels: 5.10 and later.
 *
 * SIGKILL, SIGSEGV, SIGABRT or SIGBUS by the dozen are programs that crash.
 * Signals 32 and up count together as `realtime`.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define REALTIME 32

/* Part of the tracepoint's interface; the last two have lost something. */
enum result { DELIVERED, IGNORED, ALREADY_PENDING, OVERFLOW, LOSE_INFO, RESULTS };

struct signal_key {
	__u32 signal;
	__u32 result;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, (REALTIME + 1) * RESULTS);
	__type(key, struct signal_key);
	__type(value, __u64);
} signals_total SEC(".maps");

TYPED_TP_BTF(signal_generate, signals_sent, int signal,
	     struct kernel_siginfo *info, struct task_struct *task, int group,
	     int result)
{
	struct signal_key key = { .signal = signal, .result = result };

	if (key.signal > REALTIME)
		key.signal = REALTIME;
	count_in_hash(&signals_total, &key, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
