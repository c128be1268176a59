// Walks a YamlTree for a reader that knows the format: follows aliases, applies
// merge keys (`<<`), spends the budgets, and reports what does not fit with its
// place, so that the reader goes on to the next key.
//
// Merge keys: https://yaml.org/type/merge.html. Keys written in the map itself
// win over merged ones, earlier merged maps over later ones.

#ifndef EBPF_EXPORTER_CORE_CONFIG_NODE_READER_H_
#define EBPF_EXPORTER_CORE_CONFIG_NODE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/quote.h"
#include "core/config/reporter.h"
#include "core/config/scalars.h"
#include "core/config/schema.h"
#include "core/config/yaml_options.h"
#include "core/config/yaml_tree.h"

namespace ebpf_exporter {

// One key of a map with its value, or, without a value, a key that is not
// there. Borrows from the tree.
struct Field {
  std::string_view key;
  SourceMark mark;
  const YamlNode* value = nullptr;

  // There is something to read; `key:` with nothing behind it counts as absent.
  bool present() const {
    return value != nullptr && value->kind != YamlNode::Kind::kNull;
  }
};

// The known keys of one map.
class Fields {
 public:
  explicit Fields(std::vector<Field> fields) : fields_(std::move(fields)) {}

  Field operator[](std::string_view key) const;
  // In file order.
  const std::vector<Field>& all() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

class NodeReader {
 public:
  NodeReader(const YamlTree& tree, const YamlOptions& options,
             Reporter& reporter)
      : tree_(tree), options_(options), reporter_(reporter) {}

  Reporter& reporter() { return reporter_; }
  // Reading stopped early: what was read is not what is written.
  bool budget_spent() const { return budget_spent_; }
  const YamlNode& root() { return tree_.nodes.front(); }

  // The keys of a map that `level` knows; reports the others. `node` may be
  // anything: what is no map is reported and has no fields.
  Fields Map(const YamlNode& node, const Level& level);

  // The text under `key` of a map, unreported and free of charge; merged keys
  // are not seen. For telling where later findings belong.
  std::string_view PeekText(const YamlNode& map, std::string_view key) const;

  // Whether a map has the key, unreported and free of charge; as above.
  bool HasKey(const YamlNode& map, std::string_view key) const;

  // All entries of a map whose keys the user chooses.
  std::vector<Field> FreeMap(const Field& field);

  // The items of a list; what is no list is reported and has none.
  std::vector<const YamlNode*> List(const Field& field);

  // Set `out` to what is written; leave it alone when nothing is, and report
  // what cannot be.
  void Read(const Field& field, std::string& out);
  void Read(const Field& field, bool& out) { Parse(field, ParseBool, out); }
  void Read(const Field& field, int64_t& out) { Parse(field, ParseInt64, out); }
  void Read(const Field& field, uint32_t& out) {
    Parse(field, ParseUint32, out);
  }
  void Read(const Field& field, double& out) { Parse(field, ParseDouble, out); }
  void ReadDuration(const Field& field, int64_t& out) {
    Parse(field, ParseDuration, out);
  }
  void Read(const Field& field, std::vector<std::string>& out) {
    ReadItems(field, out);
  }
  void Read(const Field& field, std::vector<double>& out) {
    ReadItems(field, out);
  }

 private:
  template <typename T>
  void Parse(const Field& field, absl::StatusOr<T> (*parse)(const Scalar&),
             T& out);
  template <typename T>
  void ReadItems(const Field& field, std::vector<T>& out);

  const YamlNode* Peek(const YamlNode& map, std::string_view key) const;
  // The node behind an alias; spends the budgets.
  const YamlNode& Visit(uint32_t index);
  bool ExpectScalar(const Field& field);
  // "a list" and so on, as the thing found where another was expected.
  static std::string Describe(const YamlNode& node);
  std::string MismatchMessage(std::string_view expected, const YamlNode& node);

  void AppendEntries(const YamlNode& map, size_t depth,
                     std::unordered_set<std::string_view>& taken,
                     std::vector<Field>& out);
  void AppendMerged(const Field& merge, size_t depth,
                    std::unordered_set<std::string_view>& taken,
                    std::vector<Field>& out);
  std::vector<Field> Entries(const YamlNode& map);

  const YamlTree& tree_;
  const YamlOptions& options_;
  Reporter& reporter_;
  size_t nodes_read_ = 0;
  size_t text_bytes_read_ = 0;
  bool budget_spent_ = false;
};

inline Field Fields::operator[](std::string_view key) const {
  for (const Field& field : fields_) {
    if (field.key == key) return field;
  }
  return {.key = key, .mark = {}, .value = nullptr};
}

inline const YamlNode& NodeReader::Visit(uint32_t index) {
  const YamlNode* node = &tree_.nodes[index];
  const SourceMark mark = node->mark;
  if (node->kind == YamlNode::Kind::kAlias) node = &tree_.nodes[node->target];
  ++nodes_read_;
  text_bytes_read_ += node->text.size();
  const bool spent = nodes_read_ > options_.max_nodes ||
                     text_bytes_read_ > options_.max_text_bytes;
  if (spent && !budget_spent_) {
    budget_spent_ = true;
    // It is the file that asks too much, whichever program is being read.
    reporter_.EnterProgram("");
    reporter_.Error(
        mark,
        absl::StrCat("written out, the aliases of this file are more "
                     "than ",
                     options_.max_nodes, " values or ", options_.max_text_bytes,
                     " bytes; reading stops here; use fewer aliases"));
  }
  return *node;
}

inline std::string NodeReader::Describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
    case YamlNode::Kind::kScalar:
      return Quoted(node.text);
    default:
      return "nothing";
  }
}

inline std::string NodeReader::MismatchMessage(std::string_view expected,
                                               const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kScalar && !node.quoted) {
    if (auto slip = MissingSpaceMessage(node.text)) return *slip;
  }
  return absl::StrCat("expected ", expected, ", found ", Describe(node));
}

inline Fields NodeReader::Map(const YamlNode& node, const Level& level) {
  if (node.kind == YamlNode::Kind::kNull) return Fields({});
  if (node.kind != YamlNode::Kind::kMap) {
    reporter_.Error(
        node.mark, MismatchMessage(absl::StrCat(level.what, " as a map, with `",
                                                level.keys[0], ":`"),
                                   node));
    return Fields({});
  }
  std::vector<Field> known;
  for (const Field& field : Entries(node)) {
    if (level.Ignores(field.key)) continue;
    if (level.Has(field.key)) {
      known.push_back(field);
      continue;
    }
    reporter_.Add(options_.unknown_keys_are_warnings ? Severity::kWarning
                                                     : Severity::kError,
                  field.mark, UnknownKeyMessage(field.key, level));
  }
  return Fields(std::move(known));
}

inline const YamlNode* NodeReader::Peek(const YamlNode& map,
                                        std::string_view key) const {
  if (budget_spent_ || map.kind != YamlNode::Kind::kMap) return nullptr;
  const auto follow = [this](uint32_t index) -> const YamlNode& {
    const YamlNode& node = tree_.nodes[index];
    return node.kind == YamlNode::Kind::kAlias ? tree_.nodes[node.target]
                                               : node;
  };
  for (size_t i = 0; i + 1 < map.children.size(); i += 2) {
    if (follow(map.children[i]).text == key) {
      return &follow(map.children[i + 1]);
    }
  }
  return nullptr;
}

inline std::string_view NodeReader::PeekText(const YamlNode& map,
                                             std::string_view key) const {
  const YamlNode* value = Peek(map, key);
  return value == nullptr ? std::string_view() : std::string_view(value->text);
}

inline bool NodeReader::HasKey(const YamlNode& map,
                               std::string_view key) const {
  return Peek(map, key) != nullptr;
}

inline std::vector<Field> NodeReader::FreeMap(const Field& field) {
  if (!field.present()) return {};
  if (field.value->kind == YamlNode::Kind::kMap) return Entries(*field.value);
  reporter_.Error(
      field.value->mark,
      absl::StrCat(field.key, ": ", MismatchMessage("a map", *field.value)));
  return {};
}

inline std::vector<const YamlNode*> NodeReader::List(const Field& field) {
  std::vector<const YamlNode*> items;
  if (!field.present()) return items;
  if (field.value->kind != YamlNode::Kind::kList) {
    reporter_.Error(
        field.value->mark,
        absl::StrCat(
            field.key, ": ",
            MismatchMessage("a list, each item behind a `- `", *field.value)));
    return items;
  }
  for (uint32_t index : field.value->children) {
    const YamlNode& item = Visit(index);
    if (budget_spent_) return {};
    items.push_back(&item);
  }
  return items;
}

inline std::vector<Field> NodeReader::Entries(const YamlNode& map) {
  std::vector<Field> entries;
  std::unordered_set<std::string_view> taken;
  AppendEntries(map, 0, taken, entries);
  if (budget_spent_) entries.clear();
  return entries;
}

// Keys of the map itself first, then those of the maps it merges.
inline void NodeReader::AppendEntries(
    const YamlNode& map, size_t depth,
    std::unordered_set<std::string_view>& taken, std::vector<Field>& out) {
  std::vector<Field> merges;
  std::unordered_set<std::string_view> own;
  for (size_t i = 0; i + 1 < map.children.size() && !budget_spent_; i += 2) {
    const YamlNode& key = Visit(map.children[i]);
    const Field field{key.text, tree_.nodes[map.children[i]].mark,
                      &Visit(map.children[i + 1])};
    if (key.kind == YamlNode::Kind::kList || key.kind == YamlNode::Kind::kMap) {
      reporter_.Error(field.mark, MismatchMessage("a word as key", key));
    } else if (key.text == "<<" && !key.quoted) {
      merges.push_back(field);
    } else if (!own.insert(field.key).second) {
      reporter_.Error(field.mark, absl::StrCat("key ", Quoted(field.key),
                                               " is written twice in this map; "
                                               "remove one"));
    } else if (taken.insert(field.key).second) {
      out.push_back(field);
    }
  }
  for (const Field& merge : merges) AppendMerged(merge, depth, taken, out);
}

inline void NodeReader::AppendMerged(
    const Field& merge, size_t depth,
    std::unordered_set<std::string_view>& taken, std::vector<Field>& out) {
  if (!merge.present() || budget_spent_) return;
  if (depth >= options_.max_depth) {
    reporter_.Error(merge.mark, absl::StrCat("merges (`<<`) go through more "
                                             "than ",
                                             options_.max_depth, " maps"));
    return;
  }
  if (merge.value->kind == YamlNode::Kind::kMap) {
    AppendEntries(*merge.value, depth + 1, taken, out);
    return;
  }
  if (merge.value->kind != YamlNode::Kind::kList) {
    reporter_.Error(merge.mark,
                    MismatchMessage("a map or a list of maps to merge, such as "
                                    "`<<: *anchor`",
                                    *merge.value));
    return;
  }
  for (const YamlNode* item : List(merge)) {
    if (item->kind == YamlNode::Kind::kMap) {
      AppendEntries(*item, depth + 1, taken, out);
    } else {
      reporter_.Error(merge.mark, MismatchMessage("only maps to merge", *item));
    }
  }
}

inline bool NodeReader::ExpectScalar(const Field& field) {
  if (field.value->kind == YamlNode::Kind::kScalar) return true;
  reporter_.Error(
      field.value->mark,
      absl::StrCat(field.key, ": ",
                   MismatchMessage("a single value", *field.value)));
  return false;
}

inline void NodeReader::Read(const Field& field, std::string& out) {
  if (field.present() && ExpectScalar(field)) out = field.value->text;
}

template <typename T>
void NodeReader::Parse(const Field& field,
                       absl::StatusOr<T> (*parse)(const Scalar&), T& out) {
  if (!field.present() || !ExpectScalar(field)) return;
  const absl::StatusOr<T> value = parse(field.value->scalar());
  if (value.ok()) {
    out = *value;
    return;
  }
  reporter_.Error(field.value->mark,
                  absl::StrCat(field.key, ": ", value.status().message()));
}

template <typename T>
void NodeReader::ReadItems(const Field& field, std::vector<T>& out) {
  for (const YamlNode* item : List(field)) {
    Read(Field{field.key, item->mark, item}, out.emplace_back());
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_NODE_READER_H_
