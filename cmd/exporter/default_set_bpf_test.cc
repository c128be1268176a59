// The exporter without a configuration, on this kernel: what is done moves the
// counter that counts it, by what was done.

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/exporter_process.h"
#include "cmd/exporter/http_test_client.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

std::string Gunzip(const std::string& packed) {
  z_stream stream = {};
  constexpr int kGzip = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzip) != Z_OK) return "";
  std::string text(size_t{1} << 24, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

class DefaultSetTest : public testing::Test {
 protected:
  // One exporter serves all tests; starting it is not what they measure.
  static void SetUpTestSuite() {
    if (!MayUseBpf()) return;
    exporter_ = new ExporterProcess({});
    ASSERT_TRUE(exporter_->WaitUntilItListens()) << exporter_->Log();
  }
  static void TearDownTestSuite() {
    delete exporter_;
    exporter_ = nullptr;
  }
  void SetUp() override {
    if (exporter_ == nullptr) GTEST_SKIP() << "may not use BPF";
  }

  static double Read(std::string_view family, std::string_view sample,
                     const Labels& labels) {
    const auto page = exporter_->Scrape();
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? SumOf(*page, family, sample, labels) : 0;
  }

  // By how much a counter rises while `act` acts: the least of some times, as
  // others on the host may do the same meanwhile.
  static double Rise(std::string_view family, const Labels& labels,
                     const std::function<void()>& act) {
    double least = HUGE_VAL;
    for (int i = 0; i < 3; ++i) {
      const double before = Read(family, family, labels);
      act();
      least = std::min(least, Read(family, family, labels) - before);
    }
    return least;
  }

  static ExporterProcess* exporter_;
};

ExporterProcess* DefaultSetTest::exporter_ = nullptr;

TEST_F(DefaultSetTest, AtLeastSixProgramsCountSomething) {
  const auto page = exporter_->Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  std::set<std::string> counting;
  for (const auto& [name, family] : *page) {
    for (const ParsedSample& sample : family.samples) {
      if (sample.number() > 0) counting.insert(name);
    }
  }
  for (const char* name :
       {"ebpf_exporter_syscalls_total", "ebpf_exporter_timers_started_total",
        "ebpf_exporter_page_faults_total", "ebpf_exporter_process_events_total",
        "ebpf_exporter_run_queue_latency_seconds",
        "ebpf_exporter_softirq_service_latency_seconds",
        "ebpf_exporter_tcp_connect_latency_seconds"}) {
    EXPECT_EQ(counting.count(name), 1u) << name;
  }
}

TEST_F(DefaultSetTest, NothingFailedAndAllIsAttached) {
  const auto page = exporter_->Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->count("ebpf_exporter_attach_failed"), 0u) << exporter_->Log();
  for (const ParsedSample& sample :
       page->at("ebpf_exporter_ebpf_program_attached").samples) {
    EXPECT_EQ(sample.value, "1");
  }
  for (const ParsedSample& sample :
       page->at("ebpf_exporter_ebpf_programs").samples) {
    EXPECT_EQ(sample.Label("tag").size(), 16u);
  }
}

TEST_F(DefaultSetTest, SystemCallsOfThisProcessAreAllCounted) {
  constexpr double kCalls = 100'000;
  const double rise =
      Rise("ebpf_exporter_syscalls_total", {{"name", "getppid"}}, [] {
        for (int i = 0; i < kCalls; ++i) syscall(SYS_getppid);
      });
  EXPECT_GE(rise, kCalls);
  EXPECT_LE(rise, kCalls * 1.01);  // other processes call it too
}

TEST_F(DefaultSetTest, ForksAreAllCounted) {
  const int forks = 1000 / Patience();
  const double rise = Rise("ebpf_exporter_process_events_total",
                           {{"event", "process_start"}}, [forks] {
                             for (int i = 0; i < forks; ++i) {
                               const pid_t child = fork();
                               if (child == 0) _exit(0);
                               waitpid(child, nullptr, 0);
                             }
                           });
  EXPECT_GE(rise, forks);
  EXPECT_LE(rise, forks * 1.1);
}

TEST_F(DefaultSetTest, ThereIsOneLatencyForEachConnection) {
  constexpr int kConnections = 200;
  const Labels ipv4 = {{"family", "ipv4"}};
  constexpr std::string_view kFamily =
      "ebpf_exporter_tcp_connect_latency_seconds";
  const std::string count = std::string(kFamily) + "_count";
  const double before = Read(kFamily, count, ipv4);
  for (int i = 0; i < kConnections; ++i) {
    ASSERT_TRUE(HttpTestClient(exporter_->port()).connected());
  }
  const double rise = Read(kFamily, count, ipv4) - before;
  EXPECT_GE(rise, kConnections + 1);  // the second reading connects too
  EXPECT_LE(rise, kConnections + 20);
}

// The whole disk under the file system of `path`, or "" if there is none.
std::string DiskUnder(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return "";
  const std::string device = absl::StrCat(
      "/sys/dev/block/", major(status.st_dev), ":", minor(status.st_dev));
  std::error_code error;
  std::filesystem::path disk = std::filesystem::canonical(device, error);
  if (error) return "";
  if (std::filesystem::exists(disk / "partition")) disk = disk.parent_path();
  return disk.filename();
}

TEST_F(DefaultSetTest, DirectWritesAreCountedOnTheirDisk) {
  constexpr int kWrites = 256;
  constexpr size_t kSize = 4096;
  const std::string path = testing::TempDir() + "direct";
  const std::string disk = DiskUnder(testing::TempDir());
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_DIRECT, 0600);
  if (disk.empty() || fd < 0) {
    GTEST_SKIP() << "no disk that can be written directly under " << path;
  }
  void* block = std::aligned_alloc(kSize, kSize);
  std::memset(block, 'x', kSize);
  const auto write_all = [&] {
    for (int i = 0; i < kWrites; ++i) {
      ASSERT_EQ(pwrite(fd, block, kSize, i * static_cast<off_t>(kSize)),
                static_cast<ssize_t>(kSize));
    }
  };
  // Once to have the blocks allocated, and out of the way.
  write_all();
  fsync(fd);
  const Labels writes = {{"device", disk}, {"operation", "write"}};
  const auto count = [&](const std::string& family) {
    return Read(family, family + "_count", writes);
  };
  const double latencies = count("ebpf_exporter_bio_latency_seconds");
  const double sizes = count("ebpf_exporter_bio_size_bytes");
  write_all();
  const double more_latencies = count("ebpf_exporter_bio_latency_seconds");
  const double more_sizes = count("ebpf_exporter_bio_size_bytes");
  // Blocks are written in place, so what exceeds it is the file system's
  // journal (times of the inode) and what others write meanwhile.
  EXPECT_GE(more_latencies - latencies, kWrites);
  EXPECT_GE(more_sizes - sizes, kWrites);
  EXPECT_LE(more_latencies - latencies, kWrites * 2);
  std::free(block);
  close(fd);
  unlink(path.c_str());
}

TEST_F(DefaultSetTest, GzipIsWhatPrometheusGets) {
  const std::string identity = exporter_->Get("/metrics").body;
  // Several times: lines are coded once and used again.
  for (int i = 0; i < 3; ++i) {
    const auto reply = exporter_->Get("/metrics", "Accept-Encoding: gzip\r\n");
    EXPECT_NE(reply.head.find("Content-Encoding: gzip"), std::string::npos);
    EXPECT_LT(reply.body.size() * 3, identity.size());
    const std::string text = Gunzip(reply.body);
    const auto page = ParsePrometheusText(text);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->count("ebpf_exporter_syscalls_total"), 1u);
    EXPECT_EQ(page->count("ebpf_exporter_bio_latency_seconds"), 1u);
  }
  const auto refused =
      exporter_->Get("/metrics", "Accept-Encoding: gzip;q=0\r\n");
  EXPECT_EQ(refused.head.find("Content-Encoding"), std::string::npos);
  EXPECT_NE(refused.head.find("Vary: Accept-Encoding"), std::string::npos);
}

TEST_F(DefaultSetTest, PathsAreExact) {
  EXPECT_EQ(exporter_->Get("/-/healthy").status, 200);
  EXPECT_EQ(exporter_->Get("/-/ready").status, 200);
  const auto landing = exporter_->Get("/");
  EXPECT_EQ(landing.status, 200);
  EXPECT_NE(landing.body.find("/metrics"), std::string::npos);
  for (const char* path : {"/nowhere", "/metrics/", "/metricsx", "/tables",
                           "//metrics", "/index.html", "/%6detrics"}) {
    EXPECT_EQ(exporter_->Get(path).status, 404) << path;
  }
}

TEST_F(DefaultSetTest, ScrapesAreCounted) {
  const Labels ok = {{"code", "200"}};
  constexpr std::string_view kName = "promhttp_metric_handler_requests_total";
  const double before = Read(kName, kName, ok);
  for (int i = 0; i < 5; ++i) exporter_->Get("/metrics");
  EXPECT_EQ(Read(kName, kName, ok) - before, 6);
}

bool IsInKernel(int id) {
  union {  // union bpf_attr of BPF_PROG_GET_FD_BY_ID
    int id;
    char bytes[128];
  } attributes = {};
  attributes.id = id;
  constexpr int kGetProgramById = 13;
  const long fd =
      syscall(SYS_bpf, kGetProgramById, &attributes, sizeof(attributes));
  if (fd >= 0) close(static_cast<int>(fd));
  return fd >= 0;
}

// The kernel frees a detached program once no CPU can still be running it.
bool IsGoneSoon(int id) {
  for (int i = 0; i < 100 * Patience(); ++i, usleep(50'000)) {
    if (!IsInKernel(id)) return true;
  }
  return false;
}

// Last: it ends the exporter.
TEST_F(DefaultSetTest, ZZSigtermDetachesEverythingAndExitsWithZero) {
  const auto page = exporter_->Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(exporter_->Stop(SIGTERM), 0) << exporter_->Log();
  for (const ParsedSample& sample :
       page->at("ebpf_exporter_ebpf_program_info").samples) {
    const int id = std::atoi(sample.Label("id").c_str());
    EXPECT_TRUE(IsGoneSoon(id)) << sample.Label("program");
  }
}

}  // namespace
}  // namespace ebpf_exporter
