#include "bpf/loader/capabilities.h"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// A set of this process, such as `CapEff`.
uint64_t Set(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    std::string_view text = line;
    if (!absl::ConsumePrefix(&text, name)) continue;
    uint64_t set = 0;
    EXPECT_TRUE(absl::SimpleHexAtoi(
        absl::StripAsciiWhitespace(absl::StripPrefix(text, ":")), &set));
    return set;
  }
  return ~uint64_t{0};
}

TEST(CapabilitiesTest, Words) {
  EXPECT_EQ(*ParseCapabilities("all"), std::nullopt);
  EXPECT_EQ(*ParseCapabilities("none"), uint64_t{0});
  EXPECT_EQ(*ParseCapabilities("cap_chown"), uint64_t{1});
  EXPECT_EQ(*ParseCapabilities("CAP_BPF, cap_perfmon"),
            uint64_t{1} << 39 | uint64_t{1} << 38);
  EXPECT_EQ(*ParseCapabilities("cap_checkpoint_restore"), uint64_t{1} << 40);
  for (const char* text : {"", "bpf", "cap_", "cap_bpf,", "all,none"}) {
    EXPECT_FALSE(ParseCapabilities(text).ok()) << text;
  }
}

TEST(CapabilitiesTest, WhatIsNotKeptIsGone) {
  const pid_t child = fork();
  if (child == 0) {
    const uint64_t before = Set("CapPrm");
    const uint64_t kept = before & ~uint64_t{2};
    EXPECT_TRUE(KeepCapabilities(kept).ok());
    EXPECT_EQ(Set("CapEff"), kept);
    EXPECT_EQ(Set("CapPrm"), kept);
    EXPECT_TRUE(KeepCapabilities(0).ok());
    EXPECT_EQ(Set("CapEff"), 0u);
    EXPECT_EQ(Set("CapInh"), 0u);
    EXPECT_TRUE(KeepCapabilities(~uint64_t{0}).ok());  // does not come back
    EXPECT_EQ(Set("CapPrm"), 0u);
    _exit(HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(CapabilitiesTest, NotBesideOtherThreads) {
  bool failed = false;
  std::thread other(
      [&failed] { failed = absl::IsFailedPrecondition(KeepCapabilities(0)); });
  other.join();
  EXPECT_TRUE(failed);
}

}  // namespace
}  // namespace ebpf_exporter
