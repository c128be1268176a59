// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// A histogram with its slots in the value, by the helpers of histogram.bpf.h.
#include "benchmark/programs/value_map.bpf.h"

static __always_inline void on_call(__u32 number) {
  record_exp2_in_value(&counts, &number, latency, measured_ns(number),
                       NS_PER_US);
}
