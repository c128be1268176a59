// What the programs about file systems count of known operations. On a kernel
// that allows no fentry and no kprobe, only what has a tracepoint is tried.

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

constexpr uint64_t kTimes = 50;
enum : uint32_t { kRead, kWrite, kOpen, kFsync };

class FilesBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
  }
};

bool IsOn(const std::string& directory, long magic) {
  struct statfs status = {};
  return statfs(directory.c_str(), &status) == 0 && status.f_type == magic;
}

// Each operation so many times.
void UseFiles(const std::string& directory) {
  const std::string path = directory + "/used";
  char byte = 'x';
  for (uint64_t i = 0; i < kTimes; ++i) {
    const int fd = open(path.c_str(), O_CREAT | O_RDWR, 0600);
    EXPECT_EQ(write(fd, &byte, 1), 1);
    EXPECT_EQ(fsync(fd), 0);
    EXPECT_EQ(pread(fd, &byte, 1, 0), 1);
    close(fd);
  }
  unlink(path.c_str());
}

// Of operation `index` if one of its two ends is attached.
void ExpectOperation(const Counted& counted, const std::string& map,
                     const std::string& function, uint32_t index) {
  if (!counted.Attached(function + "_end") &&
      !counted.Attached(function + "_return")) {
    return;
  }
  const Numbers slots = counted.Slots(map, Key(index));
  ASSERT_EQ(slots.size(), 28u);
  EXPECT_GE(CountOf(slots), kTimes) << function;
  if (index == kFsync) {
    EXPECT_GE(slots[27], kTimes) << "a microsecond is not enough for a disk";
  }
}

TEST_F(FilesBpfTest, Ext4MeasuresEachOperation) {
  if (!IsOn(::testing::TempDir(), EXT4_SUPER_MAGIC)) {
    GTEST_SKIP() << ::testing::TempDir() << " is not on ext4";
  }
  const Counted counted("ext4", kAnything);
  ASSERT_EQ(counted.trouble(), "");
  EXPECT_TRUE(counted.Attached("ext4_fsync_end"));
  UseFiles(::testing::TempDir());
  ExpectOperation(counted, "ext4_latency_seconds", "ext4_read", kRead);
  ExpectOperation(counted, "ext4_latency_seconds", "ext4_write", kWrite);
  ExpectOperation(counted, "ext4_latency_seconds", "ext4_open", kOpen);
  ExpectOperation(counted, "ext4_latency_seconds", "ext4_fsync", kFsync);
}

TEST_F(FilesBpfTest, XfsMeasuresEachOperation) {
  if (!IsOn("/xfs", XFS_SUPER_MAGIC)) GTEST_SKIP() << "/xfs is not XFS";
  const Counted counted("xfs", kAnything);
  if (!counted.trouble().empty()) GTEST_SKIP() << counted.trouble();
  UseFiles("/xfs");
  ExpectOperation(counted, "xfs_latency_seconds", "xfs_read", kRead);
  ExpectOperation(counted, "xfs_latency_seconds", "xfs_write", kWrite);
  ExpectOperation(counted, "xfs_latency_seconds", "xfs_open", kOpen);
  ExpectOperation(counted, "xfs_latency_seconds", "xfs_fsync", kFsync);
}

TEST_F(FilesBpfTest, XfsReclaimMeasuresItsPartOfDroppingCaches) {
  constexpr uint32_t kCount = 0;
  if (!IsOn("/xfs", XFS_SUPER_MAGIC)) GTEST_SKIP() << "/xfs is not XFS";
  const Counted counted("xfs_reclaim", kAnything);
  if (!counted.trouble().empty()) GTEST_SKIP() << counted.trouble();
  UseFiles("/xfs");
  std::ofstream("/proc/sys/vm/drop_caches") << "2" << std::flush;
  const Numbers slots =
      counted.Slots("xfs_reclaim_latency_seconds", Key(kCount));
  ASSERT_EQ(slots.size(), 28u);
  EXPECT_GE(CountOf(slots), 1u);
}

TEST_F(FilesBpfTest, DentryCacheCountsNamesThatItDoesNotHave) {
  constexpr uint64_t kNames = 1000;
  enum : uint32_t { kReference, kSlow, kMiss };
  const Counted counted("dentry_cache", kAnything);
  if (!counted.trouble().empty()) GTEST_SKIP() << counted.trouble();
  for (uint64_t i = 0; i < kNames; ++i) {
    unlink((::testing::TempDir() + "/no_name." + std::to_string(i)).c_str());
  }
  const auto value = [&](uint32_t op) {
    return counted.Value("dentry_cache_lookups_total", Key(op));
  };
  EXPECT_GE(value(kReference), kNames);
  EXPECT_GE(value(kSlow), kNames);
  EXPECT_THAT(value(kMiss), AllOf(Ge(kNames), Le(value(kSlow))));
}

TEST_F(FilesBpfTest, WritebackCountsThePagesOfASync) {
  constexpr uint32_t kSync = 2;
  constexpr uint64_t kPages = 2048;
  struct stat status;
  ASSERT_EQ(stat(::testing::TempDir().c_str(), &status), 0);
  if (status.st_dev >> 8 == 0) {
    GTEST_SKIP() << "no disk behind " << ::testing::TempDir();
  }
  const std::string path = ::testing::TempDir() + "/dirty";
  const std::string pages(kPages * 4096, 'x');
  const Counted counted("writeback");
  const int fd = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  ASSERT_EQ(write(fd, pages.data(), pages.size()),
            static_cast<ssize_t>(pages.size()));
  ASSERT_EQ(syncfs(fd), 0);
  close(fd);
  unlink(path.c_str());
  const auto written = [&] {
    return counted.Value("writeback_pages_total", Key(uint32_t{0}));
  };
  // The flusher counts after it has woken who waits for it.
  for (int i = 0; i < 100 * Patience() && written() < kPages; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_GE(written(), kPages);
  const Numbers slots = counted.Slots("writeback_latency_seconds", Key(kSync));
  ASSERT_EQ(slots.size(), 28u);
  EXPECT_GE(CountOf(slots), 1u);
  EXPECT_GE(slots[27], 1u);
}

}  // namespace
}  // namespace ebpf_exporter
