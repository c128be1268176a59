// A YAML document as plain values: a flat list of nodes that name each other by
// index. Built from parser events by YamlTreeBuilder; knows no YAML library and
// no configuration format.
//
// An alias is a node of its own with its own mark and names the node it stands
// for. No node contains itself: an alias of a node that is still open is
// refused.

#ifndef EBPF_EXPORTER_CORE_CONFIG_YAML_TREE_H_
#define EBPF_EXPORTER_CORE_CONFIG_YAML_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/reporter.h"
#include "core/config/scalars.h"
#include "core/config/yaml_options.h"

namespace ebpf_exporter {

struct YamlNode {
  enum class Kind : uint8_t { kNull, kScalar, kList, kMap, kAlias };

  Kind kind = Kind::kNull;
  bool quoted = false;  // a scalar in quotes, in a block, or tagged as text
  SourceMark mark;
  std::string text;                // kScalar
  uint32_t target = 0;             // kAlias
  std::vector<uint32_t> children;  // kList: items; kMap: key, value, key, ...

  Scalar scalar() const { return {text, quoted}; }
};

struct YamlTree {
  std::vector<YamlNode> nodes;  // the first is the root; empty: no document
};

class YamlTreeBuilder {
 public:
  YamlTreeBuilder(const YamlOptions& options, Reporter& reporter)
      : options_(options), reporter_(reporter) {}

  // `anchor` is a number the parser gives to anchored nodes, 0 for none.
  void AddLeaf(YamlNode node, uint64_t anchor);
  void Open(YamlNode node, uint64_t anchor);
  void Close();
  void AddAlias(SourceMark mark, uint64_t anchor);

  // False once a budget is spent: the tree is not the whole file.
  bool complete() const { return complete_; }

  YamlTree Take() && { return std::move(tree_); }

 private:
  // Appends to the innermost open node; false when a budget is spent.
  bool Add(YamlNode node, uint64_t anchor);
  void Refuse(SourceMark mark, std::string message);

  const YamlOptions& options_;
  Reporter& reporter_;
  YamlTree tree_;
  std::vector<uint32_t> open_;
  std::unordered_map<uint64_t, uint32_t> anchors_;
  bool complete_ = true;
};

inline void YamlTreeBuilder::Refuse(SourceMark mark, std::string message) {
  complete_ = false;
  reporter_.Error(mark, std::move(message));
}

inline bool YamlTreeBuilder::Add(YamlNode node, uint64_t anchor) {
  if (!complete_) return false;
  if (tree_.nodes.size() >= options_.max_nodes) {
    Refuse(node.mark,
           absl::StrCat("the file has more than ", options_.max_nodes,
                        " keys, values and list items; split it"));
    return false;
  }
  const uint32_t index = static_cast<uint32_t>(tree_.nodes.size());
  if (!open_.empty()) tree_.nodes[open_.back()].children.push_back(index);
  if (anchor != 0) anchors_[anchor] = index;
  tree_.nodes.push_back(std::move(node));
  return true;
}

inline void YamlTreeBuilder::AddLeaf(YamlNode node, uint64_t anchor) {
  Add(std::move(node), anchor);
}

inline void YamlTreeBuilder::Open(YamlNode node, uint64_t anchor) {
  const SourceMark mark = node.mark;
  if (!Add(std::move(node), anchor)) return;
  open_.push_back(static_cast<uint32_t>(tree_.nodes.size() - 1));
  if (open_.size() <= options_.max_depth) return;
  Refuse(mark, absl::StrCat("lists and maps are nested more than ",
                            options_.max_depth,
                            " deep; a configuration needs about ten levels"));
}

inline void YamlTreeBuilder::Close() {
  if (complete_) open_.pop_back();
}

inline void YamlTreeBuilder::AddAlias(SourceMark mark, uint64_t anchor) {
  if (!complete_) return;
  // The parser has refused aliases that name no anchor.
  const uint32_t target = anchors_[anchor];
  for (uint32_t open : open_) {
    if (open != target) continue;
    Refuse(mark,
           "this alias stands for the very list or map it is in, which "
           "would never end; write the part out instead");
    return;
  }
  YamlNode node;
  node.kind = YamlNode::Kind::kAlias;
  node.mark = mark;
  node.target = target;
  Add(std::move(node), 0);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_YAML_TREE_H_
