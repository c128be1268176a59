#include "bpf/loader/denials.h"

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string File(std::string_view name, std::string_view text) {
  const std::string path = absl::StrCat(testing::TempDir(), "denials_", name);
  std::ofstream(path) << text;
  return path;
}

// A host without any denial; a test makes one file say something else.
DenialFiles Free() {
  return {.status = File("status", "CapEff:\t0\nSeccomp:\t0\n"),
          .uid_map = File("uid_map", "         0          0 4294967295\n"),
          .release = File("release", "6.1.0\n"),
          .lockdown = File("lockdown", "[none] integrity confidentiality\n")};
}

TEST(LookForDenials, AFreeHostHasNone) {
  const Denials denials = LookForDenials(Free());
  EXPECT_FALSE(denials.user_namespace);
  EXPECT_FALSE(denials.seccomp);
  EXPECT_FALSE(denials.memlock);
  EXPECT_EQ(denials.lockdown, "none");
}

TEST(LookForDenials, FilesThatAreNotThereDenyNothing) {
  const Denials denials = LookForDenials({"/no", "/no", "/no", "/no"});
  EXPECT_FALSE(denials.user_namespace);
  EXPECT_FALSE(denials.seccomp);
  EXPECT_FALSE(denials.memlock);
  EXPECT_EQ(denials.lockdown, "");
}

TEST(LookForDenials, ReadsWhichLockdownIsChosen) {
  DenialFiles files = Free();
  const auto lockdown = [&](std::string_view line) {
    files.lockdown = File("lockdown", line);
    return LookForDenials(files).lockdown;
  };
  EXPECT_EQ(lockdown("none [integrity] confidentiality\n"), "integrity");
  EXPECT_EQ(lockdown("none integrity [confidentiality]\n"), "confidentiality");
  EXPECT_EQ(lockdown("none integrity ]confidentiality[\n"), "");
  EXPECT_EQ(lockdown(""), "");
}

TEST(LookForDenials, OnlyOldKernelsBoundMemory) {
  DenialFiles files = Free();
  const auto bounds = [&](std::string_view release) {
    files.release = File("release", release);
    return LookForDenials(files).memlock;
  };
  EXPECT_FALSE(bounds("5.11.0\n"));
  EXPECT_FALSE(bounds("6.1.0-13-amd64\n"));
  EXPECT_FALSE(bounds("unreadable\n"));
  // Only what the limit is decides on these.
  EXPECT_EQ(bounds("5.10.0-30-amd64\n"), bounds("4.19.0\n"));
}

TEST(LookForDenials, KnowsNamespacesAndFilters) {
  DenialFiles files = Free();
  files.uid_map = File("uid_map", "  0  1000  1\n");
  EXPECT_TRUE(LookForDenials(files).user_namespace);
  files.status = File("status", "CapEff:\t0\nSeccomp:\t2\nSeccomp_filters:\t1");
  EXPECT_TRUE(LookForDenials(files).seccomp);
}

// What WhyDenied says where nothing but `lockdown` could be the cause.
std::string Locked(std::string lockdown) {
  Denials denials;
  denials.lockdown = std::move(lockdown);
  return WhyDenied(denials);
}

TEST(WhyDenied, NamesLockdownWithTheMend) {
  EXPECT_EQ(Locked("confidentiality"),
            "the kernel is locked down (confidentiality, see "
            "/sys/kernel/security/lockdown), which forbids BPF programs to "
            "read its memory and to be called by kprobes: boot with "
            "`lockdown=integrity` instead");
}

TEST(WhyDenied, IntegrityIsNotTheCause) {
  EXPECT_THAT(Locked("integrity"),
              AllOf(StartsWith("the kernel forbids it though"),
                    HasSubstr("SELinux"), Not(HasSubstr("locked down"))));
  EXPECT_EQ(Locked("integrity"), Locked(""));
}

TEST(WhyDenied, NamesTheFilterThatRefusesAll) {
  Denials denials;
  denials.seccomp = true;
  EXPECT_THAT(WhyDenied(denials), HasSubstr("or the seccomp filter of this"));
  denials.bpf_reached = false;
  EXPECT_EQ(WhyDenied(denials),
            "a seccomp filter of this process refuses bpf(): add bpf to "
            "SystemCallFilter= of its systemd unit, or to the profile of its "
            "container (`--security-opt seccomp=FILE`)");
  EXPECT_EQ(WhyNoBpf(denials), WhyDenied(denials));
}

TEST(WhyDenied, NamesTheLimitOfOldKernels) {
  Denials denials;
  denials.memlock = true;
  EXPECT_EQ(WhyDenied(denials),
            "kernels before 5.11 count the memory of programs and maps as "
            "locked, and RLIMIT_MEMLOCK is too small for them: raise it with "
            "`ulimit -l unlimited`, with LimitMEMLOCK=infinity in a systemd "
            "unit, or grant CAP_SYS_RESOURCE");
}

TEST(WhyDenied, ANamespaceGoesFirst) {
  Denials denials;
  denials.user_namespace = denials.seccomp = denials.memlock = true;
  denials.bpf_reached = false;
  EXPECT_THAT(WhyDenied(denials),
              StartsWith("this process is in a user namespace"));
}

TEST(WhyNoBpf, WithoutAFilterTheKernelLacksIt) {
  EXPECT_THAT(WhyNoBpf({}), HasSubstr("CONFIG_BPF_SYSCALL"));
}

TEST(LockdownHint, FollowsTheFunctionsThatLockdownTakes) {
  constexpr char kRead[] = "unknown func bpf_probe_read_kernel#113";
  constexpr char kNewRead[] =
      "program of this type cannot use helper bpf_probe_read_compat#4";
  constexpr char kWrite[] = "unknown func bpf_probe_write_user#36";
  EXPECT_THAT(LockdownHint(kRead, "confidentiality"),
              AllOf(StartsWith("the kernel is locked down (confidentiality"),
                    HasSubstr("boot with `lockdown=integrity`")));
  EXPECT_NE(LockdownHint(kNewRead, "confidentiality"), "");
  EXPECT_EQ(LockdownHint(kRead, "integrity"), "");
  EXPECT_THAT(LockdownHint(kWrite, "integrity"),
              HasSubstr("boot with `lockdown=none`"));
  EXPECT_EQ(LockdownHint(kWrite, "none"), "");
  EXPECT_EQ(
      LockdownHint("unknown func bpf_probe_read_user#112", "confidentiality"),
      "");
  EXPECT_EQ(LockdownHint("R1 invalid mem access 'scalar'", "confidentiality"),
            "");
}

}  // namespace
}  // namespace ebpf_exporter
