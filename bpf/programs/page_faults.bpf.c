// SPDX-License-Identifier: GPL-2.0
/*
 * How many page faults happen in programs, and how many in the kernel on their
 * behalf?
 *
 * Hooks: tp_btf/page_fault_user, page_fault_kernel. Kernels: 5.10 and later, on
 * x86 (others have no such tracepoints, or only recently).
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

enum mode { MODE_USER, MODE_KERNEL, MODES };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MODES);
	__type(key, __u32);
	__type(value, __u64);
} page_faults_total SEC(".maps");

TYPED_TP_BTF(page_fault_user, page_faults_user, unsigned long address)
{
	count_in_array(&page_faults_total, MODE_USER, 1);
	return 0;
}

TYPED_TP_BTF(page_fault_kernel, page_faults_kernel, unsigned long address)
{
	count_in_array(&page_faults_total, MODE_KERNEL, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
