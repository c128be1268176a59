// Every kind of hook, live: what each counts under a known load. Kinds that the
// running kernel lacks are skipped, and say so; they are tried before.

#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/kaddrs.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/test_object.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/kernel_version.h"
#include "tools/build/test_machine.h"

extern "C" {
// What uprobes of the test objects look for by these names.
[[gnu::noinline, gnu::used]] int attach_test_one(int x) {
  asm volatile("" : "+r"(x));
  return x;
}
[[gnu::noinline, gnu::used]] int attach_test_two(int x) {
  asm volatile("" : "+r"(x));
  return x + 1;
}
}

// A function by its name that is nowhere: no probe attaches to it.
asm(".type attach_test_nowhere, %function\n"
    ".set attach_test_nowhere, 16\n");

#if defined(__x86_64__)
// A statically defined probe, as <sys/sdt.h> writes it, with one argument: a
// no-op, and a note that says where it is and that the argument is in %rax.
[[gnu::noinline]] static void Land(uint64_t argument) {
  asm volatile(
      "990: nop\n"
      ".pushsection .note.stapsdt,\"\",\"note\"\n"
      ".balign 4\n"
      ".4byte 992f-991f, 994f-993f, 3\n"
      "991: .asciz \"stapsdt\"\n"
      "992: .balign 4\n"
      "993: .8byte 990b\n"
      ".8byte _.stapsdt.base\n"
      ".8byte 0\n"
      ".asciz \"attach_test\"\n"
      ".asciz \"landed\"\n"
      ".asciz \"8@%%rax\"\n"
      "994: .balign 4\n"
      ".popsection\n"
      ".ifndef _.stapsdt.base\n"
      ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
      ".weak _.stapsdt.base\n"
      ".hidden _.stapsdt.base\n"
      "_.stapsdt.base: .space 1\n"
      ".size _.stapsdt.base,1\n"
      ".popsection\n"
      ".endif\n"
      :
      : "a"(argument));
}
#endif

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

constexpr int kCalls = 200;

// The numbers of hooks.bpf.c.
enum Hit : uint32_t {
  kRawTp,
  kTpBtf,
  kUprobe,
  kUretprobe,
  kUprobeMulti,
  kUretprobeMulti,
  kPageFault,
  kNoSuchEvent,
  kTask,
  kPacket,
  kNoSuchInterface = kPacket,
  kIngress,
  kKprobe,
  kKretprobe,
  kKsyscall,
  kKprobeMulti,
  kFentry,
  kFexit,
  kWrongFentry,
  kNoSuchFunction,
  kAddress,
  kClock,
  kGetppid,
  kFmodRet,
  kLsm,
  kKretprobeMulti,
};

void SendPackets(int count) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < count; ++i) {
    static_cast<void>(sendto(fd, "x", 1, 0,
                             reinterpret_cast<const sockaddr*>(&address),
                             sizeof(address)));
  }
  close(fd);
}

void FaultPages(int count) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  auto* memory = static_cast<volatile char*>(
      mmap(nullptr, page * static_cast<size_t>(count), PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  madvise(const_cast<char*>(memory), page * static_cast<size_t>(count),
          MADV_NOHUGEPAGE);
  for (int i = 0; i < count; ++i) memory[page * static_cast<size_t>(i)] = 1;
  munmap(const_cast<char*>(memory), page * static_cast<size_t>(count));
}

class AttachTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    config_.name = "test";
  }

  void Load(std::string_view object, LoaderOptions options = {}) {
    own_ =
        Loader(std::move(options))
            .Load(config_, TestObject(object), absl::StrCat(object, ".bpf.o"));
    ASSERT_TRUE(own_.config.has_value()) << own_.failures.back().detail;
  }

  // The failure of a function; null if it is at work.
  const LoadFailure* FailureOf(std::string_view function) const {
    for (const LoadFailure& failure : result_->failures) {
      if (failure.function == function) return &failure;
    }
    return nullptr;
  }

  // Since the test began.
  uint64_t Hits(Hit number) const {
    return ReadMap("hits")[number] - before_[number];
  }

  std::map<uint32_t, uint64_t> ReadMap(std::string_view name) const {
    std::map<uint32_t, uint64_t> entries;
    for (const LoadedMap& map : result_->config->maps) {
      if (map.shape.name != name) continue;
      absl::StatusOr<MapReader> reader = MapReader::Make(map.fd, map.shape);
      EXPECT_TRUE(reader.ok()) << reader.status();
      EXPECT_TRUE(reader
                      ->Walk([&](const EntryBatch& batch) {
                        for (size_t i = 0; i < batch.count; ++i) {
                          uint32_t key = 0;
                          uint64_t value = 0;
                          std::memcpy(&key, batch.key(i), sizeof(key));
                          std::memcpy(&value, batch.value(i), sizeof(value));
                          entries[key] = value;
                        }
                      })
                      .ok());
    }
    return entries;
  }

  // True if the function is at work. If it is not, that must be for want of the
  // kernel, which is said; those that tools/vmtest boots have all of them from
  // some version on.
  bool Works(std::string_view function, int major = 0, int minor = 0) const {
    const LoadFailure* failure = FailureOf(function);
    if (failure == nullptr) return true;
    EXPECT_FALSE(MachineIsForTests() && KernelIsAtLeast(major, minor))
        << function << ": " << failure->detail;
    EXPECT_THAT(failure->reason,
                ::testing::AnyOf("not_supported", "permission", "missing_hook",
                                 "verifier", "load"))
        << failure->detail;
    std::cout << "NOT TRIED HERE: " << function << ": " << failure->reason
              << ": " << failure->detail << std::endl;
    return false;
  }

  ProgramConfig config_;
  LoadResult own_;
  const LoadResult* result_ = &own_;
  mutable std::map<uint32_t, uint64_t> before_;
};

// One load of all hooks, which takes a while, for tests that are content with
// it.
class HooksTest : public AttachTest {
 protected:
  static void SetUpTestSuite() {
    if (!CheckPrivileges().ok()) return;
    ProgramConfig config;
    config.name = "test";
    config.kaddrs = {"vfs_read"};
    shared_ = new LoadResult(
        Loader().Load(config, TestObject("hooks"), "hooks.bpf.o"));
  }
  static void TearDownTestSuite() {
    delete shared_;
    shared_ = nullptr;
  }
  void SetUp() override {
    AttachTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_TRUE(shared_->config.has_value()) << shared_->failures.back().detail;
    result_ = shared_;
    before_ = ReadMap("hits");
  }

 private:
  static LoadResult* shared_;
};

LoadResult* HooksTest::shared_ = nullptr;

TEST_F(HooksTest, EverySectionCountsItsCalls) {
  for (int i = 0; i < kCalls; ++i) {
    syscall(SYS_getppid);
    syscall(SYS_getpgid, 0);
    attach_test_one(i);
    attach_test_two(i);
  }
  EXPECT_GE(Hits(kRawTp), kCalls);
  EXPECT_GE(Hits(kTpBtf), kCalls);
  EXPECT_EQ(Hits(kUprobe), kCalls);
  EXPECT_EQ(Hits(kUretprobe), kCalls);
  EXPECT_EQ(Hits(kUprobeMulti), 2 * kCalls);
  EXPECT_EQ(Hits(kUretprobeMulti), kCalls);
  if (Works("on_kprobe")) {
    EXPECT_GE(Hits(kKprobe), kCalls);
  }
  if (Works("on_kretprobe")) {
    EXPECT_GE(Hits(kKretprobe), kCalls);
  }
  if (Works("on_ksyscall")) {
    EXPECT_GE(Hits(kKsyscall), kCalls);
  }
  if (Works("on_kprobe_multi")) {
    EXPECT_GE(Hits(kKprobeMulti), kCalls);
  }
  if (Works("on_fentry")) {
    EXPECT_GE(Hits(kFentry), kCalls);
  }
  if (Works("on_fexit")) {
    EXPECT_GE(Hits(kFexit), kCalls);
  }
  if (Works("on_kretprobe_multi")) {
    EXPECT_GE(Hits(kKretprobeMulti), kCalls);
  }
}

TEST_F(HooksTest, SecurityHooksCountTheirCalls) {
  for (int i = 0; i < kCalls; ++i) std::ifstream("/proc/self/stat").peek();
  if (Works("on_fmod_ret")) {
    EXPECT_GE(Hits(kFmodRet), kCalls);
  }
  if (!Works("on_lsm")) return;
  if (Hits(kLsm) == 0 && !MachineIsForTests()) {
    GTEST_SKIP() << "NOT TRIED HERE: this kernel was started without lsm=bpf";
  }
  EXPECT_GE(Hits(kLsm), kCalls);
}

TEST_F(HooksTest, SomeOfManyThatFailAreCounted) {
  const LoadFailure* failure = FailureOf("on_uprobe_multi");
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->reason, "attach");
  EXPECT_THAT(failure->detail,
              HasSubstr("1 of 3 functions are not probed, the last of them "
                        "attach_test_nowhere: "));
  for (int i = 0; i < kCalls; ++i) attach_test_two(i);
  EXPECT_EQ(Hits(kUprobeMulti), kCalls);
}

TEST_F(HooksTest, WhatIsNotThereCostsItselfAlone) {
  ASSERT_NE(FailureOf("on_no_such_event"), nullptr);
  EXPECT_EQ(FailureOf("on_no_such_event")->reason, "missing_hook");
  ASSERT_NE(FailureOf("on_no_such_interface"), nullptr);
  EXPECT_EQ(FailureOf("on_no_such_interface")->reason, "missing_hook");
  EXPECT_THAT(FailureOf("on_no_such_interface")->detail, HasSubstr("it has "));
  ASSERT_NE(FailureOf("on_wrong_fentry"), nullptr);
  EXPECT_EQ(FailureOf("on_wrong_fentry")->reason, "type_mismatch");
  EXPECT_THAT(FailureOf("on_wrong_fentry")->detail,
              HasSubstr("the program takes `struct request *`"));
  ASSERT_NE(FailureOf("on_no_such_function"), nullptr);
  if (Works("on_kprobe")) {
    EXPECT_EQ(FailureOf("on_no_such_function")->reason, "missing_hook");
    EXPECT_THAT(FailureOf("on_no_such_function")->detail,
                HasSubstr("renamed or inlined"));
  }
}

TEST_F(HooksTest, PacketsAreSeenByXdpAndTcx) {
  const uint64_t before = Hits(kPacket);
  SendPackets(kCalls);
  if (Works("on_packet")) {
    EXPECT_GE(Hits(kPacket) - before, kCalls);
  }
  if (Works("on_ingress", 6, 6)) {
    EXPECT_GE(Hits(kIngress), kCalls);
  }
}

TEST_F(AttachTest, SoftwareEventsCountOnEveryCpu) {
  config_.kaddrs = {"vfs_read"};
  config_.perf_events = {{1, 0, "on_clock", 0, 1000, {}}};
  Load("hooks");
  FaultPages(kCalls);
  EXPECT_GE(Hits(kPageFault), kCalls);
  volatile uint64_t work = 0;
  for (int i = 0; i < 100'000'000; ++i) work = work + 1;
  EXPECT_GT(Hits(kClock), 10);
}

TEST_F(AttachTest, PerfEventsFollowTheCpus) {
  const std::string list = testing::TempDir() + "online";
  const auto online = [&list](std::string_view cpus) {
    std::ofstream(list, std::ios::trunc) << cpus << "\n";
  };
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  cpu_set_t all;
  ASSERT_EQ(sched_getaffinity(0, sizeof(all), &all), 0);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  LoaderOptions options;
  options.kernel.online_cpus = list;
  online("0");
  config_.kaddrs = {"vfs_read"};
  Load("hooks", options);
  ASSERT_TRUE(result_->config->before_walk);
  FaultPages(kCalls);
  EXPECT_GE(Hits(kPageFault), kCalls);

  online("1023");  // CPU 0 goes, and one that cannot be opened comes
  EXPECT_FALSE(result_->config->before_walk().ok());
  const uint64_t gone = Hits(kPageFault);
  FaultPages(kCalls);
  EXPECT_EQ(Hits(kPageFault), gone);

  online("0");
  EXPECT_TRUE(result_->config->before_walk().ok());
  FaultPages(kCalls);
  EXPECT_GE(Hits(kPageFault), gone + kCalls);
  sched_setaffinity(0, sizeof(all), &all);
}

TEST_F(HooksTest, IteratorsRunBeforeAWalk) {
  if (!Works("on_task")) GTEST_SKIP();
  EXPECT_EQ(Hits(kTask), 0);
  EXPECT_TRUE(result_->config->before_walk().ok());
  const uint64_t once = Hits(kTask);
  EXPECT_GT(once, 1);
  EXPECT_TRUE(result_->config->before_walk().ok());
  EXPECT_GT(Hits(kTask), once);
}

TEST_F(AttachTest, NothingRunsOnceDetached) {
  config_.kaddrs = {"vfs_read"};
  Load("hooks");
  own_.config->detach();
  const std::map<uint32_t, uint64_t> detached = ReadMap("hits");
  syscall(SYS_getppid);
  EXPECT_TRUE(own_.config->before_walk().ok());
  EXPECT_EQ(ReadMap("hits"), detached);
}

TEST_F(HooksTest, AddressesOfSymbolsAreConstants) {
  const auto expected = ResolveKaddrs({"vfs_read"}, ReadFile("/proc/kallsyms"));
  ASSERT_TRUE(expected.ok()) << expected.status();
  syscall(SYS_getppid);
  EXPECT_EQ(ReadMap("hits")[kAddress], expected->front().second);
}

TEST_F(AttachTest, SymbolsThatAreMissingCostTheConfig) {
  config_.kaddrs = {"no_such_symbol"};
  LoadResult result =
      Loader().Load(config_, TestObject("hooks"), "hooks.bpf.o");
  EXPECT_FALSE(result.config.has_value());
  ASSERT_FALSE(result.failures.empty());
  EXPECT_EQ(result.failures.back().function, "");
  EXPECT_EQ(result.failures.back().reason, "missing_kaddr");
  config_.kaddrs = {"vfs_read"};
  result = Loader().Load(config_, TestObject("healthy"), "healthy.bpf.o");
  EXPECT_FALSE(result.config.has_value());
  EXPECT_THAT(result.failures.back().detail,
              HasSubstr("no variable kaddr_vfs_read"));
}

TEST_F(AttachTest, HiddenAddressesCostTheConfigWithTheMend) {
  LoaderOptions options;
  options.kernel.kallsyms = testing::TempDir() + "kallsyms";
  std::ofstream(options.kernel.kallsyms) << "0000000000000000 T vfs_read\n";
  config_.kaddrs = {"vfs_read"};
  const LoadResult result =
      Loader(options).Load(config_, TestObject("hooks"), "hooks.bpf.o");
  EXPECT_FALSE(result.config.has_value());
  EXPECT_EQ(result.failures.back().reason, "permission");
  EXPECT_THAT(result.failures.back().detail, HasSubstr("kptr_restrict"));
}

TEST_F(AttachTest, OneFunctionOnManyKernelFunctions) {
  config_.kaddrs = {"vfs_read"};
  config_.kprobes = {{"__x64_sys_getppid", "on_getppid", {}},
                     {"__x64_sys_getuid", "on_getppid", {}},
                     {"no_such_function_anywhere", "on_getppid", {}}};
  config_.kretprobes = {{"__x64_sys_getppid", "on_getppid", {}}};
  Load("hooks");
  const LoadFailure* failure = FailureOf("on_getppid");
  ASSERT_NE(failure, nullptr);
  if (failure->reason == "not_supported") {
    GTEST_SKIP() << "NOT TRIED HERE: " << failure->detail;
  }
  EXPECT_EQ(failure->reason, "missing_hook");
  const uint64_t before = Hits(kGetppid);
  for (int i = 0; i < kCalls; ++i) {
    syscall(SYS_getppid);
    syscall(SYS_getuid);
  }
  EXPECT_GE(Hits(kGetppid) - before, 3 * kCalls);
}

#if defined(__x86_64__)
TEST_F(AttachTest, ProbesThatABinaryDeclares) {
  if (!KernelIsAtLeast(5, 15)) {
    own_ = Loader().Load(config_, TestObject("usdt"), "usdt.bpf.o");
    ASSERT_NE(FailureOf("on_usdt"), nullptr);
    EXPECT_EQ(FailureOf("on_usdt")->reason, "not_supported");
    EXPECT_THAT(FailureOf("on_usdt")->detail, HasSubstr("Linux 5.15"));
    return;
  }
  Load("usdt");
  for (int i = 0; i < kCalls; ++i) Land(4242);
  EXPECT_EQ(ReadMap("landings")[4242], kCalls);
}
#endif

}  // namespace
}  // namespace ebpf_exporter
