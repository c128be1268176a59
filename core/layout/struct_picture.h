// A struct drawn for a person: offsets, sizes, holes, and beside each member
// what the configuration says of it. For messages and terminals:
//
//     bytes    member               label
//     0-31     char disk[32]        device (size 32)
//     32-32    __u8 op              operation (size 1)
//     33-39    (padding)            -
//     40-47    __u64 slot           bucket (size 8)

#ifndef EBPF_EXPORTER_CORE_LAYOUT_STRUCT_PICTURE_H_
#define EBPF_EXPORTER_CORE_LAYOUT_STRUCT_PICTURE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/layout/cover.h"
#include "core/layout/declaration.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct PictureRow {
  uint64_t offset = 0;
  uint64_t size = 0;
  std::string member;  // a declaration, or `(padding)`
  std::string label;   // free text; a picture without any has no such column
  bool is_padding = false;
};

// Something that covers bytes, whatever the members: a label by its place.
struct PictureSpan {
  uint64_t offset = 0;
  uint64_t size = 0;
  std::string text;
};

// A row for each member and each hole, in order, without labels.
std::vector<PictureRow> RowsOf(const TypeShape& shape);

// Writes beside each row the spans that touch it, or `-`.
void LabelByPlace(std::span<const PictureSpan> spans,
                  std::vector<PictureRow>& rows);

// The rows as a table, every line indented by two and ended. Long tables are
// cut, which a last line says. `what` heads the column of members.
std::string Render(std::span<const PictureRow> rows,
                   std::string_view what = "member");

// Implementation below.

namespace internal {

inline constexpr size_t kMaxPictureRows = 64;
inline constexpr size_t kBytesWidth = 9;
inline constexpr size_t kMemberWidth = 21;

inline PictureRow PaddingRow(uint32_t offset, uint32_t end) {
  PictureRow row;
  row.offset = offset;
  row.size = end - offset;
  row.member = "(padding)";
  row.is_padding = true;
  return row;
}

inline void AppendPadded(std::string_view text, size_t width,
                         std::string& out) {
  absl::StrAppend(&out, text);
  if (text.size() < width) out.append(width - text.size(), ' ');
}

inline void AppendLine(std::string_view bytes, std::string_view member,
                       size_t member_width, std::string_view label,
                       std::string& out) {
  out += "  ";
  AppendPadded(bytes, kBytesWidth, out);
  if (!label.empty()) {
    AppendPadded(member, member_width, out);
    member = label;
  }
  absl::StrAppend(&out, member, "\n");
}

}  // namespace internal

inline std::vector<PictureRow> RowsOf(const TypeShape& shape) {
  std::vector<PictureRow> rows;
  uint32_t end = 0;
  for (const Member& member : shape.members) {
    if (member.offset > end) {
      rows.push_back(internal::PaddingRow(end, member.offset));
    }
    PictureRow row;
    row.offset = member.offset;
    row.size = member.size;
    row.member = Declaration(member.type, member.name);
    rows.push_back(row);
    end = member.offset + member.size;
  }
  if (shape.size > end) rows.push_back(internal::PaddingRow(end, shape.size));
  return rows;
}

inline void LabelByPlace(std::span<const PictureSpan> spans,
                         std::vector<PictureRow>& rows) {
  for (PictureRow& row : rows) {
    for (const PictureSpan& span : spans) {
      if (span.offset >= row.offset + row.size ||
          row.offset >= span.offset + span.size) {
        continue;
      }
      absl::StrAppend(&row.label, row.label.empty() ? "" : ", ", span.text);
    }
    if (row.label.empty()) row.label = "-";
  }
}

inline std::string Render(std::span<const PictureRow> rows,
                          std::string_view what) {
  size_t shown = std::min(rows.size(), internal::kMaxPictureRows);
  bool labelled = false;
  size_t width = internal::kMemberWidth;
  for (const PictureRow& row : rows.first(shown)) {
    labelled = labelled || !row.label.empty();
    width = std::max(width, row.member.size() + 2);
  }
  std::string out;
  internal::AppendLine("bytes", what, width, labelled ? "label" : "", out);
  for (const PictureRow& row : rows.first(shown)) {
    internal::AppendLine(ByteRange(row.offset, row.size), row.member, width,
                         row.label, out);
  }
  if (shown < rows.size()) {
    absl::StrAppend(&out, "  ... and ", rows.size() - shown, " more\n");
  }
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_STRUCT_PICTURE_H_
