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

// Tells libbpf's headers that registers have the kernel's names.
#define __VMLINUX_H__

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

struct linux_binprm;
struct kernel_siginfo;
struct address_space;
struct folio;
struct page;
struct buffer_head;

// Registers, by the names that libbpf's bpf_tracing.h reads arguments with.

#ifdef __TARGET_ARCH_arm64
struct user_pt_regs {
  __u64 regs[31];
  __u64 sp;
  __u64 pc;
};

struct pt_regs {
  struct user_pt_regs user_regs;
  __s32 syscallno;
};
#else
struct pt_regs {
  unsigned long bp;
  unsigned long r10;
  unsigned long r9;
  unsigned long r8;
  unsigned long ax;
  unsigned long cx;
  unsigned long dx;
  unsigned long si;
  unsigned long di;
  unsigned long orig_ax;
  unsigned long ip;
  unsigned long sp;
};
#endif

// Control groups.

struct kernfs_node {
  __u64 id;
};

struct cgroup {
  struct kernfs_node* kn;
};

struct cgroup_subsys_state {
  struct cgroup* cgroup;
};

struct css_set {
  struct cgroup* dfl_cgrp;  // in the v2 hierarchy
};

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
  int exit_signal;
  unsigned int in_iowait : 1;
  __u64 start_time;
  struct task_struct* group_leader;
  struct signal_struct* signal;
  struct css_set* cgroups;
};

// Until 5.13 the state had another name and type.
struct task_struct___until_5_13 {
  long state;
};

struct task_group {
  struct cgroup_subsys_state css;
};

// The tasks of a group on one CPU.
struct cfs_rq {
  struct task_group* tg;
};

// Memory.

struct oom_control {
  struct task_struct* chosen;
};

struct shrink_control;

struct shrinker {
  unsigned long (*scan_objects)(struct shrinker*, struct shrink_control*);
};

// Files.

enum wb_reason {
  WB_REASON_BACKGROUND,
  WB_REASON_VMSCAN,
  WB_REASON_SYNC,
  WB_REASON_PERIODIC,
  WB_REASON_LAPTOP_TIMER,
  WB_REASON_FS_FREE_SPACE,
  WB_REASON_FORKER_THREAD,
  WB_REASON_FOREIGN_FLUSH,
};

struct bdi_writeback;

struct wb_writeback_work {
  enum wb_reason reason;
};

struct dentry;
struct file;
struct inode;
struct iov_iter;
struct kiocb;
struct nameidata;
struct qstr;
struct super_block;

// Timers.

struct timer_list {
  void (*function)(struct timer_list*);
};

// Network.

struct sock_common {
  unsigned short skc_family;
  __u16 skc_num;  // the local port, in the host's order
};

struct sock {
  struct sock_common __sk_common;
  __u16 sk_protocol;
  __u16 sk_type;
  __u32 sk_ack_backlog;
};

struct tcp_sock {
  __u32 srtt_us;  // eight times the smoothed round trip
  __u64 bytes_acked;
  __u64 bytes_received;
};

struct socket {
  short type;
};

struct msghdr;
struct proto_accept_arg;

struct sk_buff {
  unsigned int len;
  __be16 protocol;
  __u16 network_header;
  unsigned int tail;  // an offset from head on 64-bit kernels
  unsigned char* head;
  unsigned char* data;
};

struct net_device {
  char name[16];
};

struct napi_struct {
  struct net_device* dev;
};

struct neigh_table {
  int family;
};

struct neighbour {
  struct neigh_table* tbl;
};

// Interrupts.

struct irqaction {
  const char* name;
};

// What programs of other kinds than tp_btf are given.

struct trace_event_raw_sys_exit {
  long ret;
};

struct bpf_perf_event_data {
  __u64 sample_period;
};

struct xdp_md {
  __u32 data;
  __u32 data_end;
};

#pragma clang attribute pop

#endif  // EBPF_EXPORTER_BPF_INCLUDE_VMLINUX_H_
