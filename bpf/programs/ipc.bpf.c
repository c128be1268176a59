// SPDX-License-Identifier: GPL-2.0
/*
 * How many instructions do CPUs execute, and in how many cycles?
 *
 * Hooks: the perf events instructions and cycles of the hardware.
 * Kernels: 5.10 and later, on hardware that counts them: most virtual machines
 * do not.
 *
 * A sample is taken 99 times a second and stands for all events of its CPU
 * since the one before.
 */

#include "bpf/include/count.bpf.h"

#define MAX_CPUS 4096

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_CPUS);
	__type(key, __u32);
	__type(value, __u64);
} cpu_instructions_total SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_CPUS);
	__type(key, __u32);
	__type(value, __u64);
} cpu_cycles_total SEC(".maps");

SEC("perf_event/type=0,config=1,frequency=99")
int ipc_on_instructions(struct bpf_perf_event_data *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id();

	count_in_hash(&cpu_instructions_total, &cpu, ctx->sample_period);
	return 0;
}

SEC("perf_event/type=0,config=0,frequency=99")
int ipc_on_cycles(struct bpf_perf_event_data *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id();

	count_in_hash(&cpu_cycles_total, &cpu, ctx->sample_period);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
