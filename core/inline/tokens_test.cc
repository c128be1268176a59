#include "core/inline/tokens.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/inline/edits.h"
#include "core/inline/token_range.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;

Tokens Read(std::string_view code) {
  std::variant<Tokens, CodeFinding> read = Tokenize(code);
  EXPECT_TRUE(std::holds_alternative<Tokens>(read)) << code;
  return std::get<Tokens>(std::move(read));
}

std::vector<std::string> Texts(std::string_view code) {
  std::vector<std::string> texts;
  for (const Token& token : Read(code)) texts.emplace_back(token.text);
  return texts;
}

TEST(TokensTest, NamesNumbersTextsAndSigns) {
  EXPECT_THAT(Texts("a->b.c+=0x1fULL*1.5e3;"),
              ElementsAre("a", "->", "b", ".", "c", "+=", "0x1fULL", "*",
                          "1.5e3", ";"));
  EXPECT_THAT(Texts("'\\'' \"a\\\"b\" x##y ... .5"),
              ElementsAre("'\\''", "\"a\\\"b\"", "x", "##", "y", "...", ".5"));
}

TEST(TokensTest, CommentsAndJoinedLinesLieBetween) {
  EXPECT_THAT(Texts("a /* b\n */ c // d \\\n e\nf\\\ng"),
              ElementsAre("a", "c", "f", "g"));
  EXPECT_EQ(Read("a /* b\n */ c // d \\\n e\nf").back().line, 4);
}

TEST(TokensTest, BracketsKnowTheirPartners) {
  const Tokens tokens = Read("f(a[1], {b})");
  EXPECT_EQ(tokens[1].partner, tokens.size() - 1);
  EXPECT_EQ(tokens[3].partner, 5);
  EXPECT_EQ(tokens[5].partner, 3);
  EXPECT_EQ(tokens[0].partner, 0);
}

TEST(TokensTest, PreprocessorLinesPairTheirOwnBrackets) {
  const Tokens tokens = Read("#define F(x) \\\n (x)\nf\n#error it's so\n");
  EXPECT_TRUE(tokens[8].directive);
  EXPECT_EQ(tokens[9].text, "f");
  EXPECT_FALSE(tokens[9].directive);
  EXPECT_TRUE(tokens.back().directive);
  const auto open = Tokenize("#define F (\nint x;");
  ASSERT_TRUE(std::holds_alternative<CodeFinding>(open));
  EXPECT_EQ(std::get<CodeFinding>(open).line, 1);
}

TEST(TokenRangeTest, ArgumentsAndTheirText) {
  const Tokens tokens = Read("f(const struct key *k, {1, 2}, g(a, b))");
  const std::vector<TokenRange> parts = SplitArguments(tokens, 1);
  ASSERT_EQ(parts.size(), 3);
  EXPECT_EQ(TextOf(tokens, parts[0]), "const struct key * k");
  EXPECT_EQ(TextOf(tokens, parts[1]), "{1,2}");
  EXPECT_EQ(TextOf(tokens, parts[2]), "g(a,b)");
  EXPECT_TRUE(SplitArguments(Read("f()"), 1).empty());
}

TEST(EditsTest, LinesStayAndEarlierEditsEncloseLaterOnes) {
  const std::string_view code = "a  b /* c */\n d";
  const Tokens tokens = Read(code);
  Edits edits(code, tokens);
  EXPECT_EQ(edits.Apply(), code);
  edits.Before(0, "(");
  edits.After(0, ")");
  edits.Before(0, "[");
  edits.After(0, "]");
  edits.Remove({1, 3});
  EXPECT_EQ(edits.Apply(), "([a]) /* c */\n ");
}

}  // namespace
}  // namespace ebpf_exporter
