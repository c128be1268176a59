// SPDX-License-Identifier: GPL-2.0
/*
 * How often do CPUs look into the last level of their caches, and in vain?
 *
 * Hooks: the perf events cache-references and cache-misses of the hardware.
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
} llc_references_total SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_CPUS);
	__type(key, __u32);
	__type(value, __u64);
} llc_misses_total SEC(".maps");

SEC("perf_event/type=0,config=2,frequency=99")
int llc_on_references(struct bpf_perf_event_data *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id();

	count_in_hash(&llc_references_total, &cpu, ctx->sample_period);
	return 0;
}

SEC("perf_event/type=0,config=3,frequency=99")
int llc_on_misses(struct bpf_perf_event_data *ctx)
{
	__u32 cpu = bpf_get_smp_processor_id();

	count_in_hash(&llc_misses_total, &cpu, ctx->sample_period);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
