// SPDX-License-Identifier: GPL-2.0
/*
 * Which kernel functions arm timers, and how often?
 *
 * Hook: tp_btf/timer_start. Kernels: 5.10 and later.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_FUNCTIONS 1024

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, MAX_FUNCTIONS);
	__type(key, __u64); /* address of the function that will be called */
	__type(value, __u64);
} timers_started_total SEC(".maps");

TYPED_TP_BTF(timer_start, timers_start, struct timer_list *timer)
{
	__u64 function = (__u64)timer->function;

	count_in_hash(&timers_started_total, &function, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
