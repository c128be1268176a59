// Reads a configuration file's text: the only header that sees yaml-cpp, whose
// events become a YamlTree. The readers of the tree know the format.
//
// Every error of the file is found, with line and column (in bytes); a syntax
// error alone ends the reading. Programs with errors are in the config too,
// marked `refused`. Errors that belong to no program cost the file.

#ifndef EBPF_EXPORTER_CORE_CONFIG_YAML_H_
#define EBPF_EXPORTER_CORE_CONFIG_YAML_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/finding.h"
#include "core/config/node_reader.h"
#include "core/config/program_reader.h"
#include "core/config/quote.h"
#include "core/config/reporter.h"
#include "core/config/syntax_error.h"
#include "core/config/text_check.h"
#include "core/config/yaml_options.h"
#include "core/config/yaml_tree.h"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/mark.h"
#include "yaml-cpp/parser.h"

namespace ebpf_exporter {

struct ParsedConfig {
  Config config;
  Findings findings;  // in the order of the file
};

// `file` is the name that findings give; a file of the 2.x form is called by
// its base name.
ParsedConfig ParseYaml(std::string_view text, std::string_view file,
                       const YamlOptions& options = {});

namespace internal {

inline SourceMark ToSourceMark(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

inline bool IsEarlier(const SourceMark& a, const SourceMark& b) {
  return std::pair(a.line, a.column) < std::pair(b.line, b.column);
}

// Where a null is written. The parser gives the next token's place for one that
// is not written out: then it is the last word before that, on the same line or
// one above. `position` and `place` are the parser's.
inline SourceMark NullMark(std::string_view text, int position,
                           SourceMark place) {
  const size_t offset =
      std::min(static_cast<size_t>(std::max(position, 0)), text.size());
  const std::string_view rest = text.substr(offset);
  for (std::string_view word : {"~", "null", "Null", "NULL"}) {
    const bool is_key = rest.substr(0, word.size() + 1).ends_with(':');
    if (rest.starts_with(word) && !is_key) return place;
  }
  const size_t last = text.substr(0, offset).find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return {1, 1};
  // Counted back from the mark: counting from the top for each null would take
  // the square of the file's size.
  const std::string_view blanks = text.substr(last, offset - last);
  const auto lines = std::count(blanks.begin(), blanks.end(), '\n');
  const size_t newline = text.substr(0, last).rfind('\n');
  const size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return {place.line - static_cast<int>(lines),
          static_cast<int>(last - start) + 1};
}

inline YamlNode MakeNode(YamlNode::Kind kind, SourceMark mark) {
  YamlNode node;
  node.kind = kind;
  node.mark = mark;
  return node;
}

// Parser events to tree. Of a second document only the place is kept.
class TreeEvents : public YAML::EventHandler {
 public:
  TreeEvents(std::string_view text, YamlTreeBuilder& builder,
             Reporter& reporter)
      : text_(text),
        end_(MarkAt(text, text.size())),
        builder_(builder),
        reporter_(reporter) {}

  // What is missing at the end of the text is noticed at the end marker, on a
  // line that the file does not have: its place is the end.
  SourceMark Place(const YAML::Mark& mark) const {
    return std::min(ToSourceMark(mark), end_, IsEarlier);
  }

  int documents() const { return documents_; }
  SourceMark last_value() const { return last_value_; }
  // The rest of the text is not looked at: what is wrong is known.
  bool has_enough() const { return documents_ > 1 || !builder_.complete(); }
  SourceMark last_document() const { return last_document_; }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { Close(); }

 private:
  bool in_first_document() const { return documents_ <= 1; }
  void Close() {
    if (in_first_document()) builder_.Close();
  }
  void Open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor);
  void CheckTag(const YAML::Mark& mark, const std::string& tag);

  std::string_view text_;
  SourceMark end_;
  YamlTreeBuilder& builder_;
  Reporter& reporter_;
  int documents_ = 0;
  SourceMark last_document_;
  SourceMark last_value_;
};

inline void TreeEvents::OnDocumentStart(const YAML::Mark& mark) {
  ++documents_;
  last_document_ = Place(mark);
}

inline void TreeEvents::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (!in_first_document()) return;
  builder_.AddLeaf(
      MakeNode(YamlNode::Kind::kNull, NullMark(text_, mark.pos, Place(mark))),
      anchor);
}

inline void TreeEvents::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (in_first_document()) builder_.AddAlias(Place(mark), anchor);
}

// The parser's tags: "?" plain, "!" quoted or block, else as written.
inline void TreeEvents::OnScalar(const YAML::Mark& mark, const std::string& tag,
                                 YAML::anchor_t anchor,
                                 const std::string& value) {
  if (!in_first_document()) return;
  CheckTag(mark, tag);
  last_value_ = Place(mark);
  YamlNode node = MakeNode(YamlNode::Kind::kScalar, Place(mark));
  node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
  node.text = value;
  builder_.AddLeaf(std::move(node), anchor);
}

inline void TreeEvents::OnSequenceStart(const YAML::Mark& mark,
                                        const std::string& tag,
                                        YAML::anchor_t anchor,
                                        YAML::EmitterStyle::value) {
  Open(YamlNode::Kind::kList, mark, tag, anchor);
}

inline void TreeEvents::OnMapStart(const YAML::Mark& mark,
                                   const std::string& tag,
                                   YAML::anchor_t anchor,
                                   YAML::EmitterStyle::value) {
  Open(YamlNode::Kind::kMap, mark, tag, anchor);
}

inline void TreeEvents::Open(YamlNode::Kind kind, const YAML::Mark& mark,
                             const std::string& tag, YAML::anchor_t anchor) {
  if (!in_first_document()) return;
  CheckTag(mark, tag);
  builder_.Open(MakeNode(kind, Place(mark)), anchor);
}

inline void TreeEvents::CheckTag(const YAML::Mark& mark,
                                 const std::string& tag) {
  static constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
  static constexpr std::array<std::string_view, 8> kKnown = {
      "str", "int", "float", "bool", "null", "seq", "map", "merge"};
  if (tag.empty() || tag == "?" || tag == "!") return;
  if (tag.starts_with(kPrefix)) {
    const std::string_view name = std::string_view(tag).substr(kPrefix.size());
    if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) return;
  }
  reporter_.Error(Place(mark), absl::StrCat("the tag ", Quoted(tag),
                                            " means nothing here; remove it"));
}

// Feeds the events of the whole text to `events`; the one place that meets
// yaml-cpp's exceptions. False when the text is no YAML.
inline bool Parse(std::string_view text, TreeEvents& events,
                  Reporter& reporter) {
  try {
    // The end marker makes the parser see a quote that is never closed; without
    // it the end of the file closes it.
    const bool has_newline = text.ends_with('\n');
    std::istringstream in(absl::StrCat(text, has_newline ? "" : "\n", "...\n"));
    YAML::Parser parser(in);
    while (!events.has_enough() && parser.HandleNextDocument(events)) {
    }
    return true;
  } catch (const YAML::Exception& exception) {
    if (events.has_enough()) return true;
    SyntaxError error = ExplainSyntaxError(text, events.Place(exception.mark),
                                           exception.msg, events.last_value());
    reporter.Error(error.mark, std::move(error.message));
  } catch (const std::exception& exception) {
    reporter.Error({}, absl::StrCat("not valid YAML: ", exception.what()));
  }
  return false;
}

inline YamlTree ParseTree(std::string_view text, const YamlOptions& options,
                          Reporter& reporter) {
  YamlTreeBuilder builder(options, reporter);
  TreeEvents events(text, builder, reporter);
  const bool parsed = Parse(text, events, reporter);
  if (events.documents() > 1) {
    reporter.Error(events.last_document(),
                   "a second YAML document begins here, or text that is not "
                   "part of the first; a file holds one document: put its "
                   "programs under the first `programs:`, or into a file of "
                   "their own");
  }
  if (!parsed || !builder.complete()) return {};
  YamlTree tree = std::move(builder).Take();
  const bool empty =
      tree.nodes.empty() || tree.nodes.front().kind == YamlNode::Kind::kNull;
  if (!empty) return tree;
  reporter.Error({1, 1},
                 "the file is empty; begin with `programs:` and one item "
                 "`- name: ...` below it for each program");
  return {};
}

// `bio` of `/etc/configs/bio.yaml`.
inline std::string_view BaseName(std::string_view file) {
  file = file.substr(file.rfind('/') + 1);
  for (std::string_view ending : {".yaml", ".yml"}) {
    if (file.size() > ending.size() && file.ends_with(ending)) {
      return file.substr(0, file.size() - ending.size());
    }
  }
  return file;
}

}  // namespace internal

inline ParsedConfig ParseYaml(std::string_view text, std::string_view file,
                              const YamlOptions& options) {
  Reporter reporter(file);
  ParsedConfig parsed;
  parsed.config.file = std::string(file);
  text = StripByteOrderMark(text);
  if (CheckText(text, options.max_bytes, reporter)) {
    const YamlTree tree = internal::ParseTree(text, options, reporter);
    if (!tree.nodes.empty()) {
      NodeReader reader(tree, options, reporter);
      parsed.config.programs = ReadPrograms(reader, internal::BaseName(file));
    }
  }
  parsed.findings = std::move(reporter).Take();
  return parsed;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_YAML_H_
