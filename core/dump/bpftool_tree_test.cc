#include "core/dump/bpftool_tree.h"

#include <memory>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

FormattedTree TreeOf(std::string_view text) {
  DumpCursor in(std::make_unique<StringSource>(std::string(text)));
  FormattedTree tree;
  EXPECT_TRUE(WalkValue(in, Inside::kObject, tree)) << in.status();
  return tree;
}

TEST(FormattedTreeTest, ALeafIsOneNode) {
  const FormattedTree tree = TreeOf("18446744073709551615");
  ASSERT_EQ(tree.size(), 1u);
  EXPECT_EQ(tree.KindOf(0), FormattedKind::kWord);
  EXPECT_EQ(tree.Text(0), "18446744073709551615");
  EXPECT_EQ(tree.Name(0), "");
  EXPECT_EQ(tree.Next(0), 1u);
}

TEST(FormattedTreeTest, NodesComeInTheOrderOfTheText) {
  const FormattedTree tree =
      TreeOf(R"({"disk":"sda","in":{"a":-5,"b":[1,2]},"op":1})");
  ASSERT_EQ(tree.size(), 8u);
  EXPECT_EQ(tree.KindOf(0), FormattedKind::kObject);
  EXPECT_EQ(tree.Children(0), 3u);
  EXPECT_EQ(tree.Next(0), 8u);
  EXPECT_EQ(tree.Name(1), "disk");
  EXPECT_EQ(tree.Text(1), "sda");
  EXPECT_EQ(tree.KindOf(1), FormattedKind::kText);
  EXPECT_EQ(tree.Name(2), "in");
  EXPECT_EQ(tree.Children(2), 2u);
  EXPECT_EQ(tree.Next(2), 7u);
  EXPECT_EQ(tree.Name(4), "b");
  EXPECT_EQ(tree.KindOf(4), FormattedKind::kArray);
  EXPECT_EQ(tree.Children(4), 2u);
  EXPECT_EQ(tree.Text(6), "2");
  EXPECT_EQ(tree.Name(7), "op");
}

TEST(FormattedTreeTest, IsUsedAgainAfterClear) {
  FormattedTree tree = TreeOf("[1,2]");
  tree.Clear();
  EXPECT_EQ(tree.size(), 0u);
  EXPECT_TRUE(tree.Leaf("a", "b", true));
  EXPECT_EQ(tree.Name(0), "a");
  EXPECT_EQ(tree.Text(0), "b");
}

TEST(FormattedTreeTest, IsBounded) {
  FormattedTree tree;
  ASSERT_TRUE(tree.Open(Inside::kArray, ""));
  size_t leaves = 0;
  while (leaves < 10'000'000 && tree.Leaf("", "", false)) ++leaves;
  EXPECT_EQ(leaves, (size_t{1} << 20) - 1);
}

}  // namespace
}  // namespace ebpf_exporter
