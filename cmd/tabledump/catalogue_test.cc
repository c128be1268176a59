// The recorded dump of each program of the catalogue gives the text that the
// exporter printed of the same maps.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/tabledump/tabledump_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string ReadFile(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// The names of the files in a directory that end so, without the ending.
std::vector<std::string> Names(const std::string& directory,
                               std::string_view ending) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& file :
       std::filesystem::directory_iterator(directory, error)) {
    if (file.path().extension() == ending) names.push_back(file.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> Recorded() {
  return Names("testdata/dumps/catalogue", ".capture");
}

TEST(CatalogueDumpsTest, EachProgramHasOneButThoseOfHardwareEvents) {
  const std::vector<std::string> hardware = {"ipc", "llc"};
  std::vector<std::string> expected;
  for (const std::string& name : Names("bpf/programs", ".yaml")) {
    if (!std::binary_search(hardware.begin(), hardware.end(), name)) {
      expected.push_back(name);
    }
  }
  EXPECT_EQ(Recorded(), expected);
}

class CatalogueTest : public testing::TestWithParam<std::string> {};

TEST_P(CatalogueTest, TheRecordedDumpGivesThePrintedText) {
  const std::string& name = GetParam();
  const std::string dump = absl::StrCat("testdata/dumps/catalogue/", name);
  const RunResult result = RunTabledump(
      {"decode", absl::StrCat("--config.file=bpf/programs/", name, ".yaml"),
       "--format=prom", dump + ".capture"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, ReadFile(dump + ".golden"));
  EXPECT_NE(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(Programs, CatalogueTest, testing::ValuesIn(Recorded()),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace ebpf_exporter
