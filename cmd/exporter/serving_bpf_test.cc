// Serving under pressure: names that are not text, many scrapes at once, and
// clients that hold on to their connections.

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/exporter_process.h"
#include "cmd/exporter/http_test_client.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"
#include "tools/build/sanitized.h"

namespace ebpf_exporter {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

class ServingTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  }
};

// Fills some page cache under this command name.
void ActUnderTheName(const std::string& command) {
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_NAME, command.c_str());
    const std::string path = testing::TempDir() + "pages";
    std::FILE* file = std::fopen(path.c_str(), "w");
    for (int i = 0; i < 64; ++i) {
      std::fwrite(std::string(4096, 'x').data(), 1, 4096, file);
    }
    std::fclose(file);
    unlink(path.c_str());
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

TEST_F(ServingTest, NamesThatAreNotTextAreServedAsText) {
  ExporterProcess exporter({"--config.file=bpf/programs/page_cache.yaml"});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  const std::string mark = "\xEF\xBF\xBD";
  // What a process calls itself, and what is served. The kernel keeps 15 bytes.
  const std::vector<std::pair<std::string, std::string>> names = {
      {"\xff\xfe bad", mark + "ff" + mark + "fe bad"},
      {"cut in half\xe2\x82", "cut in half" + mark + "e2" + mark + "82"},
      {mark, mark + "ef" + mark + "bf" + mark + "bd"},
      {"\xED\xA0\x80", mark + "ed" + mark + "a0" + mark + "80"},
      {"q\"uo\\te", "q\"uo\\te"},
      {"two\nlines", "two\nlines"},
      {"a|b,c=\"}", "a|b,c=\"}"},
      {"# HELP x", "# HELP x"},
      {"tab\there\x01", "tab\there\x01"},
      {"\xE2\x82\xAC euro", "\xE2\x82\xAC euro"}};
  for (const auto& [command, served] : names) ActUnderTheName(command);
  const auto page = exporter.Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  std::set<std::string> commands;
  for (const ParsedSample& sample :
       page->at("ebpf_exporter_page_cache_ops_total").samples) {
    commands.insert(sample.Label("command"));
  }
  for (const auto& [command, served] : names) {
    EXPECT_EQ(commands.count(served), 1u) << served;
  }
}

std::string SteadyConfig() {
  const std::string path = testing::TempDir() + "steady.yaml";
  std::ofstream file(path);
  file << "programs:\n";
  // Arrays: their series are there from the start and stay the same.
  for (const char* name : {"page_faults", "process", "runqlat"}) {
    std::ifstream part(absl::StrCat("bpf/programs/", name, ".yaml"));
    bool inside = false;
    for (std::string line; std::getline(part, line);) {
      const size_t object = line.find("object: ");
      if (object != std::string::npos) {
        line.insert(object + 8,
                    std::filesystem::absolute("bpf/programs/").string());
      }
      if (inside) file << line << "\n";
      inside |= line == "programs:";
    }
  }
  return path;
}

double ResidentBytes(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/statm"));
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// The names of a page's series, to compare pages by.
std::set<std::string> SeriesOf(const ParsedPage& page) {
  std::set<std::string> series;
  for (const auto& [name, family] : page) {
    for (const ParsedSample& sample : family.samples) {
      std::string key = sample.name;
      for (const auto& [label, value] : sample.labels) {
        absl::StrAppend(&key, "|", label, "=", value);
      }
      series.insert(key);
    }
  }
  return series;
}

TEST_F(ServingTest, AThousandScrapesAtEightInParallelAreWholeAndCostNoMemory) {
  ExporterProcess exporter({"--config.file=" + SteadyConfig()});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  std::atomic<bool> busy = true;
  std::thread load([&busy] {  // the programs count meanwhile
    while (busy) ActUnderTheName("load");
  });
  std::atomic<int> bad = 0;
  const auto scrape = [&exporter, &bad](int times,
                                        std::set<std::string>* series) {
    for (int i = 0; i < times; ++i) {
      const auto page = exporter.Scrape();
      if (!page.ok()) {
        ++bad;
        ADD_FAILURE() << page.status();
      } else if (series != nullptr) {
        *series = SeriesOf(*page);
      }
    }
  };
  const auto in_parallel = [&scrape](int each) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back(scrape, each, nullptr);
    for (std::thread& thread : threads) thread.join();
  };
  in_parallel(16);  // each of the threads that serve has then been at work
  std::set<std::string> series_before;
  scrape(1, &series_before);
  const double before = ResidentBytes(exporter.pid());
  in_parallel(112 / Patience());
  // As before: one alone, when those in parallel have given back what they had.
  std::set<std::string> series_after;
  scrape(1, &series_after);
  const double after = ResidentBytes(exporter.pid());
  busy = false;
  load.join();
  EXPECT_EQ(bad, 0);
  EXPECT_EQ(series_before, series_after);
  if (kSanitized) return;  // memory is then not the exporter's alone
  EXPECT_LE(after - before, std::max(before * 0.01, 1048576.0))
      << before << " to " << after;
}

TEST_F(ServingTest, AHundredClientsThatHoldOnDelayNobody) {
  ExporterProcess exporter({});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  std::vector<std::unique_ptr<HttpTestClient>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<HttpTestClient>(exporter.port(), AF_INET,
                                                       /*receive_bytes=*/2048));
    ASSERT_TRUE(clients.back()->connected()) << i;
    if (i % 3 == 1) clients.back()->Send("GET /me");  // and never ends
    if (i % 3 == 2) {                                 // asks, and never reads
      clients.back()->Send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    }
  }
  for (int i = 0; i < 5; ++i) {
    const Clock::time_point start = Clock::now();
    EXPECT_EQ(exporter.Get("/-/healthy").status, 200);
    EXPECT_LT(Clock::now() - start, Patience() * milliseconds(1000));
    for (size_t k = 1; k < clients.size(); k += 3) clients[k]->Send("t");
    std::this_thread::sleep_for(milliseconds(300));
  }
  EXPECT_TRUE(exporter.Scrape().ok());
}

}  // namespace
}  // namespace ebpf_exporter
