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
  read.programs = ReadPrograms(reader, "bio");
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

TEST(ProgramReaderTest, AChoiceIsAFunctionOrAListOfThem) {
  const Read read = ReadText(
      "programs:\n"
      "  - name: a\n"
      "    one_of:\n"
      "      - [folio, page]\n"
      "      - [[entry, exit], probe]\n");
  EXPECT_TRUE(read.findings.empty());
  const auto& one_of = read.programs.at(0).one_of;
  ASSERT_EQ(one_of.size(), 2u);
  using Choices = std::vector<std::vector<std::string>>;
  EXPECT_EQ(one_of[0].choices, (Choices{{"folio"}, {"page"}}));
  EXPECT_EQ(one_of[1].choices, (Choices{{"entry", "exit"}, {"probe"}}));
  EXPECT_EQ(one_of[1].mark, (SourceMark{5, 9}));
}

TEST(ProgramReaderTest, OneOfWantsListsOfLists) {
  for (const char* text : {"one_of: {a: b}", "one_of: [a]", "one_of: a",
                           "one_of: [[{a: b}]]", "one_of: [[[[a]]]]"}) {
    const Read read =
        ReadText(absl::StrCat("programs:\n  - name: a\n    ", text, "\n"));
    ASSERT_FALSE(read.findings.empty()) << text;
    EXPECT_EQ(read.findings[0].message.rfind("one_of: expected", 0), 0u)
        << read.findings[0].message;
    EXPECT_TRUE(read.programs.at(0).refused);
  }
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

TEST(ProgramReaderTest, ASecondGenerationFileIsOneProgram) {
  const Read read = ReadText(
      "name: ignored\n"
      "kaddrs: [jiffies]\n"
      "one_of: [[new, old]]\n"
      "cgroup_id_map: {name: ids, type: cgrp_storage, regexps: [a, b]}\n"
      "metrics:\n"
      "  counters:\n"
      "    - {name: a_total, help: A}\n"
      "    - {name: events, perf_event_array: true, flush_interval: 5s}\n");
  EXPECT_TRUE(read.findings.empty());
  ASSERT_EQ(read.programs.size(), 1u);
  const ProgramConfig& program = read.programs[0];
  EXPECT_EQ(program.name, "bio");
  EXPECT_EQ(program.object, "bio.bpf.o");
  EXPECT_EQ(program.kaddrs, std::vector<std::string>{"jiffies"});
  ASSERT_EQ(program.one_of.size(), 1u);
  EXPECT_EQ(program.one_of[0].choices.size(), 2u);
  ASSERT_TRUE(program.cgroup_id_map.has_value());
  EXPECT_EQ(program.cgroup_id_map->map, "ids");
  EXPECT_TRUE(program.cgroup_id_map->cgroup_storage);
  EXPECT_EQ(program.cgroup_id_map->regexps.size(), 2u);
  ASSERT_EQ(program.metrics.size(), 2u);
  EXPECT_TRUE(program.metrics[0].regexps_keep_match);
  EXPECT_EQ(program.metrics[0].perf_map, "");
  EXPECT_EQ(program.metrics[1].perf_map, "events");
  EXPECT_EQ(program.metrics[1].perf_map_flush_nanoseconds, 5'000'000'000);
}

TEST(ProgramReaderTest, SpansAreAcceptedAndNotServed) {
  const Read read = ReadText(
      "tracing: {spans: [{ringbuf: a, service: b, labels: []}]}\n"
      "metrics: {counters: [{name: a_total}]}\n");
  ASSERT_EQ(read.findings.size(), 1u);
  EXPECT_EQ(ToString(read.findings[0]),
            "t:1:1: warning: tracing: spans are not served; the metrics of "
            "this file are");
  EXPECT_FALSE(read.programs.at(0).refused);
}

TEST(ProgramReaderTest, ErrorsOfTheSecondGenerationBelongToItsProgram) {
  for (std::string_view text :
       {"metrics: {counter: []}", "metrics: []", "kaddrs: [a]\n",
        "metrics: {counters: [{name: a_total}]}\nx: 1\n",
        "cgroup_id_map: {name: a, type: tree}\n"
        "metrics: {counters: [{name: a_total}]}\n"}) {
    const Read read = ReadText(text);
    ASSERT_EQ(read.programs.size(), 1u) << text;
    EXPECT_TRUE(read.programs[0].refused) << text;
    ASSERT_EQ(read.findings.size(), 1u) << text;
    EXPECT_EQ(read.findings[0].program, "bio") << text;
  }
}

}  // namespace
}  // namespace ebpf_exporter
