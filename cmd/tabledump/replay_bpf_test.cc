// Replay equals scrape: for every program of the catalogue, and one whose
// labels come from all sources of names, what tabledump makes of a capture is,
// byte for byte, what the exporter printed of the same maps. The exporter
// detaches before it prints and captures, so the maps are the same.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "bpf/loader/privileges.h"
#include "cmd/tabledump/tabledump_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string ReadFile(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// The names of the metrics that a configuration of the catalogue defines.
std::vector<std::string> MetricsOf(const std::string& config) {
  std::vector<std::string> names;
  std::istringstream lines(ReadFile(config));
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kMetric = "        - name: ";  // its depth
    if (absl::StartsWith(line, kMetric)) {
      names.push_back(line.substr(kMetric.size()));
    }
  }
  return names;
}

// The lines of a page that belong to one family.
std::string FamilyOf(const std::string& page, const std::string& name) {
  std::string family;
  std::istringstream lines(page);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (absl::StartsWith(line, "# HELP ")) {
      inside = absl::StartsWith(line, absl::StrCat("# HELP ", name, " "));
    }
    if (inside) absl::StrAppend(&family, line, "\n");
  }
  return family;
}

// A program's name, and where its configuration and object are.
struct Replayed {
  std::string name;
  std::string folder = "bpf/programs";
};

class ReplayTest : public testing::TestWithParam<Replayed> {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (allowed.ok()) return;
    std::cerr << "\n*** SKIPPED, NOTHING WAS TESTED: " << allowed.message()
              << "\n\n";
    GTEST_SKIP() << "may not use BPF";
  }
};

// Something of everything, until it is killed: forks, direct writes, loopback
// TCP and UDP, waits.
constexpr char kLoad[] =
    "(while :; do"
    " dd if=/dev/zero of=$TMP/load bs=4k count=8 oflag=direct 2>/dev/null;"
    " exec 3<>/dev/tcp/127.0.0.1/9 2>/dev/null;"
    " echo -ne '\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00"
    "\\x03www\\x07example\\x03com\\x00\\x00\\x01\\x00\\x01'"
    " >/dev/udp/127.0.0.1/53;"
    " sleep 0.1; done) 2>/dev/null & load=$!; ";

TEST_P(ReplayTest, TheCaptureGivesThePage) {
  const std::string& name = GetParam().name;
  const std::string config =
      absl::StrCat(GetParam().folder, "/", name, ".yaml");
  const std::filesystem::path directory =
      std::filesystem::path(testing::TempDir()) / ("replay-" + name);
  std::filesystem::create_directory(directory);
  const std::string page_path = directory.string() + ".page";
  const std::string command = absl::StrCat(
      "TMP=", directory.string(), "; ", kLoad,
      "cmd/exporter/exporter --once=1500ms --config.file=", config,
      " --capture=", directory.string(), " > ", page_path, " 2> ", page_path,
      ".log; status=$?; kill $load; wait; rm -f $TMP/load; exit $status");
  ASSERT_EQ(std::system(absl::StrCat(
                            "bash -c '",
                            absl::StrReplaceAll(command, {{"'", "'\\''"}}), "'")
                            .c_str()),
            0)
      << ReadFile(page_path + ".log");
  const std::string page = ReadFile(page_path);
  std::string capture;
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    if (file.path().extension() == ".zst") capture = file.path();
  }
  const std::vector<std::string> metrics = MetricsOf(config);
  ASSERT_FALSE(metrics.empty());
  size_t bytes = 0;
  for (const std::string& metric : metrics) {
    const std::string expected = FamilyOf(page, "ebpf_exporter_" + metric);
    const RunResult replayed =
        RunTabledump({"decode", "--config.file=" + config, "--metric=" + metric,
                      "--format=prom", capture});
    EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
    EXPECT_EQ(replayed.out, expected) << metric;
    bytes += expected.size();
  }
  EXPECT_GT(bytes, 0u) << "nothing was counted, so nothing was compared";
}

INSTANTIATE_TEST_SUITE_P(
    Catalogue, ReplayTest,
    testing::Values(Replayed{"bio"}, Replayed{"dns"}, Replayed{"page_cache"},
                    Replayed{"page_faults"}, Replayed{"process"},
                    Replayed{"runqlat"}, Replayed{"softirq_latency"},
                    Replayed{"syscalls"}, Replayed{"tcp"}, Replayed{"timers"}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(Names, ReplayTest,
                         testing::Values(Replayed{"names",
                                                  "bpf/host/testdata"}),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace ebpf_exporter
