// The programs of testdata/inline that need no kprobes: compiled here, served
// by the exporter, and counting what this process does. Needs clang, tracefs,
// and root or CAP_BPF and CAP_PERFMON. Those at functions of the kernel run in
// tools/vmtest.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cmd/exporter/exporter_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kConfigs[] = "testdata/inline";
constexpr std::string_view kPrograms[] = {
    "address_in_use",  "bio_tracepoints", "cgroup_opens",
    "mc_events",       "run_queue",       "softirqs",
    "syscall_latency", "timers",          "timers_raw"};
constexpr int kTimes = 100;
// The kernel leaves out a program of a tracepoint where it interrupts another
// one on the same CPU, and interrupts are what ends requests and begins work.
constexpr int kInInterrupts = kTimes / 2;

// With tracefs, in a mount namespace of the test's own.
bool MountTracefs() {
  return unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         (mount("none", "/sys/kernel/tracing", "tracefs", 0, nullptr) == 0 ||
          errno == EBUSY);
}

class InlineProgramsTest : public ::testing::Test {
 protected:
  // One exporter for all cases: its start takes as long as all of them.
  static void SetUpTestSuite() {
    why_not_ = WhyNot();
    if (!why_not_.empty()) {
      std::cerr << "*** SKIPPED: " << why_not_ << "\n";
      return;
    }
    exporter_ = new ExporterProcess(
        {absl::StrCat("--config.dir=", kConfigs),
         absl::StrCat("--config.names=", absl::StrJoin(kPrograms, ",")),
         "--cache.dir=none"});
    if (!exporter_->WaitUntilItListens()) ADD_FAILURE() << exporter_->Log();
  }
  static void TearDownTestSuite() {
    if (exporter_ == nullptr) return;
    EXPECT_EQ(exporter_->Stop(SIGTERM), 0);
    delete exporter_;
    exporter_ = nullptr;
  }

  void SetUp() override {
    if (exporter_ == nullptr) GTEST_SKIP() << why_not_;
  }

  using Labels = std::vector<std::pair<std::string, std::string>>;
  // How much the sum of these samples rises while the work is done.
  static double Rise(const std::string& family, std::string_view sample,
                     const Labels& labels, const std::function<void()>& work) {
    const double before = Sum(family, sample, labels);
    work();
    return Sum(family, sample, labels) - before;
  }

  static double Sum(const std::string& family, std::string_view sample,
                    const Labels& labels) {
    const absl::StatusOr<ParsedPage> page = exporter_->Scrape();
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return 0;
    const std::string name = "ebpf_exporter_" + family;
    return SumOf(*page, name, absl::StrCat(name, sample), labels);
  }

 private:
  static std::string WhyNot() {
    if (!MayUseBpf()) return "may not use BPF";
    if (std::system("command -v clang > /dev/null") != 0) return "no clang";
    return MountTracefs() ? "" : "cannot mount tracefs";
  }

  static inline ExporterProcess* exporter_ = nullptr;
  static inline std::string why_not_;
};

sockaddr_in Loopback() {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int Bound(int type, sockaddr_in& address) {
  const int fd = socket(AF_INET, type, 0);
  address = Loopback();
  socklen_t size = sizeof(address);
  auto* base = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(fd, base, size), 0);
  EXPECT_EQ(getsockname(fd, base, &size), 0);
  return fd;
}

void ConnectTcp() {
  sockaddr_in address;
  const int listener = Bound(SOCK_STREAM, address);
  ASSERT_EQ(listen(listener, kTimes), 0);
  for (int i = 0; i < kTimes; ++i) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(
        connect(client, reinterpret_cast<sockaddr*>(&address), sizeof(address)),
        0);
    close(accept(listener, nullptr, nullptr));
    close(client);
  }
  close(listener);
}

TEST_F(InlineProgramsTest, AddressesInUse) {
  sockaddr_in address;
  const int holder = Bound(SOCK_STREAM, address);
  ASSERT_EQ(listen(holder, 1), 0);
  EXPECT_GE(Rise("address_in_use_total", "", {{"call", "bind"}},
                 [&] {
                   for (int i = 0; i < kTimes; ++i) {
                     const int fd = socket(AF_INET, SOCK_STREAM, 0);
                     EXPECT_NE(
                         bind(fd, reinterpret_cast<const sockaddr*>(&address),
                              sizeof(address)),
                         0);
                     close(fd);
                   }
                 }),
            kTimes);
  close(holder);
}

TEST_F(InlineProgramsTest, FilesOpenedByControlGroups) {
  EXPECT_GE(Rise("cgroup_opens_total", "", {},
                 [] {
                   for (int i = 0; i < kTimes; ++i) {
                     close(open("/dev/null", O_RDONLY | O_CLOEXEC));
                   }
                 }),
            kTimes);
}

TEST_F(InlineProgramsTest, RequestsOfDisks) {
  constexpr size_t kBlock = 65536;
  struct stat status;
  ASSERT_EQ(stat(testing::TempDir().c_str(), &status), 0);
  if (major(status.st_dev) == 0) GTEST_SKIP() << "no disk behind the files";
  const std::string path = testing::TempDir() + "/requests";
  const int fd =
      open(path.c_str(), O_CREAT | O_RDWR | O_DIRECT | O_DSYNC, 0600);
  if (fd < 0) GTEST_SKIP() << "no O_DIRECT";
  const std::unique_ptr<void, decltype(&std::free)> block(
      std::aligned_alloc(4096, kBlock), &std::free);
  std::memset(block.get(), 1, kBlock);
  for (const char* operation : {"write", "read"}) {
    const auto move = [&] {
      for (int i = 0; i < kTimes; ++i) {
        const off_t at = i * static_cast<off_t>(kBlock);
        const ssize_t moved = *operation == 'w'
                                  ? pwrite(fd, block.get(), kBlock, at)
                                  : pread(fd, block.get(), kBlock, at);
        EXPECT_EQ(moved, kBlock);
      }
    };
    EXPECT_GE(
        Rise("disk_request_bytes", "_sum", {{"operation", operation}}, move),
        kInInterrupts * kBlock)
        << operation;
    EXPECT_GE(Rise("disk_latency_seconds", "_count", {{"operation", operation}},
                   move),
              kInInterrupts)
        << operation;
  }
  close(fd);
  unlink(path.c_str());
}

TEST_F(InlineProgramsTest, WaitsForACpu) {
  EXPECT_GE(Rise("run_queue_wait_seconds", "_count", {},
                 [] {
                   constexpr timespec kShort = {0, 1'000'000};
                   for (int i = 0; i < kTimes; ++i) nanosleep(&kShort, nullptr);
                 }),
            kTimes);
}

TEST_F(InlineProgramsTest, SystemCallsByLatency) {
  EXPECT_GE(Rise("syscall_seconds", "_count", {{"call", "getppid"}},
                 [] {
                   for (int i = 0; i < kTimes; ++i) syscall(SYS_getppid);
                 }),
            kTimes);
}

TEST_F(InlineProgramsTest, WorkLeftByInterrupts) {
  EXPECT_GE(Rise("softirqs_total", "", {{"kind", "net_rx"}}, ConnectTcp),
            kInInterrupts);
}

TEST_F(InlineProgramsTest, TimersByTheirFunctions) {
  for (const char* family : {"timer_starts_total", "raw_timer_starts_total"}) {
    EXPECT_GE(Rise(family, "", {{"function", "tcp_write_timer"}}, ConnectTcp),
              kInInterrupts)
        << family;
  }
}

// No memory module fails when it is wanted to.
TEST_F(InlineProgramsTest, AllAreAtWork) {
  for (std::string_view program : kPrograms) {
    EXPECT_EQ(Sum("config_ok", "", {{"config", std::string(program)}}), 1)
        << program;
  }
}

}  // namespace
}  // namespace ebpf_exporter
