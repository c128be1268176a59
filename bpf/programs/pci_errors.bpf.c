// SPDX-License-Identifier: GPL-2.0
/*
 * Which PCI devices report errors?
 *
 * Hook: raw_tp/aer_event. Kernels: 5.10 and later, with PCI Express error
 * reporting (CONFIG_PCIEAER). Its first arguments never changed, and a plain
 * raw tracepoint can be tried out where no device is broken.
 */

#include "bpf/include/count.bpf.h"

#define MAX_DEVICES 1024
#define NAME_LEN 32

struct device_key {
	char device[NAME_LEN];
	__u64 severity;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_DEVICES);
	__type(key, struct device_key);
	__type(value, __u64);
} pci_errors_total SEC(".maps");

/* Its arguments: name of the device, status, severity ... */
SEC("raw_tp/aer_event")
int pci_error(__u64 *args)
{
	struct device_key key = { .severity = (__u8)args[2] };

	bpf_probe_read_kernel_str(key.device, sizeof(key.device),
				  (const void *)args[0]);
	count_in_hash(&pci_errors_total, &key, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
