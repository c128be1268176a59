#include "core/table/text_arena.h"

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(TextArenaTest, TextStaysWhereItIs) {
  TextArena arena;
  std::vector<std::pair<std::string, const char*>> added;
  size_t total = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string text(static_cast<size_t>(i % 700), static_cast<char>(i));
    added.emplace_back(text, arena.Add(text));
    total += text.size();
  }
  EXPECT_EQ(arena.size(), total);
  for (const auto& [text, at] : added) {
    ASSERT_EQ(std::string_view(at, text.size()), text);
  }
}

TEST(TextArenaTest, TextLargerThanABlockFits) {
  TextArena arena;
  const std::string large(3 << 20, 'x');
  const char* at = arena.Add(large);
  arena.Add("more");
  EXPECT_EQ(std::string_view(at, large.size()), large);
}

TEST(TextArenaTest, ACopyPinsTheText) {
  TextArena pin;
  const char* at;
  {
    TextArena arena;
    at = arena.Add("kept");
    pin = arena;
  }
  EXPECT_EQ(std::string_view(at, 4), "kept");
}

}  // namespace
}  // namespace ebpf_exporter
