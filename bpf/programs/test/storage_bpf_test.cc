// What bio and page_cache count of known events on the file system that holds
// the test's files. They are skipped where no disk is behind it.

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kBlock = 64 * 1024;
constexpr size_t kBlocks = 100;

class StorageBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
    file_ = ::testing::TempDir() + "/blocks." + std::to_string(getpid());
    struct stat status;
    ASSERT_EQ(stat(::testing::TempDir().c_str(), &status), 0);
    if (major(status.st_dev) == 0) {
      GTEST_SKIP() << "no disk behind " << ::testing::TempDir();
    }
    ASSERT_EQ(posix_memalign(&block_, kBlock, kBlock), 0);
    memset(block_, 1, kBlock);
  }

  void TearDown() override {
    free(block_);
    if (!file_.empty()) unlink(file_.c_str());
  }

  // Moves kBlocks blocks with write() or read().
  template <typename Move>
  void MoveBlocks(int flags, Move move) {
    const int fd = open(file_.c_str(), flags, 0600);
    if (fd < 0) GTEST_SKIP() << "no O_DIRECT in " << ::testing::TempDir();
    for (size_t i = 0; i < kBlocks; ++i) {
      ASSERT_EQ(move(fd, block_, kBlock), static_cast<ssize_t>(kBlock));
    }
    close(fd);
  }

  std::string file_;
  void* block_ = nullptr;
};

// By operation (the key's last eight bytes), over all disks.
std::map<uint64_t, Numbers> ByOperation(const Counted& counted,
                                        std::string_view map) {
  std::map<uint64_t, Numbers> sums;
  for (const auto& [key, slots] : counted.Entries(map)) {
    EXPECT_EQ(key.size(), 40u);
    EXPECT_NE(key[0], '\0') << "a disk without a name";
    uint64_t operation;
    memcpy(&operation, key.data() + 32, sizeof(operation));
    Numbers& sum = sums[operation];
    sum.resize(slots.size());
    for (size_t i = 0; i < slots.size(); ++i) sum[i] += slots[i];
  }
  return sums;
}

TEST_F(StorageBpfTest, BioCountsEachRequestByOperationAndSize) {
  constexpr uint64_t kRead = 1, kWrite = 2;
  constexpr size_t k64KiB = 6;
  const Counted counted("bio");
  MoveBlocks(O_CREAT | O_WRONLY | O_DIRECT | O_DSYNC, write);
  if (IsSkipped()) return;
  MoveBlocks(O_RDONLY | O_DIRECT, read);

  const auto sizes = ByOperation(counted, "bio_size_bytes");
  ASSERT_EQ(sizes.count(kRead), 1u);
  ASSERT_EQ(sizes.count(kWrite), 1u);
  for (const uint64_t operation : {kRead, kWrite}) {
    const Numbers& slots = sizes.at(operation);
    ASSERT_EQ(slots.size(), 17u);
    // A block that crosses a boundary of the disk is two requests.
    EXPECT_GE(slots[k64KiB], kBlocks * 9 / 10) << operation;
    EXPECT_GE(slots[16], kBlocks * kBlock / 1024) << operation;
  }

  const auto latencies = ByOperation(counted, "bio_latency_seconds");
  for (const uint64_t operation : {kRead, kWrite}) {
    const Numbers& slots = latencies.at(operation);
    ASSERT_EQ(slots.size(), 28u);
    EXPECT_GE(CountOf(slots), CountOf(sizes.at(operation)));
    EXPECT_GT(slots[27], kBlocks) << "less than 1 us for a request";
    EXPECT_EQ(slots[26], 0u) << "longer than the test";
  }
}

TEST_F(StorageBpfTest, PageCacheCountsUnderTheNameOfTheCommand) {
  char command[16] = "page-cache-test";
  char former[16];
  prctl(PR_GET_NAME, former);
  const Counted counted("page_cache");
  prctl(PR_SET_NAME, command);
  MoveBlocks(O_CREAT | O_WRONLY, write);
  unlink(file_.c_str());
  prctl(PR_SET_NAME, former);

  std::map<uint64_t, uint64_t> operations;
  for (const auto& [key, value] : counted.Entries("page_cache_ops_total")) {
    ASSERT_EQ(key.size(), 24u);
    if (key.compare(0, 16, command, 16) != 0) continue;
    uint64_t operation;
    memcpy(&operation, key.data() + 16, sizeof(operation));
    operations[operation] = value[0];
  }
  // Pages come in groups of any size, so few events may stand for many.
  EXPECT_GE(operations[0], 1u) << "pages added";
  EXPECT_GE(operations[1], 1u) << "pages removed";
  EXPECT_GE(operations[2], 1u) << "pages dirtied";
}

}  // namespace
}  // namespace ebpf_exporter
