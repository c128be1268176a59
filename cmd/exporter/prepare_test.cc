#include "cmd/exporter/prepare.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// A program that reads `map` of the default set's object `name`.
std::string Program(const std::string& name, const std::string& object,
                    const std::string& metric, const std::string& map) {
  return "  - name: " + name + "\n    object: " + object +
         ".bpf.o\n    metrics:\n      counters:\n        - name: " + metric +
         "\n          help: h\n          table: " + map +
         "\n          labels:\n            - name: event\n              size: "
         "4\n              decoders: [{name: uint}]\n";
}

// These programs have objects.
InlineCompiler& NoCode() {
  static InlineCompiler compiler({});
  return compiler;
}

Prepared PrepareText(const std::string& programs) {
  ConfigSource source = DefaultConfigs().at(0);
  source.file = "test.yaml";
  source.text = "programs:\n" + programs;
  return Prepare({&source, 1}, {}, {}, NoCode());
}

const std::string kGood =
    Program("good", "process", "a_total", "process_events_total");

TEST(PrepareTest, TheDefaultSetIsWithoutFindings) {
  const std::vector<ConfigSource> sources = DefaultConfigs();
  const Prepared prepared = Prepare(sources, {}, {}, NoCode());
  for (const Finding& finding : prepared.findings) {
    ADD_FAILURE() << ToString(finding);
  }
  EXPECT_EQ(prepared.programs.size(), sources.size());
  EXPECT_TRUE(prepared.readable);
}

TEST(PrepareTest, AnErrorCostsItsProgramAlone) {
  const Prepared prepared =
      PrepareText(kGood + Program("bad", "process", "b_total", "nowhere") +
                  Program("worse", "none", "c_total", "x"));
  EXPECT_TRUE(prepared.readable);
  ASSERT_EQ(prepared.programs.size(), 1u);
  EXPECT_EQ(prepared.programs[0].program.name, "good");
  ASSERT_EQ(prepared.refused.size(), 2u);
  EXPECT_EQ(prepared.refused[0].config, "bad");
  EXPECT_EQ(prepared.refused[0].reason, "object");
  EXPECT_NE(prepared.refused[0].detail.find("nowhere"), std::string::npos);
  EXPECT_EQ(prepared.refused[1].config, "worse");
  for (const Finding& finding : prepared.findings) {
    EXPECT_NE(finding.program, "good") << ToString(finding);
  }
}

TEST(PrepareTest, AnErrorInTheTextRefusesItsProgramBeforeItsObject) {
  std::string bad = Program("bad", "process", "b_total", "x");
  bad.replace(bad.find("size: 4"), 7, "siez: 4");
  const Prepared prepared = PrepareText(kGood + bad);
  EXPECT_EQ(prepared.programs.size(), 1u);
  ASSERT_EQ(prepared.refused.size(), 1u);
  EXPECT_EQ(prepared.refused[0].reason, "config");
}

TEST(PrepareTest, ATextThatIsNoYamlCostsTheFile) {
  const Prepared prepared = PrepareText(kGood + "   - [");
  EXPECT_FALSE(prepared.readable);
  EXPECT_TRUE(prepared.programs.empty());
}

TEST(PrepareTest, CodeWithoutAListedFunctionCostsItself) {
  const Prepared prepared =
      PrepareText(kGood +
                  "  - name: inline\n    code: |\n      int f(void *ctx) {}\n"
                  "    tracepoints: {timer:timer_start: g}\n");
  EXPECT_EQ(prepared.programs.size(), 1u);
  ASSERT_EQ(prepared.refused.size(), 1u);
  EXPECT_EQ(prepared.refused[0].detail,
            "the code has no function g; did you "
            "mean f?");
}

TEST(PrepareTest, AFileOfADirectoryCostsItselfAlone) {
  std::vector<ConfigSource> sources(4, DefaultConfigs().at(0));
  sources[0].name = "broken";
  sources[0].text = "programs: [";
  sources[1].name = "lost";
  sources[1].unreadable = absl::NotFoundError("no such file");
  sources[2].name = "good";
  sources[2].file = "good.yaml";
  sources[2].text = "programs:\n" + kGood;
  sources[3].name = "again";
  sources[3].text = "programs:\n" + Program("good", "process", "other_total",
                                            "process_events_total");
  const Prepared prepared = Prepare(sources, {}, {}, NoCode());
  EXPECT_TRUE(prepared.readable);
  ASSERT_EQ(prepared.programs.size(), 1u);
  ASSERT_EQ(prepared.refused.size(), 3u);
  EXPECT_EQ(prepared.refused[0].config, "broken");
  EXPECT_EQ(prepared.refused[0].reason, "config");
  EXPECT_EQ(prepared.refused[1].config, "lost");
  EXPECT_EQ(prepared.refused[1].detail, "no such file");
  EXPECT_EQ(prepared.refused[2].config, "good");
  EXPECT_NE(prepared.refused[2].detail.find("taken by a file before"),
            std::string::npos);
}

}  // namespace
}  // namespace ebpf_exporter
