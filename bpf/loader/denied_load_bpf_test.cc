// Loading where something stands in the way: a seccomp filter, limits of the
// process, an object with very many programs. Needs root, or CAP_BPF and
// CAP_PERFMON. Each test denies it to a child of its own.

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bpf/loader/denials.h"
#include "bpf/loader/elf_check.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/many_programs.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/test_object.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/in_child.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kSeccomp[] =
    "a seccomp filter of this process refuses bpf(): add bpf to "
    "SystemCallFilter= of its systemd unit, or to the profile of its container "
    "(`--security-opt seccomp=FILE`)";

auto Refused(std::string_view reason, std::string_view detail) {
  return ElementsAre(AllOf(
      Field("function", &LoadFailure::function, ""),
      Field("reason", &LoadFailure::reason, reason),
      Field("detail", &LoadFailure::detail, HasSubstr(std::string(detail)))));
}

LoadResult Load(std::span<const std::byte> object) {
  ProgramConfig config;
  config.name = "test";
  return Loader().Load(config, object, "test.bpf.o");
}

// From now on bpf() gives `error`, and nothing else changes.
void RefuseBpf(int error) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
      BPF_STMT(BPF_RET | BPF_K,
               SECCOMP_RET_ERRNO | static_cast<uint32_t>(error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {.len = 4, .filter = code};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

void Limit(decltype(RLIMIT_NOFILE) resource, rlim_t limit) {
  const rlimit both = {.rlim_cur = limit, .rlim_max = limit};
  ASSERT_EQ(setrlimit(resource, &both), 0);
}

void DropSysResource() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3,
                                     .pid = 0};
  __user_cap_data_struct sets[2] = {};
  ASSERT_EQ(syscall(SYS_capget, &header, sets), 0);
  sets[0].effective &= ~CAP_TO_MASK(CAP_SYS_RESOURCE);
  sets[0].permitted &= ~CAP_TO_MASK(CAP_SYS_RESOURCE);
  ASSERT_EQ(syscall(SYS_capset, &header, sets), 0);
}

class DeniedLoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
  }
};

TEST_F(DeniedLoadTest, NothingIsDeniedAtFirst) {
  const Denials denials = LookForDenials();
  EXPECT_TRUE(denials.bpf_reached);
  EXPECT_FALSE(denials.user_namespace);
  EXPECT_THAT(Load(TestObject("healthy")).failures, IsEmpty());
}

TEST_F(DeniedLoadTest, ASeccompFilterThatForbidsIsNamed) {
  InChild([] {
    RefuseBpf(EPERM);
    const LoadResult result = Load(TestObject("healthy"));
    EXPECT_FALSE(result.config.has_value());
    EXPECT_THAT(result.failures, Refused("permission", kSeccomp));
  });
}

TEST_F(DeniedLoadTest, ASeccompFilterThatHidesIsNamed) {
  InChild([] {
    RefuseBpf(ENOSYS);
    const LoadResult result = Load(TestObject("healthy"));
    EXPECT_FALSE(result.config.has_value());
    EXPECT_THAT(result.failures, Refused("permission", kSeccomp));
  });
}

// Kernels from 5.11 on do not ask this limit; others name it.
TEST_F(DeniedLoadTest, ASmallLimitOfLockedMemoryStopsNothingOrIsNamed) {
  InChild([] {
    Limit(RLIMIT_MEMLOCK, 4096);
    DropSysResource();  // or libbpf raises it again
    const LoadResult result = Load(TestObject("healthy"));
    if (LookForDenials().memlock) {
      EXPECT_THAT(result.failures, Refused("permission", "LimitMEMLOCK="));
      return;
    }
    EXPECT_TRUE(result.config.has_value());
    EXPECT_THAT(result.failures, IsEmpty());
  });
}

TEST_F(DeniedLoadTest, TooFewDescriptorsRefuseTheWholeWithTheMend) {
  const std::string object = ManyPrograms(200);
  InChild([&] {
    Limit(RLIMIT_NOFILE, 64);
    const LoadResult result = Load(BytesOf(object));
    EXPECT_FALSE(result.config.has_value());
    EXPECT_THAT(result.failures,
                Refused("out_of_files",
                        "cannot be loaded: Too many open files (raise the "
                        "limit with `ulimit -n` or, in a systemd unit, "
                        "LimitNOFILE=)"));
  });
}

TEST_F(DeniedLoadTest, TenThousandProgramsAreRefusedAtOnce) {
  const LoadResult result = Load(BytesOf(ManyPrograms(10'000)));
  EXPECT_FALSE(result.config.has_value());
  EXPECT_THAT(result.failures,
              Refused("bad_object",
                      "object \"test.bpf.o\" has 10000 functions; at most "
                      "1024 are accepted; split it into several objects"));
}

TEST_F(DeniedLoadTest, AsManyProgramsAsAcceptedAreServed) {
  rlimit files = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_max < 4096) GTEST_SKIP() << "needs 4096 descriptors";
  // To load one is slow where the machine is emulated.
  const size_t many = kMaxFunctions / static_cast<size_t>(Patience());
  InChild([&] {
    Limit(RLIMIT_NOFILE, 4096);
    const LoadResult result = Load(BytesOf(ManyPrograms(many)));
    ASSERT_TRUE(result.config.has_value()) << result.failures.front().detail;
    EXPECT_THAT(result.config->programs, SizeIs(many));
    // As many on one hook as the kernel takes; the rest is said.
    for (const LoadFailure& failure : result.failures) {
      EXPECT_EQ(failure.reason, "attach") << failure.detail;
    }
  });
}

}  // namespace
}  // namespace ebpf_exporter
