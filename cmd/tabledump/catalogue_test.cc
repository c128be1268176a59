// The recorded dump of each program of the catalogue, and of each in the
// dialect of the first form, gives the text that the exporter printed of the
// same maps.

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

// A directory of programs and one of their dumps.
struct Program {
  std::string configs;
  std::string dumps;
  std::string name;
};

constexpr char kCatalogue[] = "bpf/programs";
constexpr char kCatalogueDumps[] = "testdata/dumps/catalogue";
constexpr char kInline[] = "testdata/inline";
constexpr char kInlineDumps[] = "testdata/dumps/inline";

std::vector<Program> Recorded(const std::string& configs,
                              const std::string& dumps) {
  std::vector<Program> programs;
  for (const std::string& name : Names(dumps, ".capture")) {
    programs.push_back({configs, dumps, name});
  }
  return programs;
}

TEST(CatalogueDumpsTest, EachProgramHasOne) {
  EXPECT_EQ(Names(kCatalogueDumps, ".capture"), Names(kCatalogue, ".yaml"));
}

TEST(InlineDumpsTest, EachProgramWithAMapHasOne) {
  std::vector<std::string> programs = Names(kInline, ".yaml");
  // What is sent as events lies in no map.
  EXPECT_EQ(std::erase(programs, "oom_kills"), 1u);
  EXPECT_EQ(Names(kInlineDumps, ".capture"), programs);
}

class RecordedTest : public testing::TestWithParam<Program> {};

TEST_P(RecordedTest, TheDumpGivesThePrintedText) {
  const Program& program = GetParam();
  const std::string dump = absl::StrCat(program.dumps, "/", program.name);
  const RunResult result =
      RunTabledump({"decode",
                    absl::StrCat("--config.file=", program.configs, "/",
                                 program.name, ".yaml"),
                    "--format=prom", dump + ".capture"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, ReadFile(dump + ".golden"));
  EXPECT_NE(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(Catalogue, RecordedTest,
                         testing::ValuesIn(Recorded(kCatalogue,
                                                    kCatalogueDumps)),
                         [](const auto& one) { return one.param.name; });
INSTANTIATE_TEST_SUITE_P(Inline, RecordedTest,
                         testing::ValuesIn(Recorded(kInline, kInlineDumps)),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace ebpf_exporter
