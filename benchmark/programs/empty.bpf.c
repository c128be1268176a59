// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
// Finds out that the event counts, and does nothing: what the hook costs.
#include "benchmark/programs/event.bpf.h"

static __always_inline void on_call(__u32 number) {}
