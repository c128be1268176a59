#include "cmd/exporter/process_stats.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kStat[] =
    "42 (a) b (c) R 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 "
    "12345 104857600 2560 18446744073709551615 1 1 0\n";

constexpr char kLimits[] =
    "Limit                     Soft Limit           Hard Limit           Units"
    "     \n"
    "Max open files            1024                 524288               files"
    "     \n"
    "Max address space         unlimited            unlimited            bytes"
    "     \n";

constexpr char kNetstat[] =
    "TcpExt: SyncookiesSent InOctets\n"
    "TcpExt: 1 2\n"
    "IpExt: InNoRoutes InOctets OutOctets\n"
    "IpExt: 0 5000000000 123\n";

TEST(ProcPidStatTest, ReadsPastANameWithParentheses) {
  const auto stat = ParseProcPidStat(kStat);
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->user_ticks, 250u);
  EXPECT_EQ(stat->system_ticks, 50u);
  EXPECT_EQ(stat->start_ticks, 12345u);
  EXPECT_EQ(stat->virtual_bytes, 104857600u);
  EXPECT_EQ(stat->resident_pages, 2560u);
}

TEST(ProcPidStatTest, AnyPrefixIsReadWhollyOrNotAtAll) {
  const std::string text = kStat;
  const size_t enough = text.find(" 18446744073709551615");
  for (size_t size = 0; size < text.size(); ++size) {
    const auto stat = ParseProcPidStat(text.substr(0, size));
    if (size >= enough) {
      ASSERT_TRUE(stat) << size;
      EXPECT_EQ(stat->resident_pages, 2560u);
    } else if (stat) {
      EXPECT_EQ(stat->virtual_bytes, 104857600u);  // a cut last number
    }
  }
  EXPECT_FALSE(ParseProcPidStat(""));
  EXPECT_FALSE(ParseProcPidStat("42 (a) R 1 2 3"));
  EXPECT_FALSE(
      ParseProcPidStat("42 (a) R a b c d e f g h i j k l m n o p q r "
                       "s t u v w x y z"));
}

TEST(ProcLimitTest, ReadsTheSoftLimit) {
  EXPECT_EQ(ParseProcLimit(kLimits, "Max open files"), 1024u);
  EXPECT_EQ(ParseProcLimit(kLimits, "Max address space"), UINT64_MAX);
  EXPECT_EQ(ParseProcLimit(kLimits, "Max pending signals"), std::nullopt);
  EXPECT_EQ(ParseProcLimit("Max open files", "Max open files"), std::nullopt);
  EXPECT_EQ(ParseProcLimit("", "Max open files"), std::nullopt);
}

TEST(BootTimeTest, ReadsItsLineAlone) {
  EXPECT_EQ(ParseBootTime("cpu 1 2\nbtime 1700000000\nctxt 5\n"), 1700000000u);
  EXPECT_EQ(ParseBootTime("cpu 1 2\nbtimes 17\n"), std::nullopt);
  EXPECT_EQ(ParseBootTime("btime x\n"), std::nullopt);
}

TEST(NetstatTest, FindsACounterInItsGroup) {
  EXPECT_EQ(ParseNetstat(kNetstat, "IpExt", "InOctets"), 5000000000u);
  EXPECT_EQ(ParseNetstat(kNetstat, "IpExt", "OutOctets"), 123u);
  EXPECT_EQ(ParseNetstat(kNetstat, "TcpExt", "InOctets"), 2u);
  EXPECT_EQ(ParseNetstat(kNetstat, "IpExt", "Missing"), std::nullopt);
  EXPECT_EQ(ParseNetstat("IpExt: InOctets\n", "IpExt", "InOctets"),
            std::nullopt);
}

// A /proc of its own for each test.
class ProcessStatsTest : public ::testing::Test {
 protected:
  ProcessStatsTest() {
    std::string name = ::testing::TempDir() + "/procXXXXXX";
    root_ = mkdtemp(name.data());
    std::filesystem::create_directories(root_ + "/self/fd");
    std::filesystem::create_directories(root_ + "/self/net");
  }
  ~ProcessStatsTest() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(root_ + "/" + name) << text;
  }

  std::string root_;
};

TEST_F(ProcessStatsTest, ReadsEverything) {
  Write("self/stat", kStat);
  Write("self/limits", kLimits);
  Write("self/net/netstat", kNetstat);
  Write("stat", "btime 1700000000\n");
  for (const char* fd : {"0", "1", "2", "7"}) {
    Write(std::string("self/fd/") + fd, "");
  }
  const ProcessStats stats = ProcessStatsReader(root_).Read();
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  EXPECT_EQ(stats.cpu_seconds, 300 / ticks);
  EXPECT_EQ(stats.start_time_seconds, 1700000000 + 12345 / ticks);
  EXPECT_EQ(stats.open_fds, 3u);
  EXPECT_EQ(stats.max_fds, 1024u);
  EXPECT_EQ(stats.virtual_memory_bytes, 104857600u);
  EXPECT_EQ(stats.virtual_memory_max_bytes, UINT64_MAX);
  EXPECT_EQ(stats.resident_memory_bytes,
            2560u * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(stats.network_receive_bytes, 5000000000u);
  EXPECT_EQ(stats.network_transmit_bytes, 123u);
}

TEST_F(ProcessStatsTest, LeavesOutWhatIsMissing) {
  Write("self/stat", kStat);
  const ProcessStats stats = ProcessStatsReader(root_).Read();
  EXPECT_TRUE(stats.cpu_seconds);
  EXPECT_FALSE(stats.start_time_seconds);
  EXPECT_FALSE(stats.max_fds);
  EXPECT_FALSE(stats.open_fds);
  EXPECT_FALSE(stats.network_receive_bytes);

  const ProcessStats none = ProcessStatsReader(root_ + "/nowhere").Read();
  EXPECT_FALSE(none.cpu_seconds);
  EXPECT_FALSE(none.open_fds);
}

TEST_F(ProcessStatsTest, ReadsAgainWhatMayHaveChanged) {
  Write("self/limits", kLimits);
  Write("self/net/netstat", kNetstat + std::string(40'000, 'x'));
  ProcessStatsReader reader(root_);
  EXPECT_EQ(reader.Read().max_fds, 1024u);
  Write("self/limits", "Max open files 5 6 files\n");
  EXPECT_EQ(reader.Read().max_fds, 5u);
  EXPECT_EQ(reader.Read().network_transmit_bytes, 123u);
}

TEST(LiveProcessStatsTest, AgreeWithTheProcess) {
  ProcessStatsReader reader;
  const ProcessStats before = reader.Read();
  ASSERT_TRUE(before.open_fds && before.start_time_seconds);
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(reader.Read().open_fds, *before.open_fds + 1);
  close(fd);
  const std::chrono::duration<double> now =
      std::chrono::system_clock::now().time_since_epoch();
  EXPECT_NEAR(*before.start_time_seconds, now.count(), 120);
}

}  // namespace
}  // namespace ebpf_exporter
