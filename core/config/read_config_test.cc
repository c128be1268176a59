#include "core/config/read_config.h"

#include <filesystem>
#include <string>
#include <vector>

#include "core/config/test_files.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Lines(const Findings& findings) {
  std::string out;
  for (const Finding& finding : findings) out += ToString(finding) + "\n";
  return out;
}

TEST(ReadConfigTest, GoodFilesHaveNoError) {
  const auto files = YamlFiles("testdata/configs/good");
  ASSERT_GE(files.size(), 6u);
  for (const auto& file : files) {
    const ParsedConfig parsed = ReadConfig(ReadTestFile(file), "good.yaml");
    EXPECT_FALSE(HasError(parsed.findings)) << file << Lines(parsed.findings);
    ASSERT_FALSE(parsed.config.programs.empty()) << file;
    for (const ProgramConfig& program : parsed.config.programs) {
      EXPECT_FALSE(program.refused) << file;
    }
  }
}

// The findings of every bad file, word for word.
TEST(ReadConfigTest, BadFilesGiveTheExpectedFindings) {
  const auto files = YamlFiles("testdata/configs/bad");
  ASSERT_GE(files.size(), 60u);
  for (std::filesystem::path file : files) {
    const ParsedConfig parsed =
        ReadConfig(ReadTestFile(file), file.filename().string());
    const std::string got = Lines(parsed.findings);
    EXPECT_TRUE(HasError(parsed.findings) || file.stem() == "help") << file;
    EXPECT_EQ(got, ReadTestFile(file.replace_extension(".expected")));
  }
}

TEST(ReadConfigTest, AnErrorCostsItsProgramOnly) {
  const ParsedConfig parsed = ReadConfig(
      "programs:\n"
      "  - {name: good, object: a.bpf.o}\n"
      "  - {name: misspelt, objct: b.bpf.o}\n"
      "  - {name: judged, object: c.bpf.o, metrics: {gauges: [{name: 1}]}}\n"
      "  - {name: fine, object: d.bpf.o}\n",
      "t.yaml");
  ASSERT_EQ(parsed.config.programs.size(), 4u);
  EXPECT_FALSE(parsed.config.programs[0].refused);
  EXPECT_TRUE(parsed.config.programs[1].refused);
  EXPECT_TRUE(parsed.config.programs[2].refused);
  EXPECT_FALSE(parsed.config.programs[3].refused);
  EXPECT_FALSE(HasFileError(parsed.findings));
  for (const Finding& finding : parsed.findings) {
    EXPECT_EQ(finding.program, finding.mark.line == 3 ? "misspelt" : "judged");
  }
}

TEST(ReadConfigTest, ErrorsOfTheFileBelongToNoProgram) {
  EXPECT_TRUE(HasFileError(ReadConfig("", "t.yaml").findings));
  EXPECT_TRUE(HasFileError(
      ReadConfig("typo: 1\nprograms: [{name: a, object: b}]", "t.yaml")
          .findings));
}

TEST(ReadConfigTest, UnknownKeysCanBeWarnings) {
  ReadOptions options;
  options.yaml.unknown_keys_are_warnings = true;
  const ParsedConfig parsed = ReadConfig(
      "programs: [{name: a, object: b, objekt: c}]", "t.yaml", options);
  EXPECT_EQ(Lines(parsed.findings),
            "t.yaml:1:33: warning: unknown key \"objekt\" in a program; did "
            "you mean \"object\"?\n");
  EXPECT_FALSE(parsed.config.programs[0].refused);
}

TEST(ReadConfigTest, NamesAreSharedBetweenFiles) {
  const std::string text =
      "programs: [{name: a, object: a.o, metrics: {KIND: [{name: x_total, "
      "help: h}]}}]";
  const auto with = [&text](std::string kind) {
    std::string out = text;
    return out.replace(out.find("KIND"), 4, kind);
  };
  FamilyNames taken;
  ReadOptions options;
  EXPECT_EQ(
      Lines(ReadConfig(with("counters"), "a.yaml", options, taken).findings),
      "");
  EXPECT_EQ(
      Lines(ReadConfig(with("counters"), "b.yaml", options, taken).findings),
      "");
  EXPECT_TRUE(
      HasError(ReadConfig(with("gauges"), "c.yaml", options, taken).findings));
}

}  // namespace
}  // namespace ebpf_exporter
