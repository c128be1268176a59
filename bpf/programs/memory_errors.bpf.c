// SPDX-License-Identifier: GPL-2.0
/*
 * Which memory modules have errors?
 *
 * Hook: raw_tp/mc_event. Kernels: 5.10 and later, with the driver (EDAC) of the
 * host's memory controller. Its first arguments never changed, and a plain raw
 * tracepoint can be tried out where no memory is broken.
 *
 * A module is called as the firmware or the driver does, cut to 31 bytes; one
 * event may stand for many errors.
 */

#include "bpf/include/count.bpf.h"

#define MAX_MODULES 1024
#define LABEL_LEN 32

struct module_key {
	__u32 type;
	__u32 controller;
	char module[LABEL_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_MODULES);
	__type(key, struct module_key);
	__type(value, __u64);
} memory_errors_total SEC(".maps");

/* Its arguments: type, message, module, number of errors, controller ... */
SEC("raw_tp/mc_event")
int memory_error(__u64 *args)
{
	struct module_key key = { .type = args[0], .controller = (__u8)args[4] };
	__s32 errors = args[3];

	bpf_probe_read_kernel_str(key.module, sizeof(key.module),
				  (const void *)args[2]);
	if (errors > 0)
		count_in_hash(&memory_errors_total, &key, errors);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
