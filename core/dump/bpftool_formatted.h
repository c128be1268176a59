// The way back from a value that bpftool printed by its BTF to the bytes that
// it was, by the shape of its type.
//
// What was not printed is zero: holes, and what stood behind a text's NUL. Not
// to be had back are unions and bitfields, whose places the shape does not say,
// and enumerators, printed without their numbers; these are errors, and
// `bpftool -j map dump`, which prints the raw bytes too, is the mend.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_FORMATTED_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_FORMATTED_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/dump/bpftool_number.h"
#include "core/dump/bpftool_tree.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// Appends the `shape.size` bytes that the tree's value was in memory whose
// numbers have the order `order`. The shape is a sound one (CheckShape).
absl::Status AppendFormatted(const FormattedTree& tree, const TypeShape& shape,
                             std::endian order, std::vector<std::byte>& bytes);

// Implementation below.

namespace internal {

class FormattedWriter {
 public:
  FormattedWriter(const FormattedTree& tree, const TypeShape& shape,
                  std::endian order, std::span<std::byte> to)
      : tree_(tree),
        shape_(shape),
        order_(order),
        to_(to),
        written_(shape.members.size(), false) {}

  absl::Status Run();

 private:
  // A node and what lies in it; `path` names it as the shape does.
  absl::Status Write(size_t node, const std::string& path);
  absl::Status WriteMembers(size_t node, const std::string& path);
  // A member, an array's row or an element into its bytes.
  absl::Status WriteValue(size_t node, const Member& member,
                          std::span<std::byte> to);
  absl::Status WriteElements(size_t node, const Member& member,
                             std::span<std::byte> to);
  absl::Status WriteText(std::string_view text, const Member& member,
                         std::span<std::byte> to);
  absl::Status WriteNumber(std::string_view text, const Member& member,
                           std::span<std::byte> to);
  // The first member of this name that is not written yet.
  std::optional<size_t> FindMember(std::string_view path) const;
  absl::Status Error(std::string_view member, std::string_view what) const;

  const FormattedTree& tree_;
  const TypeShape& shape_;
  const std::endian order_;
  const std::span<std::byte> to_;
  std::vector<bool> written_;
  size_t next_ = 0;  // the member that comes next in the type's own order
};

inline absl::Status FormattedWriter::Error(std::string_view member,
                                           std::string_view what) const {
  return absl::InvalidArgumentError(
      absl::StrCat("`", shape_.name, "` cannot be read back from its printed ",
                   "form: `", absl::CHexEscape(member), "` ", what));
}

inline absl::Status FormattedWriter::Run() {
  absl::Status status = Write(0, "");
  if (!status.ok()) return status;
  const auto missing = std::find(written_.begin(), written_.end(), false);
  if (missing == written_.end()) return absl::OkStatus();
  const size_t member = static_cast<size_t>(missing - written_.begin());
  return Error(shape_.members[member].name, "is missing");
}

inline std::optional<size_t> FormattedWriter::FindMember(
    std::string_view path) const {
  for (size_t i = 0; i < written_.size(); ++i) {
    const size_t member = (next_ + i) % written_.size();
    if (!written_[member] && shape_.members[member].name == path) {
      return member;
    }
  }
  return std::nullopt;
}

inline absl::Status FormattedWriter::Write(size_t node,
                                           const std::string& path) {
  const bool object = tree_.KindOf(node) == FormattedKind::kObject;
  // The type itself and an anonymous union in it both have an empty path.
  if (node == 0 && object) return WriteMembers(node, path);
  const std::optional<size_t> found = FindMember(path);
  if (found.has_value()) {
    const Member& member = shape_.members[*found];
    written_[*found] = true;
    next_ = *found + 1;
    return WriteValue(node, member, to_.subspan(member.offset, member.size));
  }
  if (object) return WriteMembers(node, path);
  // Flexible arrays have no bytes and no place in the shape.
  if (tree_.KindOf(node) == FormattedKind::kArray &&
      tree_.Children(node) == 0) {
    return absl::OkStatus();
  }
  return Error(path, "is not a member, or is a bitfield");
}

inline absl::Status FormattedWriter::WriteMembers(size_t node,
                                                  const std::string& path) {
  size_t child = node + 1;
  for (size_t i = 0; i < tree_.Children(node); ++i) {
    const std::string_view name = tree_.Name(child);
    const std::string_view dot = path.empty() || name.empty() ? "" : ".";
    absl::Status status = Write(child, absl::StrCat(path, dot, name));
    if (!status.ok()) return status;
    child = tree_.Next(child);
  }
  return absl::OkStatus();
}

inline absl::Status FormattedWriter::WriteValue(size_t node,
                                                const Member& member,
                                                std::span<std::byte> to) {
  const std::string_view text = tree_.Text(node);
  const bool opaque = member.kind == MemberKind::kOther;
  switch (tree_.KindOf(node)) {
    case FormattedKind::kObject:
      break;
    case FormattedKind::kArray:
      if (opaque) break;
      return WriteElements(node, member, to);
    case FormattedKind::kText:
      if (!opaque) return WriteText(text, member, to);
      [[fallthrough]];
    case FormattedKind::kWord:
      // Numbers of 128 bits are opaque too, but their place is known.
      if (member.type.ends_with("(bits)")) break;
      return WriteNumber(text, member, to);
  }
  return Error(member.name, absl::StrCat("is a ", member.type, ", whose bytes ",
                                         "are not all printed"));
}

inline absl::Status FormattedWriter::WriteElements(size_t node,
                                                   const Member& member,
                                                   std::span<std::byte> to) {
  const size_t count = tree_.Children(node);
  if (count == 0 || to.size() % count != 0 ||
      to.size() / count % member.element_size != 0) {
    return Error(member.name, absl::StrCat("is a ", member.type, ", not ",
                                           count, " values"));
  }
  const size_t stride = to.size() / count;
  size_t child = node + 1;
  for (size_t i = 0; i < count; ++i) {
    absl::Status status =
        WriteValue(child, member, to.subspan(i * stride, stride));
    if (!status.ok()) return status;
    child = tree_.Next(child);
  }
  return absl::OkStatus();
}

inline absl::Status FormattedWriter::WriteText(std::string_view text,
                                               const Member& member,
                                               std::span<std::byte> to) {
  if (member.element_size != 1 || text.size() > to.size() ||
      member.type.starts_with("enum")) {
    return Error(member.name, absl::StrCat("is printed as `",
                                           absl::CHexEscape(text.substr(0, 64)),
                                           "`, a name without its number"));
  }
  std::copy_n(reinterpret_cast<const std::byte*>(text.data()), text.size(),
              to.begin());
  return absl::OkStatus();
}

inline absl::Status FormattedWriter::WriteNumber(std::string_view text,
                                                 const Member& member,
                                                 std::span<std::byte> to) {
  const std::optional<WideNumber> number = ParseNumber(text);
  if (number.has_value() && to.size() == member.element_size &&
      StoreNumber(*number, order_, to)) {
    return absl::OkStatus();
  }
  return Error(member.name, absl::StrCat("is a ", member.type, ", not `",
                                         absl::CHexEscape(text), "`"));
}

}  // namespace internal

inline absl::Status AppendFormatted(const FormattedTree& tree,
                                    const TypeShape& shape, std::endian order,
                                    std::vector<std::byte>& bytes) {
  const size_t before = bytes.size();
  bytes.resize(before + shape.size);
  return internal::FormattedWriter(tree, shape, order,
                                   std::span(bytes).subspan(before))
      .Run();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_FORMATTED_H_
