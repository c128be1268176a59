// First step of a layout: which bytes of the key each label takes, by walking
// the labels in order. Sizes left out are taken from BTF.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_LABEL_PLACES_H_
#define EBPF_EXPORTER_CORE_LAYOUT_LABEL_PLACES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/layout/key_picture.h"
#include "core/layout/layout_context.h"
#include "core/layout/shape.h"

namespace ebpf_exporter::internal {

// The places of all labels, which add up to the key exactly; else an error,
// with the struct beside the configuration.
std::optional<std::vector<LabelPlace>> PlaceLabels(LayoutContext& context);

// Implementation below.

inline void ReportSum(LayoutContext& context,
                      const std::vector<LabelPlace>& places, uint64_t total) {
  std::string sum =
      context.metric().labels.empty()
          ? "the metric has no labels"
          : absl::StrCat("label sizes add up to ", total, " bytes");
  context.Error(
      context.metric().mark,
      Trimmed(absl::StrCat(sum, ", but ", context.KeyName(), " has ",
                           context.map().key_size, ":\n",
                           context.key() != nullptr
                               ? PictureByMeaning(context)
                               : PictureWithoutBtf(context, places, total))));
}

inline void ReportNoSize(LayoutContext& context, const LabelConfig& label,
                         std::string_view why) {
  std::string picture = context.key() != nullptr
                            ? absl::StrCat(":\n", PictureByMeaning(context))
                            : ": say how many bytes of the key it covers";
  context.Error(label.mark,
                Trimmed(absl::StrCat("label \"", label.name,
                                     "\" has no size, and ", why, picture)));
}

// Bytes of a label whose size is left out: the next member and its hole.
inline std::optional<uint64_t> SizeFromBtf(LayoutContext& context,
                                           const LabelConfig& label,
                                           uint64_t offset) {
  const TypeShape* key = context.key();
  if (key == nullptr) {
    ReportNoSize(context, label,
                 absl::StrCat("the object has no BTF for ", context.KeyName(),
                              " to take it from"));
    return std::nullopt;
  }
  const std::vector<Member>& members = key->members;
  for (size_t i = 0; i < members.size(); ++i) {
    if (members[i].offset != offset) continue;
    uint64_t next = i + 1 < members.size() ? members[i + 1].offset : key->size;
    uint64_t hole = next - offset - members[i].size;
    return label.padding <= hole ? next - offset - label.padding
                                 : members[i].size;
  }
  ReportNoSize(context, label,
               absl::StrCat("no member of ", context.KeyName(),
                            " begins at its first byte, ", offset));
  return std::nullopt;
}

inline std::optional<std::vector<LabelPlace>> PlaceLabels(
    LayoutContext& context) {
  std::vector<LabelPlace> places;
  uint64_t offset = 0;
  for (const LabelConfig& label : context.metric().labels) {
    LabelPlace place{.label = &label, .offset = offset, .size = label.size};
    if (label.size == 0) {
      std::optional<uint64_t> size = SizeFromBtf(context, label, offset);
      if (!size.has_value()) return std::nullopt;
      place.size = *size;
      place.size_from_btf = true;
    }
    offset += place.size + label.padding;
    places.push_back(place);
  }
  // Without labels there is one series: entry 0 of a map with u32 keys.
  bool only_entry = places.empty() && context.map().key_size == 4;
  if (only_entry || offset == context.map().key_size) return places;
  ReportSum(context, places, offset);
  return std::nullopt;
}

}  // namespace ebpf_exporter::internal

#endif  // EBPF_EXPORTER_CORE_LAYOUT_LABEL_PLACES_H_
