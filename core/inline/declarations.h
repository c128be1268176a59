// What a code declares at its top level: maps of the dialect, functions,
// records, constants and every other name. Found by shape, not by grammar:
//
//   item        one of
//     BPF_HASH ( NAME , ... ) ;                    a map
//     TRACEPOINT_PROBE ( CATEGORY , EVENT ) { }    a function
//     ... NAME ( parameters ) ... { }              a function
//     ... struct TAG { members } ... ;             a record
//     const TYPE NAME = expression ;               a constant
//     ... NAME = ... ;   ... NAME ;                other names
//   #define NAME                                   a name

#ifndef EBPF_EXPORTER_CORE_INLINE_DECLARATIONS_H_
#define EBPF_EXPORTER_CORE_INLINE_DECLARATIONS_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/inline/records.h"
#include "core/inline/token_range.h"
#include "core/inline/tokens.h"

namespace ebpf_exporter {

// BPF_HASH(counts, struct key_t, u64, 1024);
struct DeclaredMap {
  std::string_view macro;
  std::string_view name;
  std::vector<TokenRange> arguments;  // the name first
  TokenRange range;                   // without the semicolon
};

struct DeclaredFunction {
  std::string_view name;  // of BPF_PROG(f, ...): f; of probe macros: empty
  size_t name_token = 0;  // or the macro's
  TokenRange head;        // up to the body
  TokenRange parameters;  // between the brackets
  TokenRange body;        // between the braces
  bool native = false;    // has SEC(): plain libbpf C
};

struct DeclaredConstant {
  std::string type;
  TokenRange value;
};

struct Declarations {
  std::vector<DeclaredMap> maps;
  std::vector<DeclaredFunction> functions;
  std::map<std::string_view, DeclaredConstant> constants;
  CodeRecords records;
  std::set<std::string_view> tags;   // behind struct, union and enum
  std::set<std::string_view> names;  // all others, macros included
  bool own_maps = false;             // SEC(".maps")
  bool own_license = false;
};

Declarations FindDeclarations(const Tokens& tokens);

namespace internal {

class DeclarationFinder {
 public:
  explicit DeclarationFinder(const Tokens& tokens) : tokens_(tokens) {}

  Declarations Run() &&;

 private:
  // Each takes the item that begins at a token and returns where the next one
  // begins.
  size_t Directive(size_t at);
  size_t Item(size_t at);
  void Map(TokenRange range);
  void Function(TokenRange head, size_t body);
  void Statement(TokenRange range);
  void Constant(TokenRange range, size_t equals);
  void Names(TokenRange range);
  void Sections(TokenRange range);

  // The brace at `at` begins a function's body, and no record or initializer.
  bool IsBody(TokenRange head) const;

  const Tokens& tokens_;
  Declarations found_;
};

inline bool IsRecordWord(std::string_view text) {
  return text == "struct" || text == "union" || text == "enum";
}

inline size_t DeclarationFinder::Directive(size_t at) {
  const bool defines = at + 2 < tokens_.size() && tokens_[at + 1].directive &&
                       tokens_[at + 1].Is("define");
  if (defines) found_.names.insert(tokens_[at + 2].text);
  // A line that joins the next has the tokens of both.
  while (at < tokens_.size() && tokens_[at].directive) {
    ++at;
    if (at < tokens_.size() && tokens_[at].directive && tokens_[at].Is("#") &&
        tokens_[at].line != tokens_[at - 1].line) {
      break;
    }
  }
  return at;
}

inline bool DeclarationFinder::IsBody(TokenRange head) const {
  bool parameters = false;
  for (size_t i = head.begin; i < head.end; ++i) {
    if (tokens_[i].Is("=") || tokens_[i].Is("typedef")) return false;
    if (tokens_[i].Is("(")) {
      parameters = true;
      i = tokens_[i].partner;
    }
  }
  return parameters && tokens_[head.end - 1].Is(")");
}

inline size_t DeclarationFinder::Item(size_t at) {
  size_t i = at;
  while (i < tokens_.size() && !tokens_[i].Is(";")) {
    if (tokens_[i].directive) {
      i = Directive(i);
      continue;
    }
    if (tokens_[i].Is("{") && i > at && IsBody({at, i})) {
      Function({at, i}, i);
      return tokens_[i].partner + 1;
    }
    i = std::max(i, tokens_[i].partner) + 1;
  }
  Statement({at, std::min(i, tokens_.size())});
  return i + 1;
}

inline void DeclarationFinder::Sections(TokenRange range) {
  for (size_t i = range.begin; i + 2 < range.end; ++i) {
    if (!tokens_[i].Is("SEC") || !tokens_[i + 1].Is("(")) continue;
    found_.own_maps |= tokens_[i + 2].Is("\".maps\"");
    found_.own_license |= tokens_[i + 2].Is("\"license\"");
  }
}

inline void DeclarationFinder::Map(TokenRange range) {
  const size_t open = range.begin + 1;
  DeclaredMap map;
  map.macro = tokens_[range.begin].text;
  map.arguments = SplitArguments(tokens_, open);
  map.range = range;
  for (const TokenRange& argument : map.arguments) {
    // BPF_TABLE("hash", key, leaf, name, size) has its name further back.
    const bool first = &argument == &map.arguments.front();
    if (argument.size() != 1 || !tokens_[argument.begin].is_name()) continue;
    if (first ||
        (map.macro == "BPF_TABLE" && &argument == &map.arguments.front() + 3)) {
      map.name = tokens_[argument.begin].text;
    }
  }
  found_.names.insert(map.name);
  found_.maps.push_back(std::move(map));
}

inline void DeclarationFinder::Function(TokenRange head, size_t body) {
  DeclaredFunction function;
  function.head = head;
  function.body = {body + 1, tokens_[body].partner};
  for (size_t i = head.begin; i + 1 < head.end; ++i) {
    if (!tokens_[i + 1].Is("(")) continue;
    const size_t close = tokens_[i + 1].partner;
    if (tokens_[i].Is("SEC")) {
      function.native = true;
    } else if (tokens_[i].is_name() && !tokens_[i].Is("__attribute__")) {
      function.name_token = i;
      function.parameters = {i + 2, close};
    }
    i = close;
  }
  if (function.name_token == 0 && function.parameters.end == 0) return;
  const std::string_view name = tokens_[function.name_token].text;
  const bool wrapped = name.substr(0, 4) == "BPF_";
  const bool probe =
      name.size() > 6 && name.substr(name.size() - 6) == "_PROBE";
  if (wrapped && function.parameters.size() > 0) {
    function.name = tokens_[function.parameters.begin].text;
  } else if (!probe) {
    function.name = name;
  }
  if (!function.name.empty()) found_.names.insert(function.name);
  found_.functions.push_back(function);
}

inline void DeclarationFinder::Constant(TokenRange range, size_t equals) {
  std::string type;
  bool constant = false;
  for (size_t i = range.begin; i + 1 < equals; ++i) {
    if (!tokens_[i].is_name()) return;  // an array, a pointer
    if (tokens_[i].Is("const")) {
      constant = true;
    } else if (!tokens_[i].Is("static") && !tokens_[i].Is("volatile")) {
      type += (type.empty() ? "" : " ") + std::string(tokens_[i].text);
    }
  }
  if (!constant || type.empty() || equals == range.begin) return;
  // Each of `a = 1, b = 2` has the type that stands before the first.
  while (equals < range.end && tokens_[equals].Is("=")) {
    size_t end = equals + 1;
    while (end < range.end && !tokens_[end].Is(",")) {
      end = std::max(end, tokens_[end].partner) + 1;
    }
    end = std::min(end, range.end);
    found_.constants[tokens_[equals - 1].text] = {type, {equals + 1, end}};
    equals = end + 2;
  }
}

// Declarators: the name before `=`, `,`, `;`, `[` and `(`, and the last one.
inline void DeclarationFinder::Names(TokenRange range) {
  for (size_t i = range.begin; i < range.end; ++i) {
    const Token& token = tokens_[i];
    const bool last = i + 1 >= range.end;
    const std::string_view next = last ? ";" : tokens_[i + 1].text;
    if (token.is_name() && !token.directive &&
        (next == "=" || next == "," || next == ";" || next == "[" ||
         next == "(")) {
      found_.names.insert(token.text);
    }
    i = std::max(i, token.partner);
    if (!token.Is("=")) continue;
    while (i + 1 < range.end && !tokens_[i + 1].Is(",")) {
      i = std::max(i + 1, tokens_[i + 1].partner);
    }
  }
}

inline void DeclarationFinder::Statement(TokenRange range) {
  if (range.size() == 0) return;
  const Token& first = tokens_[range.begin];
  if (range.size() > 2 && first.text.substr(0, 4) == "BPF_" &&
      tokens_[range.begin + 1].Is("(")) {
    Map(range);
    return;
  }
  Sections(range);
  for (size_t i = range.begin; i < range.end; ++i) {
    if (tokens_[i].Is("=")) {
      Constant(range, i);
      break;
    }
  }
  found_.records.AddFrom(tokens_, range);
  Names(range);
}

inline Declarations DeclarationFinder::Run() && {
  for (size_t at = 0; at < tokens_.size();) {
    at = tokens_[at].directive ? Directive(at) : Item(at);
  }
  for (size_t i = 0; i + 2 < tokens_.size(); ++i) {
    if (!IsRecordWord(tokens_[i].text) || !tokens_[i + 2].Is("{")) continue;
    found_.tags.insert(tokens_[i + 1].text);
  }
  for (size_t i = 0; i + 1 < tokens_.size(); ++i) {
    // Enumerators: names behind `{` and `,` of an enum.
    if (!tokens_[i].Is("enum")) continue;
    const size_t open = tokens_[i + 1].Is("{") ? i + 1 : i + 2;
    if (open >= tokens_.size() || !tokens_[open].Is("{")) continue;
    for (const TokenRange& part : SplitArguments(tokens_, open)) {
      if (part.size() > 0) found_.names.insert(tokens_[part.begin].text);
    }
  }
  return std::move(found_);
}

}  // namespace internal

inline Declarations FindDeclarations(const Tokens& tokens) {
  return internal::DeclarationFinder(tokens).Run();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_DECLARATIONS_H_
