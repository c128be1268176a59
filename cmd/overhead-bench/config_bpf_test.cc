// config, scrape and observe, on configurations over this folder's own
// programs. Needs root, or CAP_BPF.

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "benchmark/programs/subject.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/privileges.h"
#include "cmd/overhead-bench/becomes_true.h"
#include "cmd/overhead-bench/bench_process.h"
#include "cmd/overhead-bench/read_json.h"
#include "cmd/overhead-bench/timing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;

constexpr std::string_view kConfig = R"(
programs:
  - name: NAME
    object: OBJECT
    metrics:
      counters:
        - name: NAME_total
          help: Calls by process.
          table: counts
          labels:
            - name: process
              size: 4
              decoders:
                - name: uint
)";

class ConfigBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
  }

  // The path of a file that is not there.
  static std::string NewFile(const std::string& name) {
    const char* folder = std::getenv("TEST_TMPDIR");
    const std::string path =
        absl::StrCat(folder == nullptr ? "/tmp" : folder, "/", name);
    unlink(path.c_str());
    return path;
  }

  // The process whose number is in that file is no more, or a zombie that
  // nobody waits for.
  static bool HasEnded(const std::string& file) {
    const std::string stat = ReadFile(absl::StrCat(
        "/proc/", absl::StripAsciiWhitespace(ReadFile(file)), "/stat"));
    return stat.empty() || absl::StrContains(stat, ") Z ");
  }

  // A file of one program over that object.
  static std::string WriteConfig(const std::string& name,
                                 const std::string& object) {
    const std::string path = NewFile(name + ".yaml");
    const std::string current = std::filesystem::current_path();
    std::ofstream(path) << absl::StrReplaceAll(
        kConfig, {{"NAME", name},
                  {"OBJECT", absl::StrCat(current, "/benchmark/programs/",
                                          object, ".bpf.o")}});
    return path;
  }

  static Report Measured(std::vector<std::string> arguments) {
    arguments.push_back("--format=json");
    BenchProcess bench(std::move(arguments));
    EXPECT_EQ(bench.Wait(), 0) << bench.err();
    absl::StatusOr<Report> report = ReadJson(bench.out(), "output");
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : Report();
  }
};

TEST_F(ConfigBpfTest, AWorkloadIsFoundByTheHooks) {
  const std::string file = WriteConfig("calls", "raw_tp_simple_helper_hash");
  const Report report = Measured({"config", "--rounds=14", file});
  ASSERT_EQ(report.rows.size(), 1u);
  const Row& row = report.rows[0];
  EXPECT_EQ(row.kind, "syscalls");
  EXPECT_EQ(row.program, "calls");
  EXPECT_EQ(row.unavailable, "");
  EXPECT_EQ(row.added.samples, 14u);
  EXPECT_GT(row.added.baseline, 5);
  EXPECT_GT(row.added.interval.high, 0);
}

TEST_F(ConfigBpfTest, AProgramThatNeverRunsSaysSo) {
  const std::string file = WriteConfig("never", "uprobe_simple_helper_hash");
  const Report report =
      Measured({"config", "--smoke", "--workloads=switches", file});
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_THAT(report.rows[0].note, HasSubstr("it never ran"));
  EXPECT_FALSE(report.rows[0].added.distinguishable);
  EXPECT_EQ(report.rows[0].run_time, 0);
  // No built-in workload is known to reach it.
  BenchProcess unmatched({"config", "--smoke", file});
  EXPECT_EQ(unmatched.Wait(), 1);
  EXPECT_THAT(unmatched.out(), HasSubstr("give one with --workload"));
}

TEST_F(ConfigBpfTest, ACommandIsAWorkload) {
  const std::string file = WriteConfig("calls", "raw_tp_simple_helper_hash");
  const Report report =
      Measured({"config", "--rounds=2", "--workload=ls / && echo words", file});
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_EQ(report.rows[0].kind, "command");
  EXPECT_GT(report.rows[0].added.baseline, 1000);
  BenchProcess failing({"config", "--workload=exit 3", file});
  EXPECT_EQ(failing.Wait(), 1);
  EXPECT_THAT(failing.out(), HasSubstr("the command failed (exit status 3)"));
}

TEST_F(ConfigBpfTest, ACommandThatFailsLaterLeavesTheRoundsBefore) {
  const std::string file = WriteConfig("calls", "raw_tp_simple_helper_hash");
  // Three runs are a round.
  const std::string count = NewFile("count");
  const Report report =
      Measured({"config", "--rounds=5",
                absl::StrCat("--workload=echo >> ", count, "; test $(wc -l < ",
                             count, ") -lt 8"),
                file});
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_EQ(report.rows[0].added.samples, 2u);
  EXPECT_THAT(report.rows[0].note, HasSubstr("no more rounds: the command"));
}

TEST_F(ConfigBpfTest, ACommandThatHangsEndsWithTheTime) {
  const std::string file = WriteConfig("calls", "raw_tp_simple_helper_hash");
  const std::string pid = NewFile("pid");
  BenchProcess bench({"config", "--seconds=1",
                      absl::StrCat("--workload=echo $$ > ", pid,
                                   "; trap '' TERM; sleep 1000; sleep 1000"),
                      file});
  EXPECT_EQ(bench.Wait(), 1);
  EXPECT_THAT(bench.out(), HasSubstr("still at work when the time of"));
  EXPECT_TRUE(HasEnded(pid));
}

TEST_F(ConfigBpfTest, ACommandEndsWithTheMeasurement) {
  const std::string file = WriteConfig("calls", "raw_tp_simple_helper_hash");
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    SCOPED_TRACE(signal);
    const std::string pid = NewFile("pid");
    BenchProcess bench(
        {"config",
         absl::StrCat("--workload=echo $$ > ", pid, "; exec sleep 1000"),
         file});
    ASSERT_TRUE(BecomesTrue([&] { return !ReadFile(pid).empty(); }));
    bench.Kill(signal);
    EXPECT_EQ(bench.Wait(), signal == SIGKILL ? -SIGKILL : 0) << bench.err();
    EXPECT_TRUE(BecomesTrue([&] { return HasEnded(pid); }));
  }
}

TEST_F(ConfigBpfTest, AScrapeHasItsPrice) {
  const std::string file = WriteConfig("calls", "raw_tp_simple_helper_hash");
  const Report report = Measured({"scrape", "--scrapes=5", file});
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_THAT(report.environment.facts, Contains(Key("objects")));
  EXPECT_EQ(report.rows[0].added.samples, 5u);
  EXPECT_GT(report.rows[0].added.median, 1000);
}

TEST_F(ConfigBpfTest, ObserveFindsWhatIsAtWork) {
  Loader loader;
  const absl::StatusOr<Subject> subject =
      Subject::Attach(loader, EmptyVariant("raw_tp"));
  ASSERT_TRUE(subject.ok()) << subject.status();
  std::atomic<bool> stop = false;
  std::thread caller([&] {
    // Some tens of thousands of calls a second.
    while (!stop) {
      TimeCalls({.slices = 1, .calls = 100});
      usleep(2000);
    }
  });
  const Report report =
      Measured({"observe", "--duration=2s", absl::StrCat("--pid=", getpid())});
  stop = true;
  caller.join();
  ASSERT_EQ(report.rows.size(), 1u);
  const Row& row = report.rows[0];
  EXPECT_EQ(row.kind, "raw_tp");
  EXPECT_THAT(row.program, HasSubstr("on_hook (id "));
  EXPECT_EQ(row.note, "");
  EXPECT_GT(row.added.median, row.run_time);  // the hook costs something
}

TEST_F(ConfigBpfTest, AWrongConfigurationIsNotMeasured) {
  const std::string file = WriteConfig("calls", "no_such_object");
  BenchProcess bench({"config", file});
  EXPECT_EQ(bench.Wait(), 1);
  EXPECT_THAT(bench.err(), HasSubstr("no_such_object"));
}

}  // namespace
}  // namespace ebpf_exporter
