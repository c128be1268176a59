#include "cmd/tabledump/style.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(StyleTest, ColoursOnlyWhereTheyAreWanted) {
  const std::string bold = "\x1b[1mx\x1b[0m";
  EXPECT_EQ(Style::For(true, nullptr, "xterm").Bold("x"), bold);
  EXPECT_EQ(Style::For(true, "", "xterm").Bold("x"), bold);
  EXPECT_EQ(Style::For(false, nullptr, "xterm").Bold("x"), "x");
  EXPECT_EQ(Style::For(true, "1", "xterm").Bold("x"), "x");
  EXPECT_EQ(Style::For(true, "0", "xterm").Bold("x"), "x");
  EXPECT_EQ(Style::For(true, nullptr, "dumb").Bold("x"), "x");
  EXPECT_EQ(Style::For(true, nullptr, nullptr).Bold("x"), "x");
}

TEST(StyleTest, NothingIsNotColoured) { EXPECT_EQ(Style(true).Bar(""), ""); }

}  // namespace
}  // namespace ebpf_exporter
