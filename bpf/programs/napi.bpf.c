// SPDX-License-Identifier: GPL-2.0
/*
 * Does this host keep up with the packets that its network devices receive?
 *
 * Hook: tp_btf/napi_poll. Kernels: 5.10 and later.
 *
 * A device is polled for at most so many packets at once, its budget. One that
 * uses up its budget has more waiting: where that happens often, packets come
 * faster than one CPU takes them. Packets that need no device (loopback, those
 * sent to another CPU) are polled as `(none)`. Not in the default set: who has
 * a user namespace may name devices in it.
 */

#include "bpf/include/count.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_DEVICES 1024
#define DEVICE_NAME_LEN 16

struct device_key {
	char device[DEVICE_NAME_LEN];
};

struct polls {
	__u64 polls;
	__u64 packets;
	__u64 exhausted; /* polls that used up the budget */
};

static const struct polls no_polls;

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_DEVICES);
	__type(key, struct device_key);
	__type(value, struct polls);
} napi_devices SEC(".maps");

TYPED_TP_BTF(napi_poll, napi_on_poll, struct napi_struct *napi, int work,
	     int budget)
{
	struct net_device *device = napi->dev;
	struct device_key key = { .device = "(none)" };
	struct polls *found;

	if (device) {
		__builtin_memset(&key, 0, sizeof(key));
		bpf_probe_read_kernel_str(key.device, sizeof(key.device),
					  device->name);
	}
	found = find_or_create(&napi_devices, &key, &no_polls);
	if (!found)
		return 0;
	__sync_fetch_and_add(&found->polls, 1);
	if (work > 0)
		__sync_fetch_and_add(&found->packets, work);
	if (work >= budget && budget > 0)
		__sync_fetch_and_add(&found->exhausted, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
