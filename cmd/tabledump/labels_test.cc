#include "cmd/tabledump/labels.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/table/label_text.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

Labels Parse(std::string_view text) {
  Labels labels;
  ForEachLabel(text, [&](std::string_view name, std::string_view value) {
    labels.emplace_back(name, value);
  });
  return labels;
}

TEST(ForEachLabelTest, TakesTextApart) {
  EXPECT_EQ(Parse(""), Labels());
  EXPECT_EQ(Parse("a=\"\""), (Labels{{"a", ""}}));
  EXPECT_EQ(Parse("a=\"1\",b=\"x,y=\\\"z\\\"\\\\\\n\""),
            (Labels{{"a", "1"}, {"b", "x,y=\"z\"\\\n"}}));
}

TEST(ForEachLabelTest, UndoesAppendLabel) {
  std::mt19937 random(3);
  for (int i = 0; i < 5000; ++i) {
    Labels labels;
    std::string text;
    for (size_t n = random() % 4; n > 0; --n) {
      std::string value;
      for (size_t c = random() % 8; c > 0; --c) {
        value += "\"\\\n,=ax "[random() % 8];
      }
      labels.emplace_back("l" + std::to_string(n), value);
      AppendLabel(labels.back().first, value, text);
    }
    ASSERT_EQ(Parse(text), labels) << text;
  }
}

}  // namespace
}  // namespace ebpf_exporter
