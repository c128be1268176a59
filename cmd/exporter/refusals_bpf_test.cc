// What is broken costs itself alone: beside five healthy programs, each broken
// one is one line of the log and one metric, and the healthy count exactly.

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/exporter_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kObjects[] = "bpf/loader/testdata/";

std::string Object(const std::string& name) {
  return std::filesystem::absolute(kObjects + name + ".bpf.o").string();
}

std::string TruncatedObject() {
  const std::string path = testing::TempDir() + "truncated.bpf.o";
  std::filesystem::copy_file(Object("healthy"), path,
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  return path;
}

// Counts system calls by process and number.
std::string Program(const std::string& name, const std::string& object,
                    const std::string& table = "calls") {
  return absl::StrCat(
      "  - name: ", name, "\n    object: ", object,
      "\n    metrics:\n      counters:\n        - name: ", name,
      "_total\n          help: System calls\n          table: ", table,
      "\n          labels:\n            - {name: process, size: 4, decoders: "
      "[{name: uint}]}\n            - {name: number, size: 4, decoders: "
      "[{name: uint}]}\n");
}

std::string WriteConfig(const std::vector<std::string>& programs) {
  const std::string path = testing::TempDir() + "config.yaml";
  std::ofstream file(path);
  file << "programs:\n";
  for (const std::string& program : programs) file << program;
  return path;
}

using Failure = std::tuple<std::string, std::string, std::string>;

std::set<Failure> FailuresOf(const ParsedPage& page) {
  std::set<Failure> failures;
  const auto family = page.find("ebpf_exporter_attach_failed");
  if (family == page.end()) return failures;
  for (const ParsedSample& sample : family->second.samples) {
    EXPECT_EQ(sample.value, "1");
    failures.emplace(sample.Label("config"), sample.Label("program"),
                     sample.Label("reason"));
  }
  return failures;
}

size_t LinesWith(const std::string& log, const std::string& text) {
  std::istringstream lines(log);
  size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    count += line.find(text) != std::string::npos;
  }
  return count;
}

class RefusalsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  }
};

TEST_F(RefusalsTest, TheBrokenCostThemselvesAlone) {
  std::vector<std::string> programs;
  for (int i = 0; i < 5; ++i) {
    programs.push_back(Program(absl::StrCat("healthy", i), Object("healthy")));
  }
  programs.push_back(Program("rejected", Object("bad")));
  programs.push_back(Program("mixed", Object("mixed")));
  programs.push_back(Program("truncated", TruncatedObject()));
  programs.push_back(Program("mapless", Object("healthy"), "no_such_map"));
  ExporterProcess exporter({"--config.file=" + WriteConfig(programs)});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();

  constexpr int kCalls = 1234;
  for (int i = 0; i < kCalls; ++i) syscall(SYS_getppid);
  const auto page = exporter.Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  for (const char* name :
       {"healthy0", "healthy1", "healthy2", "healthy3", "healthy4", "mixed"}) {
    const std::string family = absl::StrCat("ebpf_exporter_", name, "_total");
    EXPECT_EQ(SumOf(*page, family, family,
                    {{"process", absl::StrCat(getpid())},
                     {"number", absl::StrCat(SYS_getppid)}}),
              kCalls)
        << name;
  }
  const std::set<Failure> expected = {
      {"mixed", "no_such_function", "missing_hook"},
      {"mixed", "no_such_hook", "missing_hook"},
      {"mixed", "rejected", "verifier"},
      {"mixed", "rejected_too", "verifier"},
      {"mixed", "unknown_section", "not_supported"},
      {"mixed", "wrong_type", "type_mismatch"},
      {"rejected", "", "nothing_attached"},
      {"rejected", "rejected", "verifier"},
      {"truncated", "", "object"},
      {"mapless", "", "object"}};
  EXPECT_EQ(FailuresOf(*page), expected) << exporter.Log();
  const std::string log = exporter.Log();
  for (const auto& [config, function, reason] : expected) {
    EXPECT_EQ(LinesWith(log, absl::StrCat("config=", config, " function=",
                                          function.empty() ? "\"\"" : function,
                                          " reason=", reason, " ")),
              1u)
        << config << " " << function << "\n"
        << log;
  }
  for (const ParsedSample& ok : page->at("ebpf_exporter_config_ok").samples) {
    const std::set<std::string> refused = {"rejected", "truncated", "mapless"};
    EXPECT_EQ(ok.value, refused.count(ok.Label("config")) ? "0" : "1")
        << ok.Label("config");
  }
  EXPECT_EQ(page->count("ebpf_exporter_mapless_total"), 0u);
  EXPECT_EQ(exporter.Stop(SIGINT), 0);
}

TEST_F(RefusalsTest, WithNothingLeftToServeItExits) {
  ExporterProcess exporter(
      {"--config.file=" + WriteConfig({Program("rejected", Object("bad"))})});
  EXPECT_EQ(exporter.WaitForTheEnd(std::chrono::seconds(30)), 1);
  EXPECT_NE(exporter.Log().find("nothing is left to serve"), std::string::npos)
      << exporter.Log();
}

TEST_F(RefusalsTest, StrictRefusesToServeLess) {
  ExporterProcess exporter(
      {"--config.strict",
       "--config.file=" + WriteConfig({Program("healthy", Object("healthy")),
                                       Program("mixed", Object("mixed"))})});
  EXPECT_EQ(exporter.WaitForTheEnd(std::chrono::seconds(30)), 1);
}

}  // namespace
}  // namespace ebpf_exporter
