// What the programs about memory count when a control group is at its limit,
// and of errors that hardware did not have.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "bpf/programs/test/test_cgroup.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr uint64_t kMiB = 1 << 20;

class MemoryBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
  }
};

TEST_F(MemoryBpfTest, ReclaimMeasuresHowLongAGroupAtItsLimitWaits) {
  constexpr uint64_t kLimit = 16 * kMiB;
  constexpr uint64_t kFile = 64 * kMiB;
  constexpr uint32_t kMemcg = 1;
  const TestCgroup group("memory", kLimit);
  if (!group.trouble().empty()) GTEST_SKIP() << group.trouble();
  const std::string path = ::testing::TempDir() + "/reclaim";
  const Counted counted("reclaim");
  const auto write_file = [&] {
    const std::string block(kMiB, 'x');
    const int fd = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
    // A group full of pages that wait for a slow disk is killed, so they are
    // written at once.
    for (uint64_t i = 0; i < kFile / kMiB; ++i) {
      if (write(fd, block.data(), kMiB) != ssize_t{kMiB}) return 1;
      if (fdatasync(fd) != 0) return 1;
    }
    return close(fd);
  };
  const int status = group.Run(write_file);
  unlink(path.c_str());
  ASSERT_EQ(status, 0);
  const Numbers slots = counted.Slots("reclaim_latency_seconds", Key(kMemcg));
  ASSERT_EQ(slots.size(), 28u);
  EXPECT_GE(CountOf(slots), 10u);
  EXPECT_GE(slots[27], 1u);
  // Flushers may have found some before the task asked.
  const uint64_t pages = counted.Value("reclaimed_pages_total", Key(kMemcg));
  EXPECT_GE(pages, (kFile - kLimit) / 4096 / 4);
  EXPECT_LE(pages, kFile / 4096 * 2);
}

// Names that do not exist are remembered, and forgotten at the limit.
TEST_F(MemoryBpfTest, ShrinkerCountsWhatACacheGivesBack) {
  constexpr int kNames = 400'000;
  const TestCgroup group("memory", 32 * kMiB);
  if (!group.trouble().empty()) GTEST_SKIP() << group.trouble();
  const Counted counted("shrinker");
  const auto look_for_names = [] {
    struct stat status;
    for (int i = 0; i < kNames; ++i) {
      const std::string path =
          ::testing::TempDir() + "/not_there." + std::to_string(i);
      if (stat(path.c_str(), &status) == 0) return 1;
    }
    return 0;
  };
  ASSERT_EQ(group.Run(look_for_names), 0);
  const Numbers latency = counted.Sum("shrinker_latency_seconds");
  ASSERT_EQ(latency.size(), 28u);
  EXPECT_GE(CountOf(latency), 1u);
  const Numbers freed = counted.Sum("shrinker_freed_objects_total");
  ASSERT_EQ(freed.size(), 1u);
  EXPECT_GE(freed[0], kNames / 4u);
  EXPECT_LE(freed[0], kNames * 4u);
  for (const auto& [function, count] :
       counted.Entries("shrinker_freed_objects_total")) {
    EXPECT_NE(function, Key(uint64_t{0}));
  }
}

TEST_F(MemoryBpfTest, OomCountsTheVictimUnderItsGroup) {
  const TestCgroup group("memory", 32 * kMiB);
  if (!group.trouble().empty()) GTEST_SKIP() << group.trouble();
  const Counted counted("oom");
  const auto take_too_much = [] {
    constexpr size_t kSize = 256 * kMiB;
    void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < kSize; i += 4096) {
      static_cast<volatile char*>(memory)[i] = 1;
    }
    return 0;
  };
  const int status = group.Run(take_too_much);
  if (WIFEXITED(status)) GTEST_SKIP() << "nobody was killed: is there swap?";
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_EQ(counted.Sum("oom_kills_total"), Numbers{1});
  if (group.v2_id() == 0) return;
  EXPECT_EQ(counted.Value("oom_kills_total", Key(group.v2_id())), 1u);
}

// A text in kernel memory that a test knows, with room for 31 bytes and a 0:
// the beginning of /proc/version, or none where kallsyms hides it.
struct KernelText {
  uint64_t address = 0;
  std::string text = std::string(32, '\0');
};

KernelText FindKernelText() {
  KernelText found;
  std::ifstream symbols("/proc/kallsyms");
  std::string line;
  while (std::getline(symbols, line)) {
    if (!line.ends_with(" linux_banner")) continue;
    found.address = std::stoull(line, nullptr, 16);
  }
  if (found.address == 0) return found;
  std::ifstream("/proc/version").read(found.text.data(), 31);
  return found;
}

TEST_F(MemoryBpfTest, MemoryErrorsAreCountedByModule) {
  const KernelText module = FindKernelText();
  const Counted counted("memory_errors", kAnything);
  if (!counted.trouble().empty()) GTEST_SKIP() << counted.trouble();
  constexpr uint64_t kUncorrected = 1, kController = 3;
  for (const uint64_t errors : {5, 2}) {
    counted.Run("memory_error",
                {kUncorrected, 0, module.address, errors, kController});
  }
  counted.Run("memory_error", {0, 0, module.address, 1, kController});
  const auto key = [&](uint32_t type) {
    return Key(type) + Key(uint32_t{kController}) + module.text;
  };
  EXPECT_EQ(counted.Value("memory_errors_total", key(kUncorrected)), 7u);
  EXPECT_EQ(counted.Value("memory_errors_total", key(0)), 1u);
  EXPECT_EQ(counted.Entries("memory_errors_total").size(), 2u);
}

TEST_F(MemoryBpfTest, PciErrorsAreCountedByDevice) {
  const KernelText device = FindKernelText();
  const Counted counted("pci_errors", kAnything);
  if (!counted.trouble().empty()) GTEST_SKIP() << counted.trouble();
  constexpr uint64_t kCorrectable = 2;
  for (int i = 0; i < 3; ++i) {
    counted.Run("pci_error", {device.address, 0x1000, kCorrectable});
  }
  EXPECT_EQ(counted.Value("pci_errors_total", device.text + Key(kCorrectable)),
            3u);
  EXPECT_EQ(counted.Entries("pci_errors_total").size(), 1u);
}

}  // namespace
}  // namespace ebpf_exporter
