#include "core/config/syntax_error.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(SyntaxErrorTest, TabBeforeAnythingElse) {
  const SyntaxError error = ExplainSyntaxError("a:\n  \tname:x\n", {2, 7},
                                               "illegal map value", {2, 4});
  EXPECT_EQ(error.mark, (SourceMark{2, 3}));
  EXPECT_EQ(error.message,
            "a TAB indents this line; YAML indents with spaces only: replace "
            "it with spaces");
}

TEST(SyntaxErrorTest, MissingSpaceUpToTwoLinesAbove) {
  const std::string_view text =
      "decoders:\n"
      "  - name:static_map\n"
      "    more\n"
      "    static_map:\n"
      "      1: read\n";
  const SyntaxError error =
      ExplainSyntaxError(text, {4, 15}, "illegal map value", {2, 5});
  EXPECT_EQ(error.mark, (SourceMark{2, 5}));
  EXPECT_EQ(error.message,
            "a space is missing after the colon of \"name:static_map\"; write "
            "\"name: static_map\"");
  const SyntaxError other =
      ExplainSyntaxError(text, {5, 8}, "illegal map value", {2, 5});
  EXPECT_EQ(other.mark, (SourceMark{5, 8}));
}

TEST(SyntaxErrorTest, OpenQuoteIsAtTheLastWord) {
  const SyntaxError error = ExplainSyntaxError(
      "a: \"b\n", {2, 1}, "illegal document indicator in scalar", {1, 1});
  EXPECT_EQ(error.mark, (SourceMark{1, 1}));
  EXPECT_EQ(error.message, "a quote behind this is opened and never closed");
}

TEST(SyntaxErrorTest, AdviceByReason) {
  const auto advice = [](std::string_view text, int column,
                         std::string_view reason) {
    return ExplainSyntaxError(text, {1, column}, reason, {}).message;
  };
  EXPECT_EQ(advice("x: a: b", 5, "illegal map value"),
            "a second colon in one line; put the value in quotes");
  EXPECT_EQ(advice("x: [", 5, "end of sequence flow not found"),
            "a `[` is not closed; add the `]`");
  EXPECT_EQ(advice("x", 1, "end of sequence not found"),
            "this line is indented as no list item above it; align it with the "
            "`- ` of its list");
  EXPECT_EQ(advice("x", 1, "some new reason"),
            "not valid YAML: some new reason");
}

TEST(SyntaxErrorTest, PlacesOutsideTheText) {
  EXPECT_EQ(ExplainSyntaxError("", {0, 0}, "illegal map value", {}).mark,
            (SourceMark{0, 0}));
  EXPECT_EQ(ExplainSyntaxError("a\n", {99, 99}, "odd", {}).mark,
            (SourceMark{99, 99}));
}

}  // namespace
}  // namespace ebpf_exporter
