// Maps of the dialect: their declarations, and the calls of their methods.
//
//   BPF_HASH(counts, struct key_t, u64, 100);   ->  struct { __uint(type, ...
//   counts.increment(key, 2);                   ->  bcc_increment(counts,
//   (key), (2));

#ifndef EBPF_EXPORTER_CORE_INLINE_CODE_MAPS_H_
#define EBPF_EXPORTER_CORE_INLINE_CODE_MAPS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/nearest.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/token_range.h"

namespace ebpf_exporter {

// Both add to `findings` what cannot be translated.
void TranslateMaps(const Tokens& tokens, const Declarations& found,
                   Edits& edits, std::vector<CodeFinding>& findings);
void TranslateMapCalls(const Tokens& tokens, const Declarations& found,
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

// The text of a size, in which C wants a constant expression: `const` variables
// are none, so their values take their place.
inline std::string SizeText(const Tokens& tokens, TokenRange range,
                            const Declarations& found, int depth = 0) {
  // No honest size comes near; constants of constants could grow for ever.
  constexpr size_t kLongest = size_t{1} << 16;
  std::string text;
  for (size_t i = range.begin; i < range.end && text.size() < kLongest; ++i) {
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
  std::string OfMacro(const DeclaredMap& map, const MapMacro& macro);
  std::string OfTable(const DeclaredMap& map);
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
  return MapText(array ? "ARRAY" : macro.type, key, value, size, map.name);
}

inline std::string MapTranslator::OfTable(const DeclaredMap& map) {
  if (map.arguments.size() != 5) {
    return Fail(map, "it takes a type, a key, a value, a name and a size");
  }
  const std::string type = Argument(map, 0, "");
  for (const auto& [text, kind] : kTableTypes) {
    if (type != text) continue;
    return MapText(kind, Argument(map, 1, ""), Argument(map, 2, ""),
                   SizeText(tokens_, map.arguments[4], found_), map.name);
  }
  return Fail(map, absl::StrCat("the type ", type,
                                " is not translated; declare the map as "
                                "libbpf does, in SEC(\".maps\")"));
}

inline std::string MapTranslator::Declaration(const DeclaredMap& map) {
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

struct MapMethod {
  std::string_view name;
  size_t least;
  size_t most;
};

inline constexpr std::array<MapMethod, 9> kMapMethods = {{
    {"increment", 1, 2},
    {"atomic_increment", 1, 2},
    {"lookup", 1, 1},
    {"lookup_or_init", 2, 2},
    {"lookup_or_try_init", 2, 2},
    {"update", 2, 2},
    {"insert", 2, 2},
    {"delete", 1, 1},
    {"perf_submit", 3, 3},
}};

inline const MapMethod* FindMethod(std::string_view name) {
  const auto found = std::ranges::find(kMapMethods, name, &MapMethod::name);
  return found == kMapMethods.end() ? nullptr : &*found;
}

inline std::string UnknownMethod(std::string_view map,
                                 std::string_view method) {
  std::vector<std::string_view> names;
  for (const MapMethod& known : kMapMethods) names.push_back(known.name);
  const auto nearest = Nearest(method, names);
  return absl::StrCat(
      "map ", map, " has no method ", method, "; ",
      nearest ? absl::StrCat("did you mean ", *nearest, "?")
              : absl::StrCat("it has ", absl::StrJoin(names, ", ")));
}

// `counts.increment(`, whose name is at `at`.
inline void TranslateCall(const Tokens& tokens, size_t at, Edits& edits,
                          std::vector<CodeFinding>& findings) {
  const std::string_view map = tokens[at].text;
  const std::string_view name = tokens[at + 2].text;
  const MapMethod* method = FindMethod(name);
  if (method == nullptr) {
    findings.push_back({tokens[at + 2].line, UnknownMethod(map, name)});
    return;
  }
  const size_t open = at + 3;
  const std::vector<TokenRange> arguments = SplitArguments(tokens, open);
  if (arguments.size() < method->least || arguments.size() > method->most) {
    findings.push_back(
        {tokens[at].line,
         absl::StrCat(map, ".", name, "() is given ", arguments.size(),
                      arguments.size() == 1 ? " argument" : " arguments",
                      "; it takes ", method->least,
                      method->most > method->least ? " or " : "",
                      method->most > method->least ? absl::StrCat(method->most)
                                                   : std::string())});
    return;
  }
  edits.Replace(at, absl::StrCat("bcc_", name, "(", map));
  edits.Remove({at + 1, at + 3});
  edits.Replace(open, ", ");
  // The amount of increment() is 1, if it is left out.
  if (arguments.size() < method->most)
    edits.Before(tokens[open].partner, ", 1");
  for (const TokenRange& argument : arguments) {
    if (argument.size() == 0) continue;
    edits.Before(argument.begin, "(");
    edits.After(argument.end - 1, ")");
  }
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

inline void TranslateMapCalls(const Tokens& tokens, const Declarations& found,
                              Edits& edits,
                              std::vector<CodeFinding>& findings) {
  const auto is_map = [&found](std::string_view name) {
    return std::ranges::find(found.maps, name, &DeclaredMap::name) !=
           found.maps.end();
  };
  for (size_t i = 0; i + 3 < tokens.size(); ++i) {
    const bool call = tokens[i].is_name() && tokens[i + 1].Is(".") &&
                      tokens[i + 2].is_name() && tokens[i + 3].Is("(");
    if (!call) continue;
    if (i > 0 && (tokens[i - 1].Is(".") || tokens[i - 1].Is("->"))) continue;
    if (is_map(tokens[i].text)) {
      internal::TranslateCall(tokens, i, edits, findings);
    } else if (internal::FindMethod(tokens[i + 2].text) != nullptr) {
      findings.push_back(
          {tokens[i].line,
           absl::StrCat(tokens[i].text, ".", tokens[i + 2].text,
                        "(): ", tokens[i].text,
                        " is no map that this code declares with BPF_HASH or "
                        "one of its kind; methods want the map's own name")});
    }
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_CODE_MAPS_H_
