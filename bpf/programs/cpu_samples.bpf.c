// SPDX-License-Identifier: GPL-2.0
/*
 * What do CPUs do, and in which functions of the kernel do they spend their
 * time?
 *
 * Hook: the perf event cpu-clock, 99 times a second on each CPU. Kernels: 5.10
 * and later, on every kind of machine.
 *
 * A profile in two metrics: multiplied with the time between two samples, their
 * rates are shares of time. Where interrupts are off, the sample comes when
 * they are on again, so that functions which switch them on look busier than
 * they are.
 */

#include "bpf/include/count.bpf.h"

#define MAX_ADDRESSES 32768

enum mode { IDLE, USER, KERNEL, MODES };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MODES);
	__type(key, __u32);
	__type(value, __u64);
} cpu_samples_total SEC(".maps");

/*
 * By the address at which the kernel was; the decoder finds the function, and
 * addresses of one function are added up. None gives way to another: its
 * function would seem to count backwards.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_ADDRESSES);
	__type(key, __u64);
	__type(value, __u64);
} cpu_kernel_samples_total SEC(".maps");

SEC("perf_event/type=1,config=0,frequency=99")
int cpu_samples_take(struct bpf_perf_event_data *ctx)
{
	__u64 at = 0;

	/* The idle tasks alone have the id 0. */
	if (bpf_get_current_pid_tgid() == 0) {
		count_in_array(&cpu_samples_total, IDLE, 1);
		return 0;
	}
	/* The stack of the kernel is empty while a program runs. */
	if (bpf_get_stack(ctx, &at, sizeof(at), 0) != sizeof(at)) {
		count_in_array(&cpu_samples_total, USER, 1);
		return 0;
	}
	count_in_array(&cpu_samples_total, KERNEL, 1);
	count_in_hash(&cpu_kernel_samples_total, &at, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
