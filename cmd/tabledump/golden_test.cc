// Each run of testdata/dumps/tabledump/cases.txt says what its golden file
// says. To write golden files anew, run the test in the repository's top folder
// with TABLEDUMP_GOLDEN_OUT set to the folder they go to.

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "cmd/tabledump/tabledump_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kFolder[] = "testdata/dumps/tabledump";

struct Case {
  std::string name;
  std::string command;  // as cases.txt writes it
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  const std::string text = ReadText(absl::StrCat(kFolder, "/cases.txt"));
  for (const std::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (line[0] == '#') continue;
    const std::vector<std::string> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    cases.push_back({parts[0], std::string(absl::StripPrefix(parts[1], " "))});
  }
  return cases;
}

std::string OutcomeOf(const Case& one) {
  std::vector<std::string> words =
      absl::StrSplit(one.command, ' ', absl::SkipEmpty());
  RunOptions options;
  options.directory = kFolder;
  if (words.size() > 2 && words[words.size() - 2] == "<") {
    options.input = words.back();
    words.resize(words.size() - 2);
  }
  const RunResult result = RunTabledump(words, options);
  return absl::StrCat("--- exit ", result.exit_code, "\n--- stderr\n",
                      result.err, "--- stdout\n", result.out);
}

class GoldenTest : public testing::TestWithParam<Case> {};

TEST_P(GoldenTest, SaysWhatItSaid) {
  const std::string said = OutcomeOf(GetParam());
  const std::string name = absl::StrCat(GetParam().name, ".txt");
  const char* const out = std::getenv("TABLEDUMP_GOLDEN_OUT");
  if (out != nullptr) {
    std::ofstream(absl::StrCat(out, "/", name), std::ios::binary) << said;
    return;
  }
  EXPECT_EQ(said, ReadText(absl::StrCat(kFolder, "/golden/", name)));
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenTest, testing::ValuesIn(Cases()),
                         [](const auto& one) { return one.param.name; });

// All forms of one dump are the same series, to the byte.
TEST(FormsTest, AreTheSameSeries) {
  const auto golden = [](std::string_view name) {
    return ReadText(absl::StrCat(kFolder, "/golden/", name, ".txt"));
  };
  const std::string one = golden("decode_stdin");
  EXPECT_NE(one.find("ebpf_exporter_disk_latency_seconds_count"),
            std::string::npos);
  EXPECT_EQ(golden("decode_pretty"), one);
  EXPECT_EQ(golden("decode_text"), one);
  EXPECT_EQ(golden("decode_raw"), one);
  EXPECT_EQ(golden("decode_big"), one);
}

}  // namespace
}  // namespace ebpf_exporter
