// Calls of the methods of the dialect's maps, which become those of macros.
//
//   counts.increment(key, 2);   ->  bcc_increment(counts, (key), (2));

#ifndef EBPF_EXPORTER_CORE_INLINE_MAP_CALLS_H_
#define EBPF_EXPORTER_CORE_INLINE_MAP_CALLS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/config/nearest.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/token_range.h"

namespace ebpf_exporter {

// Adds to `findings` what cannot be translated.
void TranslateMapCalls(const Tokens& tokens, const Declarations& found,
                       Edits& edits, std::vector<CodeFinding>& findings);

namespace internal {

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
  names.reserve(std::size(kMapMethods));
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
  if (arguments.size() < method->most) {
    edits.Before(tokens[open].partner, ", 1");
  }
  for (const TokenRange& argument : arguments) {
    if (argument.size() == 0) continue;
    edits.Before(argument.begin, "(");
    edits.After(argument.end - 1, ")");
  }
}

}  // namespace internal

inline void TranslateMapCalls(const Tokens& tokens, const Declarations& found,
                              Edits& edits,
                              std::vector<CodeFinding>& findings) {
  const auto is_map = [&found](std::string_view name) {
    return std::ranges::find(found.maps, name, &DeclaredMap::name) !=
           found.maps.end();
  };
  const auto within = [](TokenRange range, size_t at) {
    return at >= range.begin && at < range.end;
  };
  const auto in_declaration = [&](size_t at) {
    return std::ranges::any_of(
               found.maps,
               [&](const DeclaredMap& map) { return within(map.range, at); }) ||
           std::ranges::any_of(found.functions,
                               [&](const DeclaredFunction& function) {
                                 return within(function.parameters, at);
                               });
  };
  for (size_t i = 0; i + 3 < tokens.size(); ++i) {
    const bool call = tokens[i].is_name() && tokens[i + 1].Is(".") &&
                      tokens[i + 2].is_name() && tokens[i + 3].Is("(");
    if (!call) continue;
    if (i > 0 && (tokens[i - 1].Is(".") || tokens[i - 1].Is("->"))) continue;
    if (in_declaration(i)) {
      findings.push_back(
          {tokens[i].line,
           absl::StrCat(
               tokens[i].text, ".", tokens[i + 2].text,
               "(): methods are called in the bodies of functions; is a "
               "bracket before it not closed?")});
    } else if (is_map(tokens[i].text)) {
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

#endif  // EBPF_EXPORTER_CORE_INLINE_MAP_CALLS_H_
