#include "core/config/program_reader.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/yaml.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Read {
  std::vector<ProgramConfig> programs;
  Findings findings;
};

Read ReadText(std::string_view text) {
  const YamlOptions options;
  Reporter reporter("t");
  const YamlTree tree = internal::ParseTree(text, options, reporter);
  NodeReader reader(tree, options, reporter);
  Read read;
  read.programs = ReadPrograms(reader);
  read.findings = std::move(reporter).Take();
  return read;
}

TEST(ProgramReaderTest, FindingsCarryTheProgramsName) {
  const Read read = ReadText(
      "programs:\n"
      "  - {typo: 1, name: first}\n"
      "  - {name: second}\n"
      "  - {typo: 1}\n"
      "typo: 1\n");
  ASSERT_EQ(read.findings.size(), 3u);
  EXPECT_EQ(read.findings[0].program, "first");
  EXPECT_EQ(read.findings[1].program, "");
  EXPECT_EQ(read.findings[2].program, "");
  ASSERT_EQ(read.programs.size(), 3u);
  EXPECT_TRUE(read.programs[0].refused);
  EXPECT_FALSE(read.programs[1].refused);
  EXPECT_TRUE(read.programs[2].refused);
}

TEST(ProgramReaderTest, ARootListIsReadOn) {
  const Read read = ReadText("- programs:\n  - name: a\n    typo: 1\n");
  ASSERT_EQ(read.programs.size(), 1u);
  EXPECT_EQ(read.programs[0].name, "a");
  ASSERT_EQ(read.findings.size(), 2u);
  EXPECT_EQ(ToString(read.findings[0]),
            "t:1:1: error: the top level is a list; drop the `- ` in front of "
            "`programs:` and indent what follows by two less");
  EXPECT_TRUE(ReadText("[]").programs.empty());
  EXPECT_TRUE(ReadText("[[]]").programs.empty());
}

TEST(ProgramReaderTest, HooksKeepTheirOrderAndPlace) {
  const Read read = ReadText(
      "programs:\n"
      "  - name: a\n"
      "    kprobes:\n"
      "      z: f\n"
      "      a: g\n");
  const auto& kprobes = read.programs.at(0).kprobes;
  ASSERT_EQ(kprobes.size(), 2u);
  EXPECT_EQ(kprobes[0].target, "z");
  EXPECT_EQ(kprobes[0].function, "f");
  EXPECT_EQ(kprobes[0].mark, (SourceMark{4, 7}));
  EXPECT_EQ(kprobes[1].target, "a");
}

TEST(ProgramReaderTest, NoPrograms) {
  for (std::string_view text : {"programs:", "programs: []", "x-a: 1"}) {
    const Read read = ReadText(text);
    ASSERT_EQ(read.findings.size(), 1u) << text;
    EXPECT_EQ(ToString(read.findings[0]),
              "t:1:1: error: there are no programs; begin with `programs:` and "
              "one item `- name: ...` below it for each");
  }
}

}  // namespace
}  // namespace ebpf_exporter
