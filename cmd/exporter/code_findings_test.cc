#include "cmd/exporter/code_findings.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

ProgramConfig Program() {
  ProgramConfig program;
  program.name = "p";
  program.code = "int count(void *ctx) { return 0; }\n";
  program.code_mark = {10, 5};
  program.code_start = {11, 7};
  return program;
}

TEST(FindingOfTest, LinesOfTheCodeAreLinesOfTheFile) {
  const Finding finding = FindingOf({3, "wrong"}, Program(), "a.yaml");
  EXPECT_EQ(ToString(finding), "a.yaml:13:7: error: wrong");
  EXPECT_EQ(finding.program, "p");
  // What no line is to blame for is said of the key.
  EXPECT_EQ(ToString(FindingOf({0, "wrong"}, Program(), "a.yaml")),
            "a.yaml:10:5: error: wrong");
}

TEST(MissingFunctionsTest, EachIsNamedAtTheLineOfItsList) {
  ProgramConfig program = Program();
  program.kprobes = {{"do_it", "count", {3, 1}}, {"do_this", "cuont", {4, 1}}};
  program.perf_events = {{1, 0, "something", 0, 99, {6, 1}}};
  const Findings findings = MissingFunctions(program, "a.yaml");
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(ToString(findings[0]),
            "a.yaml:4:1: error: the code has no function cuont; did you mean "
            "count?");
  EXPECT_EQ(ToString(findings[1]),
            "a.yaml:6:1: error: the code has no function something; it has "
            "count");
  program.code = "";
  EXPECT_THAT(ToString(MissingFunctions(program, "a.yaml")[0]),
              ::testing::HasSubstr("it has none at all"));
  // What cannot be read is for the translator to say.
  program.code = "int f( {";
  EXPECT_THAT(MissingFunctions(program, "a.yaml"), IsEmpty());
}

}  // namespace
}  // namespace ebpf_exporter
