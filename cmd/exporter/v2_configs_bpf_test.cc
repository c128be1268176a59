// A directory of 2.x: the healthy configurations serve, with the right values,
// and each broken one is one line of the log and one config_ok of 0.

#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cmd/exporter/exporter_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kConfigs[] = "testdata/configs/v2/";
constexpr char kObjects[] = "bpf/loader/testdata/";

struct Case {
  std::string name;
  std::string object;  // of kObjects; empty: none
  // Expected failures, function and reason.
  std::set<std::pair<std::string, std::string>> failures{};
};

// The mount point of the tree of cgroups v2; empty where there is none.
std::string CgroupRoot() {
  std::ifstream mounts("/proc/mounts");
  for (std::string device, path, type, rest; mounts >> device >> path >> type;
       std::getline(mounts, rest)) {
    if (type == "cgroup2") return path;
  }
  return "";
}

const std::vector<Case>& Cases() {
  static const auto* const cases = new std::vector<Case>{
      {"bad_buckets", "healthy", {{"", "config"}}},
      {"bad_regexp", "healthy", {{"", "object"}}},
      {"bad_yaml", "healthy", {{"", "config"}}},
      {"cut_object", "healthy", {{"", "object"}}},
      {"empty", "healthy", {{"", "config"}}},
      {"events_of_a_hash", "healthy", {{"", "object"}}},
      {"healthy_calls", "healthy"},
      {"healthy_cgroups", "events",
       CgroupRoot().empty()
           ? std::set<std::pair<std::string, std::string>>{{"", "map"}}
           : std::set<std::pair<std::string, std::string>>{}},
      {"healthy_events", "events"},
      {"healthy_first_form", "healthy"},
      {"healthy_mark", "marked"},
      {"healthy_shared", "healthy"},
      {"huge_map", "huge_map", {{"", "load"}}},
      {"missing_hook",
       "absent",
       {{"", "nothing_attached"}, {"nowhere", "missing_hook"}}},
      {"missing_kaddr", "healthy", {{"", "missing_kaddr"}}},
      {"missing_map", "healthy", {{"", "object"}}},
      {"no_bucket", "healthy", {{"", "config"}}},
      {"no_object", "", {{"", "object"}}},
      {"no_such_file", "", {{"", "config"}}},
      {"not_utf8", "healthy", {{"", "config"}}},
      {"other_labels", "healthy", {{"", "config"}}},
      {"rejected", "bad", {{"", "nothing_attached"}, {"rejected", "verifier"}}},
      {"same_label", "healthy", {{"", "config"}}},
      {"text_object", "", {{"", "object"}}},
      {"unknown_decoder", "healthy", {{"", "config"}}},
      {"unknown_key", "healthy", {{"", "config"}}},
      {"unused_kaddr", "healthy", {{"", "missing_kaddr"}}},
      {"wrong_key", "healthy", {{"", "object"}}},
      {"wrong_value", "events", {{"", "object"}}},
  };
  return *cases;
}

// Configurations and objects side by side.
std::string MakeDirectory() {
  const std::filesystem::path directory = testing::TempDir() + "v2";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  for (const Case& one : Cases()) {
    const std::string yaml = absl::StrCat(kConfigs, one.name, ".yaml");
    if (std::filesystem::exists(yaml)) {
      std::filesystem::copy_file(yaml, directory / (one.name + ".yaml"));
    }
    if (one.object.empty()) continue;
    const auto object = directory / (one.name + ".bpf.o");
    std::filesystem::copy_file(absl::StrCat(kObjects, one.object, ".bpf.o"),
                               object);
    std::filesystem::permissions(object, std::filesystem::perms::owner_all);
  }
  const auto cut = directory / "cut_object.bpf.o";
  std::filesystem::resize_file(cut, std::filesystem::file_size(cut) / 2);
  std::ofstream(directory / "text_object.bpf.o") << "no object\n";
  return directory;
}

std::string Names() {
  return absl::StrJoin(Cases(), ",", [](std::string* out, const Case& one) {
    absl::StrAppend(out, one.name);
  });
}

size_t LinesWith(const std::string& log, const std::string& text) {
  std::istringstream lines(log);
  size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    count += line.find(text) != std::string::npos;
  }
  return count;
}

// Values of a label of all samples of a family.
std::set<std::string> LabelsOf(const ParsedPage& page,
                               const std::string& family,
                               const std::string& label) {
  std::set<std::string> labels;
  const auto found = page.find(family);
  if (found == page.end()) return labels;
  for (const ParsedSample& sample : found->second.samples) {
    labels.insert(std::string(sample.Label(label)));
  }
  return labels;
}

class V2ConfigsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  }
};

void ExpectCalls(const ParsedPage& page, int calls) {
  const std::string pid = absl::StrCat(getpid());
  const std::vector<std::pair<std::string, std::string>> mine = {
      {"process", pid}, {"number", absl::StrCat(SYS_getppid)}};
  const auto sum =
      [&](const std::string& name, const std::string& sample,
          const std::vector<std::pair<std::string, std::string>>& labels) {
        return SumOf(page, "ebpf_exporter_" + name, "ebpf_exporter_" + sample,
                     labels);
      };
  EXPECT_EQ(sum("calls", "calls", mine), 2 * calls);  // of two configs
  EXPECT_EQ(sum("first_form_total", "first_form_total", mine), calls);
  EXPECT_EQ(sum("perf_events", "perf_events", {{"process", pid}}), calls);
  EXPECT_EQ(sum("ring_events", "ring_events", {{"process", pid}}), calls);
  EXPECT_GE(sum("calls_by_cpu", "calls_by_cpu", {}), calls);
  EXPECT_EQ(sum("split_by_cpu_total", "split_by_cpu_total", {}),
            sum("calls_by_cpu", "calls_by_cpu", {}));
  EXPECT_EQ(LabelsOf(page, "ebpf_exporter_split_by_cpu_total", "cpu").size(),
            static_cast<size_t>(sysconf(_SC_NPROCESSORS_CONF)));
  // Two maps are read one after the other, and other processes call meanwhile.
  EXPECT_NEAR(sum("slots_by_cpu", "slots_by_cpu_count", {}),
              sum("calls_by_cpu", "calls_by_cpu", {}), calls);
  EXPECT_EQ(sum("split_slots", "split_slots_count", {}),
            sum("slots_by_cpu", "slots_by_cpu_count", {}));
  EXPECT_TRUE(LabelsOf(page, "ebpf_exporter_split_slots", "cpu").contains("0"));
  EXPECT_EQ(sum("marks", "marks", {}), 1);
  struct stat root = {};
  if (stat(CgroupRoot().c_str(), &root) == 0) {
    EXPECT_EQ(sum("cgroups", "cgroups", {{"id", absl::StrCat(root.st_ino)}}),
              1);
  }
  EXPECT_EQ(sum("lost_events_total", "lost_events_total", {}), 0);
}

TEST_F(V2ConfigsTest, TheBrokenCostThemselvesAlone) {
  ExporterProcess exporter({"--config.dir=" + MakeDirectory(),
                            "--config.names=" + Names(),
                            "--config.skip-cache-size=100", "--debug"});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  constexpr int kCalls = 1000;
  for (int i = 0; i < kCalls; ++i) syscall(SYS_getppid);
  const auto page = exporter.Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  ExpectCalls(*page, kCalls);

  std::set<std::pair<std::string, std::pair<std::string, std::string>>> failed;
  for (const ParsedSample& one :
       page->at("ebpf_exporter_attach_failed").samples) {
    failed.insert({std::string(one.Label("config")),
                   {std::string(one.Label("program")),
                    std::string(one.Label("reason"))}});
  }
  const std::string log = exporter.Log();
  for (const Case& one : Cases()) {
    for (const auto& failure : one.failures) {
      EXPECT_EQ(failed.erase({one.name, failure}), 1u)
          << one.name << " " << failure.first << " " << failure.second;
    }
    EXPECT_EQ(LinesWith(log, absl::StrCat("config=", one.name,
                                          " function=\"\" reason=")),
              one.failures.empty() ? 0u : 1u)
        << one.name;
    EXPECT_EQ(SumOf(*page, "ebpf_exporter_config_ok", "ebpf_exporter_config_ok",
                    {{"config", one.name}}),
              one.failures.empty() ? 1 : 0)
        << one.name;
  }
  for (const auto& [config, failure] : failed) {
    ADD_FAILURE() << config << " " << failure.first << " " << failure.second
                  << "\n"
                  << log;
  }
  const auto maps = exporter.Get("/maps");
  EXPECT_EQ(maps.status, 200);
  EXPECT_NE(maps.body.find("## Config: healthy_calls\n\n### Map: calls\n\n"
                           "```\n[]byte{0x"),
            std::string::npos)
      << maps.body.substr(0, 1000);
  EXPECT_NE(maps.body.find("### Map: ring_events"), std::string::npos);
  EXPECT_EQ(exporter.Get("/tables").status, 200);
  EXPECT_EQ(exporter.Stop(SIGTERM), 0);
}

TEST_F(V2ConfigsTest, CapabilitiesAreGivenUpAndEventsStillCount) {
  ExporterProcess exporter({"--config.dir=" + MakeDirectory(),
                            "--config.names=healthy_events,healthy_calls",
                            "--capabilities.keep=none", "--log.no-timestamps"});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  std::ifstream status(absl::StrCat("/proc/", exporter.pid(), "/status"));
  std::stringstream text;
  text << status.rdbuf();
  EXPECT_NE(text.str().find("CapEff:\t0000000000000000"), std::string::npos);
  for (const auto& task : std::filesystem::directory_iterator(
           absl::StrCat("/proc/", exporter.pid(), "/task"))) {
    std::ifstream of_task(task.path() / "status");
    std::stringstream task_text;
    task_text << of_task.rdbuf();
    EXPECT_NE(task_text.str().find("CapPrm:\t0000000000000000"),
              std::string::npos)
        << task.path();
  }
  constexpr int kCalls = 500;
  for (int i = 0; i < kCalls; ++i) syscall(SYS_getppid);
  const auto page = exporter.Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  for (const char* name :
       {"ebpf_exporter_perf_events", "ebpf_exporter_ring_events"}) {
    EXPECT_EQ(SumOf(*page, name, name, {{"process", absl::StrCat(getpid())}}),
              kCalls)
        << name;
  }
  EXPECT_EQ(exporter.Log().find("time="), std::string::npos) << exporter.Log();
  EXPECT_EQ(exporter.Stop(SIGTERM), 0);
}

// Whatever the label's number is: a decoder asks for the kernel's symbols,
// which are hidden from a process without capabilities.
TEST_F(V2ConfigsTest, KernelSymbolsAreReadBeforeCapabilitiesGo) {
  const std::string directory = MakeDirectory();
  std::ofstream(directory + "/symbols.yaml") << R"(
metrics:
  counters:
    - name: ring_events
      help: Calls of getppid
      perf_event_array: true
      labels:
        - name: where
          size: 8
          decoders: [{name: ksym}]
)";
  std::filesystem::copy_file(absl::StrCat(kObjects, "events.bpf.o"),
                             directory + "/symbols.bpf.o");
  ExporterProcess exporter({"--config.dir=" + directory,
                            "--config.names=symbols",
                            "--capabilities.keep=none"});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  syscall(SYS_getppid);
  const auto page = exporter.Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(exporter.Scrape().status(), absl::OkStatus());
  EXPECT_EQ(exporter.Log().find("kernel symbols cannot be resolved"),
            std::string::npos)
      << exporter.Log();
  EXPECT_EQ(exporter.Stop(SIGTERM), 0);
}

}  // namespace
}  // namespace ebpf_exporter
