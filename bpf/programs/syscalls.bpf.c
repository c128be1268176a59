// SPDX-License-Identifier: GPL-2.0
/*
 * Which system calls does this host make, and how often?
 *
 * Hook: tp_btf/sys_enter. Kernels: 5.10 and later.
 *
 * Calls through the 32-bit entries have numbers of their own: they are counted
 * together as `compat`. Anybody may call any number, so those that no kernel
 * will give a name soon are counted together as `invalid`.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define TS_COMPAT 0x0002 /* x86: this call came through a 32-bit entry */
#define NUMBERS 512

enum { NR_INVALID = NUMBERS, NR_COMPAT, SERIES };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, SERIES);
	__type(key, __u32);
	__type(value, __u64);
} syscalls_total SEC(".maps");

static __always_inline bool is_compat(void)
{
#ifdef __TARGET_ARCH_x86
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, thread_info.status) & TS_COMPAT;
#else
	return false;
#endif
}

TYPED_TP_BTF(sys_enter, syscalls_enter, struct pt_regs *regs, long nr)
{
	__u32 key = nr;

	if ((unsigned long)nr >= NUMBERS)
		key = NR_INVALID;
	if (is_compat())
		key = NR_COMPAT;
	count_in_hash(&syscalls_total, &key, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
