// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// tp_btf programs whose argument types are checked before they are loaded.
//
// The kernel lets a tp_btf program read through its arguments by the types that
// the running kernel gives the tracepoint, and CO-RE does not relocate them: a
// program that takes its argument for another struct loads without complaint
// and reads the wrong memory. So
//
//     TYPED_TP_BTF(block_rq_issue, bio_issue, struct request* rq) { ... }
//
// is a program in SEC("tp_btf/block_rq_issue"), and also leaves its argument
// types in the object's BTF: a variable `hook____bio_issue` of a type pointer
// to a function of exactly these arguments. The loader compares them with
// `btf_trace_block_rq_issue` of the running kernel and refuses the program
// where they differ.
//
// Name a prefix of the tracepoint's arguments, no more than the program needs:
// kernels append arguments, and then the program goes on working.
//
// Programs at the entry and the end of kernel functions are written alike. At
// the end all arguments are to be named, and the function's result behind them.
//
//     TYPED_FENTRY(vfs_read, on_read, struct file* file) { ... }
//     TYPED_FEXIT(vfs_fsync, on_fsync, struct file* file, int only_data,
//                 int result) { ... }
//
// The variables are in a section of their own, `.typed_hooks`: libbpf skips
// sections it does not know, so they cost no map and no memory in the kernel.

#ifndef EBPF_EXPORTER_BPF_INCLUDE_TYPED_HOOK_BPF_H_
#define EBPF_EXPORTER_BPF_INCLUDE_TYPED_HOOK_BPF_H_

#include "bpf/include/base.bpf.h"

#define TYPED_HOOK(function, args...)    \
  void (*const hook____##function)(args) \
      __attribute__((section(".typed_hooks"), used)) = 0;

#ifdef __bpf__

#define TYPED_FENTRY(kernel_function, function, args...) \
  TYPED_HOOK(function, args)                             \
  SEC("fentry/" #kernel_function)                        \
  int BPF_PROG(function, ##args)

#define TYPED_FEXIT(kernel_function, function, args...) \
  TYPED_HOOK(function, args)                            \
  SEC("fexit/" #kernel_function)                        \
  int BPF_PROG(function, ##args)

#define TYPED_TP_BTF(tracepoint, function, args...) \
  TYPED_HOOK(function, args)                        \
  SEC("tp_btf/" #tracepoint)                        \
  int BPF_PROG(function, ##args)

#else

#define TYPED_FENTRY(kernel_function, function, args...) \
  TYPED_HOOK(function, args)                             \
  int function(args)

#define TYPED_FEXIT(kernel_function, function, args...) \
  TYPED_FENTRY(kernel_function, function, args)

#define TYPED_TP_BTF(tracepoint, function, args...) \
  TYPED_HOOK(function, args)                        \
  int function(args)

#endif  // __bpf__

#endif  // EBPF_EXPORTER_BPF_INCLUDE_TYPED_HOOK_BPF_H_
