// SPDX-License-Identifier: GPL-2.0
/*
 * How many C++ exceptions are thrown, caught and thrown on?
 *
 * Hooks: the probes (USDT) that libstdc++.so.6 declares; before 5.15, where
 * those of a library cannot be attached, the functions that they are in.
 * Kernels: 5.10 and later.
 *
 * Not seen: programs that are linked with libstdc++ statically, or with another
 * library (containers with another image).
 */

#include "bpf/include/count.bpf.h"
#include <bpf/usdt.bpf.h>

enum event { THROW, CATCH, RETHROW, EVENTS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENTS);
	__type(key, __u32);
	__type(value, __u64);
} cxx_exceptions_total SEC(".maps");

SEC("usdt/libstdc++.so.6:libstdcxx:throw")
int cxx_throw(void *ctx)
{
	count_in_array(&cxx_exceptions_total, THROW, 1);
	return 0;
}

SEC("usdt/libstdc++.so.6:libstdcxx:catch")
int cxx_catch(void *ctx)
{
	count_in_array(&cxx_exceptions_total, CATCH, 1);
	return 0;
}

SEC("usdt/libstdc++.so.6:libstdcxx:rethrow")
int cxx_rethrow(void *ctx)
{
	count_in_array(&cxx_exceptions_total, RETHROW, 1);
	return 0;
}

SEC("uprobe/libstdc++.so.6:__cxa_throw")
int cxx_throw_function(void *ctx)
{
	count_in_array(&cxx_exceptions_total, THROW, 1);
	return 0;
}

SEC("uprobe/libstdc++.so.6:__cxa_begin_catch")
int cxx_catch_function(void *ctx)
{
	count_in_array(&cxx_exceptions_total, CATCH, 1);
	return 0;
}

SEC("uprobe/libstdc++.so.6:__cxa_rethrow")
int cxx_rethrow_function(void *ctx)
{
	count_in_array(&cxx_exceptions_total, RETHROW, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
