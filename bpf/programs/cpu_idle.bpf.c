// SPDX-License-Identifier: GPL-2.0
/*
 * How long do CPUs sleep at a time, and how deeply?
 *
 * Hook: tp_btf/cpu_idle. Kernels: 5.10 and later.
 *
 * The number of a state is the driver's: the deeper the sleep, the higher (see
 * /sys/devices/system/cpu/cpu0/cpuidle). In a virtual machine there is often
 * one.
 */

#include "bpf/include/histogram.bpf.h"
#include "bpf/include/typed_hook.bpf.h"

#define MAX_STATES 16
#define AWAKE 0xffffffff /* PWR_EVENT_EXIT */

/* 2^26 microseconds: 67 s. */
HISTOGRAM_VALUE(sleep_us, 26);

/* Of this CPU; 0 while it is awake. */
struct sleep {
	__u64 since;
	__u64 state;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sleep);
} cpu_asleep SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, MAX_STATES);
	__type(key, __u32);
	__type(value, struct sleep_us);
} cpu_idle_seconds SEC(".maps");

TYPED_TP_BTF(cpu_idle, cpu_idle_state, unsigned int state)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 key = 0;
	struct sleep *sleep = bpf_map_lookup_elem(&cpu_asleep, &key);

	if (!sleep)
		return 0;
	if (state != AWAKE) {
		sleep->since = now;
		sleep->state = state;
		return 0;
	}
	if (!sleep->since)
		return 0;
	key = sleep->state;
	now -= sleep->since;
	sleep->since = 0;
	record_exp2_in_value(&cpu_idle_seconds, &key, sleep_us, now, NS_PER_US);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
