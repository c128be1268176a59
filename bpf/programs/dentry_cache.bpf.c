// SPDX-License-Identifier: GPL-2.0
/*
 * How well does the cache of file names answer?
 *
 * Hooks: fentry/lookup_fast (each part of a path that is looked for) and
 * fexit/d_lookup (the cache is asked once more, with locks), or kprobes on
 * these. Kernels: 5.10 and later.
 *
 * A miss is a name that the cache did not have: mostly the file system is asked
 * then. Callers of d_lookup beside path lookup are few, and counted too.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

enum op { REFERENCE, SLOW, MISS, OPS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, OPS);
	__type(key, __u32);
	__type(value, __u64);
} dentry_cache_lookups_total SEC(".maps");

static __always_inline int referenced(void)
{
	count_in_array(&dentry_cache_lookups_total, REFERENCE, 1);
	return 0;
}

static __always_inline int looked_up(const struct dentry *found)
{
	count_in_array(&dentry_cache_lookups_total, SLOW, 1);
	if (!found)
		count_in_array(&dentry_cache_lookups_total, MISS, 1);
	return 0;
}

TYPED_FENTRY(lookup_fast, dentry_reference, struct nameidata *nd)
{
	return referenced();
}

SEC("kprobe/lookup_fast")
int dentry_reference_probe(void *ctx)
{
	return referenced();
}

TYPED_FEXIT(d_lookup, dentry_lookup, const struct dentry *parent,
	    const struct qstr *name, struct dentry *found)
{
	return looked_up(found);
}

SEC("kretprobe/d_lookup")
int BPF_KRETPROBE(dentry_lookup_return, const struct dentry *found)
{
	return looked_up(found);
}

char LICENSE[] SEC("license") = "GPL";
