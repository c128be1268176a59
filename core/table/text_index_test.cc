#include "core/table/text_index.h"

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Texts {
  std::vector<std::string> texts;
  std::string_view TextOf(uint32_t number) const { return texts[number]; }
};

using Index = TextIndex<Texts>;

uint32_t Find(const Index& index, std::string_view text) {
  return index.Find(text, Index::HashOf(text));
}

TEST(TextIndexTest, FindsNumbersByText) {
  Texts texts{{"a", "b", ""}};
  Index index(&texts);
  EXPECT_EQ(Find(index, "a"), Index::kNone);
  for (uint32_t i : {0, 1, 2}) index.Insert(i, Index::HashOf(texts.TextOf(i)));
  EXPECT_EQ(Find(index, "b"), 1u);
  EXPECT_EQ(Find(index, ""), 2u);
  EXPECT_EQ(Find(index, "c"), Index::kNone);
  index.Erase("b");
  EXPECT_EQ(Find(index, "b"), Index::kNone);
  EXPECT_EQ(index.size(), 2u);
}

// Texts of one hash are told apart.
TEST(TextIndexTest, EqualHashesAreNoEqualTexts) {
  Texts texts{{"a", "b", "c"}};
  Index index(&texts);
  for (uint32_t i : {0, 1}) index.Insert(i, 7);
  EXPECT_EQ(index.Find("a", 7), 0u);
  EXPECT_EQ(index.Find("b", 7), 1u);
  EXPECT_EQ(index.Find("c", 7), Index::kNone);
}

TEST(TextIndexTest, RenumberedEntriesAreFound) {
  Texts texts{{"a", "b", "c"}};
  Index index(&texts);
  for (uint32_t i : {0, 1, 2}) index.Insert(i, Index::HashOf(texts.TextOf(i)));
  index.Renumber(std::vector<uint32_t>{2, 0, 1});
  texts.texts = {"b", "c", "a"};
  EXPECT_EQ(Find(index, "a"), 2u);
  EXPECT_EQ(Find(index, "b"), 0u);
  EXPECT_EQ(Find(index, "c"), 1u);
}

TEST(TextIndexTest, AgreesWithAMap) {
  std::mt19937 random(5);
  Texts texts;
  for (int i = 0; i < 2000; ++i) texts.texts.push_back(std::to_string(i));
  Index index(&texts);
  std::map<std::string, uint32_t> model;
  for (int step = 0; step < 20'000; ++step) {
    const uint32_t number = random() % 2000;
    const std::string& text = texts.texts[number];
    index.Prefetch(Index::HashOf(text));
    ASSERT_EQ(Find(index, text), model.count(text) ? number : Index::kNone);
    if (model.erase(text) > 0) {
      index.Erase(text);
    } else {
      index.Insert(number, Index::HashOf(text));
      model[text] = number;
    }
    ASSERT_EQ(index.size(), model.size());
  }
}

}  // namespace
}  // namespace ebpf_exporter
