// What every reader of a TypeShape may rely on. Shapes come out of objects and
// captures that strangers wrote, so they are checked where they enter.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_SHAPE_CHECK_H_
#define EBPF_EXPORTER_CORE_LAYOUT_SHAPE_CHECK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// Members have bytes, come in order of offset, do not overlap, end within the
// type, and arrays are as long as their elements.
inline absl::Status CheckShape(const TypeShape& shape) {
  uint64_t end = 0;
  for (const Member& member : shape.members) {
    if (member.size == 0 || member.offset < end ||
        uint64_t{member.offset} + member.size > shape.size) {
      return absl::InvalidArgumentError(
          absl::StrCat("member `", member.name, "` of `", shape.name,
                       "` overlaps another or ends past the type"));
    }
    if (uint64_t{member.element_size} * member.count != member.size) {
      return absl::InvalidArgumentError(
          absl::StrCat("array `", member.name, "` of `", shape.name,
                       "` is not as long as its elements"));
    }
    end = uint64_t{member.offset} + member.size;
  }
  return absl::OkStatus();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_LAYOUT_SHAPE_CHECK_H_
