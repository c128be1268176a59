// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// What typed_functions.bpf.c needs of the kernel's types.

#ifndef EBPF_EXPORTER_BPF_INLINE_TESTDATA_VMLINUX_H_
#define EBPF_EXPORTER_BPF_INLINE_TESTDATA_VMLINUX_H_

#include "bpf/include/vmlinux.h"

typedef __u64 u64;
typedef __u32 u32;

#pragma clang attribute push(__attribute__((preserve_access_index)), \
                             apply_to = record)

struct file {
  unsigned int f_flags;
};

struct open_how {
  __u64 flags;
};

#pragma clang attribute pop

#endif  // EBPF_EXPORTER_BPF_INLINE_TESTDATA_VMLINUX_H_
