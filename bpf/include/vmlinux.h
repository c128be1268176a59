// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0

// The kernel types that the catalogue's programs use, and no others.
//
// Members are found by name when a program is loaded (CO-RE), so a struct here
// lists only the members that are read, in any order, and fits every kernel
// that has them. What moved between kernels is said twice: a second struct with
// a suffix from `___` on describes the same kernel type, and the program asks
// bpf_core_field_exists() which of them it runs on.
//
// To add a type, look at what the running kernel has,
//
//     tools/bazel run //bpf/include:dump_type -- "struct request_queue"
//
// and copy the members that are needed. Structs that are only pointed at need
// no more than a declaration. A program of your own that wants all of them may
// instead use `bpftool btf dump file /sys/kernel/btf/vmlinux format c`.

#ifndef EBPF_EXPORTER_BPF_INCLUDE_VMLINUX_H_
#define EBPF_EXPORTER_BPF_INCLUDE_VMLINUX_H_

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;

enum { false = 0, true = 1 };

// Part of the system call interface: these numbers never change.

enum bpf_map_type {
  BPF_MAP_TYPE_HASH = 1,
  BPF_MAP_TYPE_ARRAY = 2,
  BPF_MAP_TYPE_PERCPU_HASH = 5,
  BPF_MAP_TYPE_PERCPU_ARRAY = 6,
  BPF_MAP_TYPE_LRU_HASH = 9,
  BPF_MAP_TYPE_LRU_PERCPU_HASH = 10,
};

enum {
  BPF_ANY = 0,
  BPF_NOEXIST = 1,
  BPF_EXIST = 2,
};

// Everything below is relocated to the running kernel's layout.
#pragma clang attribute push(__attribute__((preserve_access_index)), \
                             apply_to = record)

struct pt_regs;
struct linux_binprm;
struct address_space;
struct folio;
struct page;
struct buffer_head;

// Block layer.

struct gendisk {
  char disk_name[32];
};

struct request_queue {
  struct gendisk* disk;
};

struct request {
  struct request_queue* q;
  unsigned int cmd_flags;
  unsigned int __data_len;
};

// Until 5.16 the disk was a member of the request.
struct request___until_5_16 {
  struct gendisk* rq_disk;
};

// Tasks.

struct thread_info {
  __u32 status;
};

struct signal_struct {
  struct task_struct* group_exec_task;
};

struct signal_struct___until_5_16 {
  struct task_struct* group_exit_task;
};

struct task_struct {
  struct thread_info thread_info;
  unsigned int __state;
  unsigned int flags;
  // An int, and a byte in 7.2. Only reads of unsigned types fit other sizes.
  __u32 on_cpu;
  int pid;
  int tgid;
  struct signal_struct* signal;
};

// Until 5.13 the state had another name and type.
struct task_struct___until_5_13 {
  long state;
};

// Timers.

struct timer_list {
  void (*function)(struct timer_list*);
};

// Network.

struct sock_common {
  unsigned short skc_family;
};

struct sock {
  struct sock_common __sk_common;
  __u16 sk_protocol;
};

struct sk_buff {
  unsigned int len;
  __be16 protocol;
  __u16 network_header;
  unsigned int tail;  // an offset from head on 64-bit kernels
  unsigned char* head;
};

#pragma clang attribute pop

#endif  // EBPF_EXPORTER_BPF_INCLUDE_VMLINUX_H_
