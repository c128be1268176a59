// SPDX-License-Identifier: GPL-2.0
/*
 * How often, and why, are cached addresses of pages thrown away (TLB flushes)?
 *
 * Hook: tp_btf/tlb_flush. Kernels: 5.10 and later, x86; from 6.15 on flushes
 * that reached a CPU in vain are told apart.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define REASONS 6

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REASONS);
	__type(key, __u32);
	__type(value, __u64);
} tlb_flushes_total SEC(".maps");

TYPED_TP_BTF(tlb_flush, tlb_count, int reason)
{
	count_in_array(&tlb_flushes_total, reason, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
