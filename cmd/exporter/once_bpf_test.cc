// --once: one page on standard output that promtool has nothing to say about.

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/exporter_process.h"
#include "core/exposition/text_parser.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

int Shell(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ReadFile(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

TEST(OnceTest, ThePageIsWholeAndWithoutFindings) {
  if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  const std::string page_path = testing::TempDir() + "page";
  // The load: forks, faults, system calls, timers and loopback do it all.
  ASSERT_EQ(Shell("(for i in $(seq 200); do /bin/true; sleep 0.01; done) & "
                  "cmd/exporter/exporter --once=3s > " +
                  page_path + "; status=$?; wait; exit $status"),
            0);
  const std::string text = ReadFile(page_path);
  const auto page = ParsePrometheusText(text);
  ASSERT_TRUE(page.ok()) << page.status();
  for (const char* family :
       {"syscalls_total", "timers_started_total", "page_faults_total",
        "process_events_total", "run_queue_latency_seconds",
        "softirq_service_latency_seconds"}) {
    EXPECT_EQ(page->count(absl::StrCat("ebpf_exporter_", family)), 1u)
        << family;
  }
  if (Shell("command -v promtool > /dev/null") != 0) {
    std::cerr << "*** promtool is not installed: the page was not linted\n";
    return;
  }
  const std::string findings_path = testing::TempDir() + "findings";
  Shell("promtool check metrics < " + page_path + " > " + findings_path +
        " 2>&1");
  std::istringstream findings(ReadFile(findings_path));
  for (std::string line; std::getline(findings, line);) {
    // A counter without _total, named so by ebpf_exporter 2.x.
    const bool inherited =
        absl::StartsWith(line, "ebpf_exporter_ebpf_program_run_time_seconds");
    EXPECT_TRUE(inherited) << line;
  }
}

}  // namespace
}  // namespace ebpf_exporter
