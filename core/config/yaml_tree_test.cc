#include "core/config/yaml_tree.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Kind = YamlNode::Kind;

YamlNode Node(Kind kind, int line, std::string text = "") {
  YamlNode node;
  node.kind = kind;
  node.mark = {line, 1};
  node.text = std::move(text);
  return node;
}

TEST(YamlTreeTest, NodesNameTheirChildren) {
  YamlOptions options;
  Reporter reporter("t");
  YamlTreeBuilder builder(options, reporter);
  builder.Open(Node(Kind::kMap, 1), 0);
  builder.AddLeaf(Node(Kind::kScalar, 1, "key"), 0);
  builder.Open(Node(Kind::kList, 2), 7);
  builder.AddLeaf(Node(Kind::kNull, 3), 0);
  builder.Close();
  builder.AddLeaf(Node(Kind::kScalar, 4, "again"), 0);
  builder.AddAlias({5, 1}, 7);
  builder.Close();
  EXPECT_TRUE(builder.complete());
  const YamlTree tree = std::move(builder).Take();
  ASSERT_EQ(tree.nodes.size(), 6u);
  EXPECT_EQ(tree.nodes[0].children, (std::vector<uint32_t>{1, 2, 4, 5}));
  EXPECT_EQ(tree.nodes[2].children, (std::vector<uint32_t>{3}));
  EXPECT_EQ(tree.nodes[5].kind, Kind::kAlias);
  EXPECT_EQ(tree.nodes[5].target, 2u);
  EXPECT_EQ(tree.nodes[5].mark, (SourceMark{5, 1}));
}

TEST(YamlTreeTest, CyclesAreRefused) {
  YamlOptions options;
  Reporter reporter("t");
  YamlTreeBuilder builder(options, reporter);
  builder.Open(Node(Kind::kList, 1), 1);
  builder.Open(Node(Kind::kList, 2), 2);
  builder.AddAlias({3, 1}, 1);
  EXPECT_FALSE(builder.complete());
  builder.Close();
  builder.Close();
  EXPECT_EQ(reporter.errors(), 1u);
}

TEST(YamlTreeTest, AnAnchorMayBeUsedAgain) {
  YamlOptions options;
  Reporter reporter("t");
  YamlTreeBuilder builder(options, reporter);
  builder.Open(Node(Kind::kList, 1), 0);
  builder.AddLeaf(Node(Kind::kScalar, 1, "a"), 1);
  builder.AddAlias({1, 1}, 1);
  builder.AddAlias({1, 1}, 1);
  builder.Close();
  EXPECT_TRUE(builder.complete());
  EXPECT_EQ(std::move(builder).Take().nodes.size(), 4u);
}

TEST(YamlTreeTest, BudgetsAreSaidOnce) {
  YamlOptions options;
  options.max_nodes = 3;
  Reporter reporter("t");
  YamlTreeBuilder builder(options, reporter);
  builder.Open(Node(Kind::kList, 1), 0);
  for (int line = 2; line < 10; ++line) {
    builder.AddLeaf(Node(Kind::kNull, line), 0);
  }
  builder.Close();
  EXPECT_FALSE(builder.complete());
  const Findings findings = std::move(reporter).Take();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(ToString(findings[0]),
            "t:4:1: error: the file has more than 3 keys, values and list "
            "items; split it");
}

TEST(YamlTreeTest, Depth) {
  YamlOptions options;
  options.max_depth = 3;
  Reporter reporter("t");
  YamlTreeBuilder builder(options, reporter);
  for (int line = 1; line <= 3; ++line) {
    builder.Open(Node(Kind::kList, line), 0);
  }
  EXPECT_TRUE(builder.complete());
  builder.Open(Node(Kind::kMap, 4), 0);
  EXPECT_FALSE(builder.complete());
  for (int i = 0; i < 4; ++i) builder.Close();
}

}  // namespace
}  // namespace ebpf_exporter
