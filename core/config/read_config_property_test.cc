// Random damage to good files: reading never crashes, and what it calls good is
// good when it is judged again.

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config_text.h"
#include "core/config/read_config.h"
#include "core/config/test_files.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr int kMutationsPerFile = 400;

constexpr std::string_view kPieces[] = {
    "&a ",   "*a",    "<<: *a\n", "- ",     ": ",     "\t",        "[",
    "{",     "]",     "}",        "\"",     "'",      "!!",        "!str ",
    "---\n", "...\n", "\xff",     "\r\n",   "|\n",    ">-\n",      "? ",
    "# ",    "~",     "x-",       "name: ", "size: ", ".nan",      "-1",
    "1e99",  "%",     "@",        ",",      "\n  ",   "\n",        " ",
    "\\",    "y",     "fixed",    "linear", "0x",     "slots: s\n"};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string Mutate(std::string text) {
    const size_t steps = 1 + Below(4);
    for (size_t i = 0; i < steps; ++i) Step(text);
    return text;
  }

 private:
  size_t Below(size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random_);
  }

  void Step(std::string& text) {
    const size_t at = Below(text.size() + 1);
    const size_t length = Below(40);
    switch (Below(5)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, kPieces[Below(std::size(kPieces))]);
        break;
      case 2:
        text.insert(Below(text.size() + 1), text.substr(at, length));
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(Below(256));
        break;
      default:
        text.insert(at, LineFrom(text));
    }
  }

  // A whole line from anywhere: keys move to levels where they do not belong.
  std::string LineFrom(const std::string& text) {
    const size_t start = text.find('\n', Below(text.size() + 1));
    if (start == std::string::npos) return "\n";
    return text.substr(start, text.find('\n', start + 1) - start);
  }

  std::mt19937 random_;
};

void ExpectSound(const std::string& text, const ReadOptions& options) {
  ParsedConfig parsed = ReadConfig(text, "t.yaml", options);
  bool any_refused = false;
  for (const ProgramConfig& program : parsed.config.programs) {
    any_refused = any_refused || program.refused;
  }
  if (HasError(parsed.findings)) {
    EXPECT_TRUE(any_refused || HasFileError(parsed.findings)) << text;
    return;
  }
  EXPECT_FALSE(any_refused) << text;
  EXPECT_FALSE(parsed.config.programs.empty()) << text;
  const std::string before = ConfigText(parsed.config);
  EXPECT_FALSE(HasError(Validate(parsed.config, options.validate))) << text;
  EXPECT_EQ(ConfigText(parsed.config), before) << text;
}

TEST(ReadConfigPropertyTest, DamagedFiles) {
  std::vector<std::filesystem::path> files = YamlFiles("testdata/configs/good");
  for (const auto& seed : YamlFiles("testdata/configs/seed")) {
    files.push_back(seed);
  }
  ASSERT_GE(files.size(), 8u);
  ReadOptions options;
  options.validate.require_object = false;
  Mutator mutator(1);
  for (const auto& file : files) {
    const std::string text = ReadTestFile(file);
    ExpectSound(text, options);
    for (int i = 0; i < kMutationsPerFile; ++i) {
      ExpectSound(mutator.Mutate(text), options);
    }
  }
}

TEST(ReadConfigPropertyTest, DamagedBadFiles) {
  Mutator mutator(2);
  for (const auto& file : YamlFiles("testdata/configs/bad")) {
    const std::string text = ReadTestFile(file);
    for (int i = 0; i < kMutationsPerFile / 20; ++i) {
      ExpectSound(mutator.Mutate(text), {});
    }
  }
}

TEST(ReadConfigPropertyTest, EveryPrefix) {
  const std::string text = ReadTestFile("testdata/configs/good/anchors.yaml");
  ASSERT_GT(text.size(), 500u);
  for (size_t i = 0; i < text.size(); ++i) ExpectSound(text.substr(0, i), {});
}

}  // namespace
}  // namespace ebpf_exporter
