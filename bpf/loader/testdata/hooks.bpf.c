// One function for each kind of hook; each counts its calls under a number of
// its own, for calls of the process that the test is.
#include "bpf/loader/testdata/calls.bpf.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 32);
  __type(key, __u32);
  __type(value, __u64);
} hits SEC(".maps");

// Set by the loader: `kaddrs: [vfs_read]`.
const volatile __u64 kaddr_vfs_read;

static __always_inline int hit(__u32 number) {
  __u64* count = bpf_map_lookup_elem(&hits, &number);
  if (count) __sync_fetch_and_add(count, 1);
  return 0;
}

SEC("raw_tp/sys_enter")
int on_raw_tp(void* context) { return hit(0); }

TYPED_TP_BTF(sys_enter, on_tp_btf, struct pt_regs* regs, long number) {
  return hit(1);
}

SEC("uprobe//proc/self/exe:attach_test_one")
int on_uprobe(void* context) { return hit(2); }

SEC("uretprobe//proc/self/exe:attach_test_one")
int on_uretprobe(void* context) { return hit(3); }

SEC("uprobe.multi//proc/self/exe:attach_test_*")
int on_uprobe_multi(void* context) { return hit(4); }

SEC("uretprobe.multi//proc/self/exe:attach_test_t??")
int on_uretprobe_multi(void* context) { return hit(5); }

// Page faults, each.
SEC("perf_event/type=1,config=2,period=1")
int on_page_fault(void* context) { return hit(6); }

SEC("perf_event/type=9999,config=2,period=1")
int on_no_such_event(void* context) { return hit(7); }

SEC("iter/task")
int on_task(void* context) { return hit(8); }

SEC("xdp/lo")
int on_packet(void* context) {
  hit(9);
  return 2;  // pass
}

SEC("xdp/no_such_if0")
int on_no_such_interface(void* context) { return 2; }

SEC("tcx/ingress/lo")
int on_ingress(void* context) {
  hit(10);
  return -1;  // the next one decides
}

SEC("kprobe/__x64_sys_getppid")
int on_kprobe(void* context) { return hit(11); }

SEC("kretprobe/__x64_sys_getppid")
int on_kretprobe(void* context) { return hit(12); }

SEC("ksyscall/getppid")
int on_ksyscall(void* context) { return hit(13); }

// Of getppid the kernel's lists have another name: it takes no arguments, so
// that several names mean the same function.
SEC("kprobe.multi/__x64_sys_getpgi*")
int on_kprobe_multi(void* context) { return hit(14); }

TYPED_FENTRY(__x64_sys_getpgid, on_fentry, const struct pt_regs* regs) {
  return hit(15);
}

TYPED_FEXIT(__x64_sys_getpgid, on_fexit, const struct pt_regs* regs,
            long result) {
  return hit(16);
}

TYPED_FENTRY(vfs_read, on_wrong_fentry, struct request* request) {
  return hit(17);
}

SEC("kprobe/no_such_function_anywhere")
int on_no_such_function(void* context) { return hit(18); }

// What the loader put into the constant, by a system call's entry.
SEC("raw_tp/sys_enter")
int on_address(void* context) {
  __u32 number = 19;
  __u64* value = bpf_map_lookup_elem(&hits, &number);
  if (value) *value = kaddr_vfs_read;
  return 0;
}

// Attached by lists alone.
SEC("?mine/clock")
int on_clock(void* context) { return hit(20); }

SEC("?mine/getppid")
int on_getppid(void* context) { return hit(21); }

// Kernels without error injection let only these be modified.
SEC("fmod_ret/security_file_open")
int on_fmod_ret(void* context) {
  return hit(22);  // 0: the function runs as ever
}

SEC("lsm/file_open")
int on_lsm(void* context) { return hit(23); }

SEC("kretprobe.multi/__x64_sys_getpgi*")
int on_kretprobe_multi(void* context) { return hit(24); }
