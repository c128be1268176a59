// FormattedTree: a key or a value as bpftool prints it by its BTF, held until
// it is turned back into bytes. A value of the tree is a number, a word, a
// text, or a list of values.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TREE_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TREE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/dump/bpftool_string.h"
#include "core/dump/bpftool_walk.h"

namespace ebpf_exporter {

enum class FormattedKind { kObject, kArray, kText, kWord };

// Nodes are numbered in the order of the text: 0 is the whole value, the first
// child of `n` is n + 1, and Next(n) is the sibling behind it.
class FormattedTree {
 public:
  FormattedKind KindOf(size_t node) const { return nodes_[node].kind; }
  // Empty in an array.
  std::string_view Name(size_t node) const;
  std::string_view Text(size_t node) const;
  size_t Children(size_t node) const { return nodes_[node].children; }
  size_t Next(size_t node) const { return nodes_[node].next; }
  size_t size() const { return nodes_.size(); }

  void Clear();

  // What WalkValue() tells; false when the value is larger than any type.
  bool Open(Inside inside, std::string_view name);
  bool Close();
  bool Leaf(std::string_view name, std::string_view text, bool quoted);

 private:
  static constexpr size_t kMaxNodes = 1 << 20;
  static constexpr size_t kMaxCharacters = 1 << 24;

  struct Node {
    FormattedKind kind;
    uint32_t name;  // where its name begins in characters_; its text follows
    uint32_t text;
    uint32_t end;
    uint32_t children = 0;
    uint32_t next = 0;
  };

  bool Append(FormattedKind kind, std::string_view name, std::string_view text);

  std::vector<Node> nodes_;
  std::vector<uint32_t> open_;
  std::string characters_;
};

static_assert(ValueVisitor<FormattedTree>);

// Implementation below.

inline std::string_view FormattedTree::Name(size_t node) const {
  const Node& n = nodes_[node];
  return std::string_view(characters_).substr(n.name, n.text - n.name);
}

inline std::string_view FormattedTree::Text(size_t node) const {
  const Node& n = nodes_[node];
  return std::string_view(characters_).substr(n.text, n.end - n.text);
}

inline void FormattedTree::Clear() {
  nodes_.clear();
  open_.clear();
  characters_.clear();
}

inline bool FormattedTree::Append(FormattedKind kind, std::string_view name,
                                  std::string_view text) {
  if (nodes_.size() == kMaxNodes ||
      characters_.size() + name.size() + text.size() > kMaxCharacters) {
    return false;
  }
  if (!open_.empty()) ++nodes_[open_.back()].children;
  Node node{.kind = kind, .name = 0, .text = 0, .end = 0};
  node.name = static_cast<uint32_t>(characters_.size());
  characters_ += name;
  node.text = static_cast<uint32_t>(characters_.size());
  characters_ += text;
  node.end = static_cast<uint32_t>(characters_.size());
  nodes_.push_back(node);
  nodes_.back().next = static_cast<uint32_t>(nodes_.size());
  return true;
}

inline bool FormattedTree::Open(Inside inside, std::string_view name) {
  const FormattedKind kind =
      inside == Inside::kArray ? FormattedKind::kArray : FormattedKind::kObject;
  if (!Append(kind, name, {})) return false;
  open_.push_back(static_cast<uint32_t>(nodes_.size() - 1));
  return true;
}

inline bool FormattedTree::Close() {
  nodes_[open_.back()].next = static_cast<uint32_t>(nodes_.size());
  open_.pop_back();
  return true;
}

inline bool FormattedTree::Leaf(std::string_view name, std::string_view text,
                                bool quoted) {
  return Append(quoted ? FormattedKind::kText : FormattedKind::kWord, name,
                text);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TREE_H_
