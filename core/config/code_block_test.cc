#include "core/config/code_block.h"

#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

CodeBlock Find(std::string_view text, SourceMark mark) {
  return FindCodeBlock(text, mark);
}

TEST(CodeBlockTest, LiteralCodeKeepsItsLines) {
  const CodeBlock block = Find("a:\n  code: |\n\n      int x;\n", {2, 9});
  EXPECT_EQ(block.style, CodeStyle::kLiteral);
  EXPECT_EQ(block.start, (SourceMark{3, 7}));
}

TEST(CodeBlockTest, HeadersAndPropertiesAreStepped) {
  EXPECT_EQ(Find("code: |-\n  x\n", {1, 7}).start, (SourceMark{2, 3}));
  EXPECT_EQ(Find("code: &c |+\n  x\n", {1, 7}).start, (SourceMark{2, 3}));
  EXPECT_EQ(Find("code: !!str |\n  x\n", {1, 7}).start, (SourceMark{2, 3}));
}

TEST(CodeBlockTest, OtherStylesAreTold) {
  EXPECT_EQ(Find("code: >\n  x\n", {1, 7}).style, CodeStyle::kFolded);
  EXPECT_EQ(Find("code: \"x\"\n", {1, 7}).style, CodeStyle::kQuoted);
  EXPECT_EQ(Find("code: 'x'\n", {1, 7}).style, CodeStyle::kQuoted);
  EXPECT_EQ(Find("code: int x;\n", {1, 7}).style, CodeStyle::kPlain);
  EXPECT_EQ(Find("code: *c\n", {1, 7}).style, CodeStyle::kAlias);
  EXPECT_EQ(Find("", {7, 7}).style, CodeStyle::kPlain);
  EXPECT_EQ(Find("", {}).style, CodeStyle::kPlain);
}

}  // namespace
}  // namespace ebpf_exporter
