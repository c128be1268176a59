// The struct that `args` points to, made from the event's format as tracefs
// prints it (events/CATEGORY/EVENT/format):
//
//   field:dev_t dev;  offset:8;  size:4;  signed:0;   ->  u32 dev;
//   field:char rwbs[8];  offset:32;  size:8; ...      ->  char rwbs[8];
//   field:__data_loc char[] msg;  offset:16; ...      ->  u32 data_loc_msg;
//
// As in BCC the fields named common_... are left out: they are not the event's.
// Numbers are declared by size and sign, so no kernel type is needed, and holes
// are filled, so each member is where the kernel puts the field.

#ifndef EBPF_EXPORTER_CORE_INLINE_TRACE_EVENT_H_
#define EBPF_EXPORTER_CORE_INLINE_TRACE_EVENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace ebpf_exporter {

struct TraceField {
  std::string declaration;  // `char rwbs[8]`, as the format has it
  uint32_t offset = 0;
  uint32_t size = 0;
  bool is_signed = false;
};

std::vector<TraceField> ParseTraceFormat(std::string_view format);

// `struct NAME { ... };`, and declarations of structs that members point to.
absl::StatusOr<std::string> TraceStruct(std::string_view name,
                                        const std::vector<TraceField>& fields);

namespace internal {

inline uint32_t FormatNumber(std::string_view part, std::string_view key) {
  uint32_t number = 0;
  part = absl::StripAsciiWhitespace(part);
  if (!absl::ConsumePrefix(&part, key)) return 0;
  return absl::SimpleAtoi(part, &number) ? number : 0;
}

inline std::string_view NumberType(uint32_t size, bool is_signed) {
  switch (size) {
    case 1:
      return is_signed ? "s8" : "u8";
    case 2:
      return is_signed ? "s16" : "u16";
    case 4:
      return is_signed ? "s32" : "u32";
    case 8:
      return is_signed ? "s64" : "u64";
    default:
      return "";
  }
}

// `type name` or `type name[n]`, in its parts.
struct FieldParts {
  std::string_view type;
  std::string_view name;
  uint32_t count = 0;  // of an array
};

inline FieldParts SplitField(std::string_view declaration) {
  FieldParts parts;
  const size_t bracket = declaration.rfind('[');
  if (bracket != std::string_view::npos && absl::EndsWith(declaration, "]")) {
    const std::string_view count =
        declaration.substr(bracket + 1, declaration.size() - bracket - 2);
    if (absl::SimpleAtoi(count, &parts.count)) {
      declaration = declaration.substr(0, bracket);
    }
  }
  const size_t space = declaration.find_last_of(" *");
  if (space == std::string_view::npos) return parts;
  parts.name = declaration.substr(space + 1);
  parts.type = absl::StripAsciiWhitespace(declaration.substr(0, space + 1));
  return parts;
}

// Declares one field; empty if its form is not known.
inline std::string FieldText(const TraceField& field, std::string& forward) {
  constexpr std::string_view kDataLoc = "__data_loc ";
  const FieldParts parts = SplitField(field.declaration);
  if (parts.name.empty()) return "";
  if (absl::StartsWith(field.declaration, kDataLoc) && field.size == 4) {
    return absl::StrCat("u32 data_loc_", parts.name);
  }
  if (absl::EndsWith(parts.type, "*") && field.size == 8 && parts.count == 0) {
    std::string_view type = absl::StripPrefix(parts.type, "const ");
    if (absl::ConsumePrefix(&type, "struct ")) {
      type = type.substr(0, type.find_first_of(" *"));
      absl::StrAppend(&forward, "struct ", type, ";\n");
      return absl::StrCat(parts.type, parts.name);
    }
    const bool plain = absl::StartsWith(type, "char ");
    return absl::StrCat(plain ? parts.type : "void *", parts.name);
  }
  const uint32_t count = parts.count == 0 ? 1 : parts.count;
  if (field.size % count != 0) return "";
  const std::string_view type =
      parts.type == "char" ? "char"
                           : NumberType(field.size / count, field.is_signed);
  // What is no number, a struct or an array written as a pointer, is bytes.
  if (type.empty())
    return absl::StrCat("u8 ", parts.name, "[", field.size, "]");
  return parts.count == 0
             ? absl::StrCat(type, " ", parts.name)
             : absl::StrCat(type, " ", parts.name, "[", count, "]");
}

}  // namespace internal

inline std::vector<TraceField> ParseTraceFormat(std::string_view format) {
  std::vector<TraceField> fields;
  for (std::string_view line : absl::StrSplit(format, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (!absl::ConsumePrefix(&line, "field:")) continue;
    const std::vector<std::string_view> parts = absl::StrSplit(line, ';');
    if (parts.size() < 4) continue;
    fields.push_back(
        {.declaration = std::string(parts[0]),
         .offset = internal::FormatNumber(parts[1], "offset:"),
         .size = internal::FormatNumber(parts[2], "size:"),
         .is_signed = internal::FormatNumber(parts[3], "signed:") != 0});
  }
  return fields;
}

inline absl::StatusOr<std::string> TraceStruct(
    std::string_view name, const std::vector<TraceField>& fields) {
  std::string forward, members;
  uint32_t at = 0;
  for (const TraceField& field : fields) {
    if (absl::StrContains(field.declaration, " common_")) continue;
    const std::string text = internal::FieldText(field, forward);
    if (text.empty() || field.offset < at || field.size > 1 << 16) {
      return absl::InvalidArgumentError(
          absl::StrCat("the format of struct ", name, " has a field \"",
                       field.declaration, "\" that is not understood"));
    }
    if (field.offset > at) {
      absl::StrAppend(&members, "\tu8 hole_at_", at, "_[", field.offset - at,
                      "];\n");
    }
    absl::StrAppend(&members, "\t", text, ";\n");
    at = field.offset + field.size;
  }
  if (members.empty()) members = "\tu8 nothing_;\n";
  return absl::StrCat(forward, "struct ", name, " {\n", members,
                      "} __attribute__((packed, aligned(8)));\n");
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_TRACE_EVENT_H_
