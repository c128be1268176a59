// Declarations of the dialect's maps, which become those of libbpf.
//
//   BPF_HASH(counts, struct key_t, u64, 100);   ->  struct { __uint(type, ...

#ifndef EBPF_EXPORTER_CORE_INLINE_MAP_DECLARATIONS_H_
#define EBPF_EXPORTER_CORE_INLINE_MAP_DECLARATIONS_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/token_range.h"

namespace ebpf_exporter {

// Adds to `findings` what cannot be translated.
void TranslateMaps(const Tokens& tokens, const Declarations& found,
                   Edits& edits, std::vector<CodeFinding>& findings);

namespace internal {

// A macro's parameters behind the name, with their defaults.
struct MapMacro {
  std::string_view name;
  std::string_view type;
  std::string_view key;    // empty: `int`, and no parameter
  std::string_view value;  // empty: u64, and no parameter
  std::string_view size;
};

inline constexpr std::array<MapMacro, 5> kMapMacros = {{
    {"BPF_HASH", "HASH", "u64", "u64", "10240"},
    {"BPF_PERCPU_HASH", "PERCPU_HASH", "u64", "u64", "10240"},
    {"BPF_ARRAY", "ARRAY", "", "u64", "10240"},
    {"BPF_PERCPU_ARRAY", "PERCPU_ARRAY", "", "u64", "10240"},
    {"BPF_HISTOGRAM", "HASH", "int", "", "64"},
}};

// All that declarations may become.
inline constexpr std::array<std::string_view, 7> kMapTypes = {
    "HASH",     "ARRAY",           "PERCPU_HASH",     "PERCPU_ARRAY",
    "LRU_HASH", "LRU_PERCPU_HASH", "PERF_EVENT_ARRAY"};

inline constexpr std::array<std::pair<std::string_view, std::string_view>, 6>
    kTableTypes = {{{"\"hash\"", "HASH"},
                    {"\"array\"", "ARRAY"},
                    {"\"percpu_hash\"", "PERCPU_HASH"},
                    {"\"percpu_array\"", "PERCPU_ARRAY"},
                    {"\"lru_hash\"", "LRU_HASH"},
                    {"\"lru_percpu_hash\"", "LRU_PERCPU_HASH"}}};

// No honest size comes near; constants of constants could grow for ever.
inline constexpr size_t kLongestSize = size_t{1} << 16;

// The text of a size, in which C wants a constant expression: `const` variables
// are none, so their values take their place. One of kLongestSize bytes or more
// is cut off somewhere, and no C.
inline std::string SizeText(const Tokens& tokens, TokenRange range,
                            const Declarations& found, int depth = 0) {
  std::string text;
  for (size_t i = range.begin; i < range.end && text.size() < kLongestSize;
       ++i) {
    const auto constant = found.constants.find(tokens[i].text);
    if (i > range.begin) text += ' ';
    if (constant == found.constants.end() || depth > 8) {
      text += tokens[i].text;
      continue;
    }
    absl::StrAppend(&text, "((", constant->second.type, ")(",
                    SizeText(tokens, constant->second.value, found, depth + 1),
                    "))");
  }
  return text;
}

inline std::string MapText(std::string_view type, std::string_view key,
                           std::string_view value, std::string_view size,
                           std::string_view name) {
  return absl::StrCat("struct { __uint(type, BPF_MAP_TYPE_", type,
                      "); __type(key, ", key, "); __type(value, ", value,
                      "); __uint(max_entries, ", size, "); } ", name,
                      " SEC(\".maps\")");
}

class MapTranslator {
 public:
  MapTranslator(const Tokens& tokens, const Declarations& found,
                std::vector<CodeFinding>& findings)
      : tokens_(tokens), found_(found), findings_(findings) {}

  // Empty if there is none, which `findings` has then.
  std::string Declaration(const DeclaredMap& map);

 private:
  // What no kind of map may have; empty: nothing is wrong.
  std::string_view Problem(const DeclaredMap& map) const;
  std::string OfMacro(const DeclaredMap& map, const MapMacro& macro);
  std::string OfTable(const DeclaredMap& map);
  std::string Sized(const DeclaredMap& map, std::string_view type,
                    std::string_view key, std::string_view value,
                    const std::string& size) {
    if (size.size() < kLongestSize) {
      return MapText(type, key, value, size, map.name);
    }
    return Fail(map, "the size is too long once its constants are put in");
  }
  std::string Argument(const DeclaredMap& map, size_t index,
                       std::string_view otherwise) const {
    if (index >= map.arguments.size()) return std::string(otherwise);
    return TextOf(tokens_, map.arguments[index]);
  }
  std::string Fail(const DeclaredMap& map, std::string_view what) {
    findings_.push_back(
        {tokens_[map.range.begin].line, absl::StrCat(map.macro, ": ", what)});
    return "";
  }

  const Tokens& tokens_;
  const Declarations& found_;
  std::vector<CodeFinding>& findings_;
};

inline std::string MapTranslator::OfMacro(const DeclaredMap& map,
                                          const MapMacro& macro) {
  size_t next = 1;
  const std::string key =
      macro.key.empty() ? "int" : Argument(map, next++, macro.key);
  const std::string value =
      macro.value.empty() ? "u64" : Argument(map, next++, macro.value);
  const std::string size = next < map.arguments.size()
                               ? SizeText(tokens_, map.arguments[next], found_)
                               : std::string(macro.size);
  if (++next < map.arguments.size()) {
    return Fail(
        map, absl::StrCat("too many arguments; it takes ", next, " at most"));
  }
  const bool array = macro.name == "BPF_HISTOGRAM" && key == "int";
  return Sized(map, array ? "ARRAY" : macro.type, key, value, size);
}

inline std::string MapTranslator::OfTable(const DeclaredMap& map) {
  if (map.arguments.size() != 5) {
    return Fail(map, "it takes a type, a key, a value, a name and a size");
  }
  const std::string type = Argument(map, 0, "");
  for (const auto& [text, kind] : kTableTypes) {
    if (type != text) continue;
    return Sized(map, kind, Argument(map, 1, ""), Argument(map, 2, ""),
                 SizeText(tokens_, map.arguments[4], found_));
  }
  return Fail(map, absl::StrCat("the type ", type,
                                " is not translated; declare the map as "
                                "libbpf does, in SEC(\".maps\")"));
}

inline std::string_view MapTranslator::Problem(const DeclaredMap& map) const {
  for (size_t i = map.range.begin; i < map.range.end; ++i) {
    if (tokens_[i].directive) {
      return "a preprocessor line in a declaration is not translated; put it "
             "before the declaration";
    }
  }
  if (tokens_[map.range.begin + 1].partner + 1 != map.range.end) {
    return "the declaration goes on behind its bracket; is a semicolon "
           "missing?";
  }
  return "";
}

inline std::string MapTranslator::Declaration(const DeclaredMap& map) {
  const std::string_view problem = Problem(map);
  if (!problem.empty()) return Fail(map, problem);
  if (map.name.empty()) return Fail(map, "the map has no name");
  for (const MapMacro& macro : kMapMacros) {
    if (map.macro == macro.name) return OfMacro(map, macro);
  }
  if (map.macro == "BPF_TABLE") return OfTable(map);
  if (map.macro == "BPF_PERF_OUTPUT") {
    return absl::StrCat(
        "struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(key_size,"
        " sizeof(u32)); __uint(value_size, sizeof(u32)); } ",
        map.name, " SEC(\".maps\")");
  }
  return Fail(map,
              "this kind of map is not translated; there are BPF_HASH, "
              "BPF_ARRAY, BPF_HISTOGRAM, BPF_PERCPU_HASH, BPF_PERCPU_ARRAY, "
              "BPF_PERF_OUTPUT and BPF_TABLE, and any map that is declared as "
              "libbpf does, in SEC(\".maps\")");
}

}  // namespace internal

inline void TranslateMaps(const Tokens& tokens, const Declarations& found,
                          Edits& edits, std::vector<CodeFinding>& findings) {
  internal::MapTranslator translator(tokens, found, findings);
  for (const DeclaredMap& map : found.maps) {
    edits.Remove(map.range);
    edits.Replace(map.range.begin, translator.Declaration(map));
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_MAP_DECLARATIONS_H_
