// What bpftool prints of a live map, piped into tabledump, gives the series
// that the exporter serves of it, in every form that bpftool has.

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/exporter_process.h"
#include "cmd/tabledump/tabledump_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr int kCalls = 4321;

int Shell(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A configuration of the test object that counts calls by process and number.
std::string WriteConfig() {
  const std::string path = testing::TempDir() + "calls.yaml";
  std::ofstream(path) << absl::StrCat(
      "programs:\n  - name: calls\n    object: ",
      std::filesystem::absolute("bpf/loader/testdata/healthy.bpf.o").string(),
      "\n    metrics:\n      counters:\n        - name: calls_total\n"
      "          help: System calls\n          table: calls\n"
      "          labels:\n"
      "            - {name: process, size: 4, decoders: [{name: uint}]}\n"
      "            - {name: number, size: 4, decoders: [{name: uint}]}\n");
  return path;
}

TEST(BpftoolTest, EveryFormOfALiveMapGivesTheSeriesServed) {
  if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  const std::string bpftool = "PATH=$PATH:/usr/sbin bpftool ";
  if (Shell("PATH=$PATH:/usr/sbin command -v bpftool > /dev/null") != 0) {
    std::cerr << "\n*** SKIPPED, NOTHING WAS TESTED: bpftool is not here\n\n";
    GTEST_SKIP() << "no bpftool";
  }
  const std::string config = WriteConfig();
  ExporterProcess exporter({"--config.file=" + config});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  for (int i = 0; i < kCalls; ++i) syscall(SYS_getppid);
  const std::string series =
      absl::StrCat("ebpf_exporter_calls_total{number=\"", SYS_getppid,
                   "\",process=\"", getpid(), "\"} ", kCalls, "\n");
  EXPECT_NE(exporter.Get("/metrics").body.find(series), std::string::npos);
  // Compact, pretty, and what bpftool makes of the types without either.
  for (const char* form : {"-j", "-p", ""}) {
    const std::string dump = testing::TempDir() + "dump";
    ASSERT_EQ(
        Shell(absl::StrCat(bpftool, form, " map dump name calls > ", dump)), 0);
    RunOptions options;
    options.input = dump;
    const RunResult result =
        RunTabledump({"decode", "--config.file=" + config,
                      "--metric=calls_total", "--format=prom", "-"},
                     options);
    EXPECT_EQ(result.exit_code, 0) << form << ": " << result.err;
    EXPECT_NE(result.out.find(series), std::string::npos) << form;
  }
}

}  // namespace
}  // namespace ebpf_exporter
