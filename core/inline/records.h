// Members of structs and unions, as far as following a pointer needs them: of
// the code's own records, and, through a callback, of the kernel's.

#ifndef EBPF_EXPORTER_CORE_INLINE_RECORDS_H_
#define EBPF_EXPORTER_CORE_INLINE_RECORDS_H_

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/inline/token_range.h"
#include "core/inline/tokens.h"

namespace ebpf_exporter {

struct RecordMember {
  enum class Kind {
    kValue,    // a number, or a pointer to something without members
    kPointer,  // to `record`
    kRecord,   // `record` itself
    kArray,    // of `record`, if that is not empty
    kBitField,
  };
  Kind kind = Kind::kValue;
  // A name to look further members up by: the tag, or whatever the source of
  // the answer understands.
  std::string record{};
  // Other members lie in the same place.
  bool in_union = false;
};

struct RecordAnswer {
  bool known = false;  // the record, with its members
  std::optional<RecordMember> member;
};

// Members within unnamed members count as the record's own, as in C.
using RecordLookup = std::function<RecordAnswer(const std::string& record,
                                                std::string_view member)>;

// Records that the code defines, by tag and by the name of a typedef.
class CodeRecords {
 public:
  // Looks for definitions in a statement at the top level.
  void AddFrom(const Tokens& tokens, TokenRange range);

  bool Has(std::string_view record) const { return records_.contains(record); }
  // A typedef's name, which stands without `struct`.
  bool IsTypedef(std::string_view name) const {
    return typedefs_.contains(name);
  }
  // The member's type, if it is known.
  std::optional<RecordMember> Find(std::string_view record,
                                   std::string_view member) const;

 private:
  using Members = std::map<std::string, RecordMember, std::less<>>;

  static Members ReadMembers(const Tokens& tokens, size_t open);
  static void ReadMember(const Tokens& tokens, TokenRange range,
                         Members& members);

  std::map<std::string, Members, std::less<>> records_;
  std::set<std::string, std::less<>> typedefs_;
};

inline std::optional<RecordMember> CodeRecords::Find(
    std::string_view record, std::string_view member) const {
  const auto found = records_.find(record);
  if (found == records_.end()) return std::nullopt;
  const auto known = found->second.find(member);
  if (known == found->second.end()) return std::nullopt;
  return known->second;
}

// `struct request *req`, `struct request req`, `name_t value`, `char a[16]`.
inline void CodeRecords::ReadMember(const Tokens& tokens, TokenRange range,
                                    Members& members) {
  if (range.size() < 2) return;
  RecordMember member;
  size_t name = range.end - 1;
  if (tokens[name].Is("]")) {
    while (name > range.begin && tokens[name].Is("]")) {
      name = tokens[name].partner - 1;
    }
    member.kind = RecordMember::Kind::kArray;
  }
  if (!tokens[name].is_name()) return;
  const bool tagged =
      tokens[range.begin].Is("struct") || tokens[range.begin].Is("union");
  const size_t type = range.begin + (tagged ? 1 : 0);
  if (type >= name) return;
  const size_t stars = name - type - 1;
  member.record = std::string(tokens[type].text);
  if (stars == 1 && tokens[name - 1].Is("*") &&
      member.kind == RecordMember::Kind::kValue) {
    member.kind = RecordMember::Kind::kPointer;
  } else if (stars == 0 && member.kind == RecordMember::Kind::kValue) {
    member.kind = RecordMember::Kind::kRecord;
  } else {
    member.record.clear();
  }
  members[std::string(tokens[name].text)] = member;
}

inline CodeRecords::Members CodeRecords::ReadMembers(const Tokens& tokens,
                                                     size_t open) {
  Members members;
  size_t begin = open + 1;
  for (size_t i = begin; i < tokens[open].partner; ++i) {
    if (tokens[i].Is(";")) {
      ReadMember(tokens, {begin, i}, members);
      begin = i + 1;
    }
    i = std::max(i, tokens[i].partner);
  }
  return members;
}

inline void CodeRecords::AddFrom(const Tokens& tokens, TokenRange range) {
  for (size_t i = range.begin; i + 1 < range.end; ++i) {
    if (!tokens[i].Is("struct") && !tokens[i].Is("union")) continue;
    const bool tagged = tokens[i + 1].is_name();
    const size_t open = i + (tagged ? 2 : 1);
    if (open >= range.end || !tokens[open].Is("{")) continue;
    const Members members = ReadMembers(tokens, open);
    if (tagged) records_[std::string(tokens[i + 1].text)] = members;
    const size_t name = range.end - 1;
    if (tokens[range.begin].Is("typedef") && tokens[name].is_name()) {
      records_[std::string(tokens[name].text)] = members;
      typedefs_.emplace(tokens[name].text);
    }
    i = tokens[open].partner;
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_RECORDS_H_
