#include "bpf/loader/section_hook.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

void ExpectHook(std::string_view section, HookKind kind,
                const std::vector<std::string>& targets) {
  const SectionHook hook = HookOfSection(section);
  EXPECT_EQ(hook.kind, kind) << section;
  EXPECT_EQ(hook.targets, targets) << section;
}

TEST(SectionHookTest, LibbpfAttachesMostItself) {
  for (std::string_view section :
       {"", "kprobe/vfs_read", "kretprobe/vfs_read", "ksyscall/read",
        "fentry/vfs_read", "tp/irq/softirq_entry", "raw_tp/sys_enter",
        "tp_btf/sys_enter", "uprobe//bin/sh:main", "usdt//bin/sh:a:b",
        "lsm/file_open", "mine", "xdp", "xdp/devmap", "xdp/cpumap", "xdp.frags",
        "tc", "tcx/ingress", "perf_event"}) {
    ExpectHook(section, HookKind::kSection, {});
  }
}

TEST(SectionHookTest, TheRestIsTakenApart) {
  ExpectHook("perf_event/type=1,config=0,frequency=99", HookKind::kPerfEvent,
             {"type=1,config=0,frequency=99"});
  ExpectHook("xdp/lo", HookKind::kXdp, {"lo"});
  ExpectHook("xdp/lo,eth0,", HookKind::kXdp, {"lo", "eth0"});
  ExpectHook("xdp/", HookKind::kXdp, {});
  ExpectHook("tcx/ingress/lo", HookKind::kTcx, {"ingress/lo"});
  ExpectHook("tcx/egress/lo,eth0", HookKind::kTcx,
             {"egress/lo", "egress/eth0"});
  ExpectHook("kprobe.multi/tcp_*", HookKind::kKprobeMulti, {"tcp_*"});
  ExpectHook("kretprobe.multi/tcp_*", HookKind::kKretprobeMulti, {"tcp_*"});
  ExpectHook("uprobe.multi/libc.so.6:mal*", HookKind::kUprobeMulti,
             {"libc.so.6:mal*"});
  ExpectHook("uretprobe.multi//bin/sh:main", HookKind::kUretprobeMulti,
             {"/bin/sh:main"});
  ExpectHook("iter/task", HookKind::kIterator, {});
  ExpectHook("iter.s/task", HookKind::kIterator, {});
}

TEST(SectionHookTest, EntryAndReturnProbesAreOneType) {
  EXPECT_TRUE(SameProgramType(HookKind::kKprobe, HookKind::kKretprobe));
  EXPECT_TRUE(SameProgramType(HookKind::kXdp, HookKind::kXdp));
  EXPECT_FALSE(SameProgramType(HookKind::kKprobe, HookKind::kKprobeMulti));
  EXPECT_FALSE(
      SameProgramType(HookKind::kTracepoint, HookKind::kRawTracepoint));
}

}  // namespace
}  // namespace ebpf_exporter
