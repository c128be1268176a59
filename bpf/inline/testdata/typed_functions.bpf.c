// SPDX-License-Identifier: GPL-2.0
/*
 * typed_functions, which was inline code of ebpf_exporter 1.x. Keys are compared as bytes, so
 * their holes must be zero, which one flag sees to:
 *
 *   bpftool btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h
 *   clang -target bpf -mcpu=v3 -O2 -g -I. -D__TARGET_ARCH_x86 \
 *     -ftrivial-auto-var-init=zero -c typed_functions.bpf.c -o typed_functions.bpf.o
 *
 * Before clang 16 that flag wants another one beside it, which clang then names.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

#define bcc_add_(leaf, by)                                                    \
	({                                                                    \
		if (sizeof(*(leaf)) == 8)                                     \
			__sync_fetch_and_add((u64 *)(leaf), (u64)(by));       \
		else if (sizeof(*(leaf)) == 4)                                \
			__sync_fetch_and_add((u32 *)(leaf), (u32)(by));       \
		else                                                          \
			*(leaf) += (by);                                      \
	})
#define bcc_increment(map, key_, by)                                          \
	({                                                                    \
		typeof(*(map).key) bcc_key_ = key_;                           \
		typeof(*(map).value) bcc_by_ = by;                            \
		typeof((map).value) bcc_leaf_ =                               \
			bpf_map_lookup_elem(&(map), &bcc_key_);               \
		if (!bcc_leaf_ &&                                             \
		    bpf_map_update_elem(&(map), &bcc_key_, &bcc_by_, 1))      \
			bcc_leaf_ = bpf_map_lookup_elem(&(map), &bcc_key_);   \
		if (bcc_leaf_)                                                \
			bcc_add_(bcc_leaf_, bcc_by_);                         \
	})
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, u64); __type(value, u64); __uint(max_entries, 10240); } opens SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, u32); __type(value, u64); __uint(max_entries, 10240); } opened SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, u32); __type(value, u64); __uint(max_entries, 10240); } used SEC(".maps");

void (*const hook____on_open)(u32, void *, struct open_how *) __attribute__((section(".typed_hooks"), used)) = 0;
SEC("fentry/do_sys_openat2")
int on_open(struct pt_regs *ctx
            )
{ int directory = (int)((u64 *)ctx)[0]; const char *name = (const char *)((u64 *)ctx)[1]; struct open_how *how = (struct open_how *)((u64 *)ctx)[2];
    bcc_increment(opens, (how->flags), 1);
    return 0;
}

void (*const hook____on_opened)(u32, void *, struct file *) __attribute__((section(".typed_hooks"), used)) = 0;
SEC("fexit/alloc_empty_file")
int on_opened(struct pt_regs *ctx)
{
    struct file *file = (struct file *)((u64 *)ctx)[2];

    if (!file)
        return 0;
    bcc_increment(opened, (file->f_flags), 1);
    return 0;
}

static __always_inline int on_use(struct pt_regs *ctx)
{ struct file *file = (struct file *)((u64 *)ctx)[0];
    bcc_increment(used, (file->f_flags), 1);
    return 0;
}

void (*const hook____on_use__vfs_read)(struct file *) __attribute__((section(".typed_hooks"), used)) = 0;
SEC("fentry/vfs_read")
int on_use__vfs_read(void *ctx)
{
	return on_use(ctx);
}

void (*const hook____on_use__vfs_write)(struct file *) __attribute__((section(".typed_hooks"), used)) = 0;
SEC("fentry/vfs_write")
int on_use__vfs_write(void *ctx)
{
	return on_use(ctx);
}

char LICENSE[] SEC("license") = "GPL";
