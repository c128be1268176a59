// The key of a map drawn beside the labels of a metric, for messages.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_KEY_PICTURE_H_
#define EBPF_EXPORTER_CORE_LAYOUT_KEY_PICTURE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/layout/layout_context.h"
#include "core/layout/struct_picture.h"
#include "core/layout/suggested_labels.h"

namespace ebpf_exporter::internal {

// 64 bits wide: sizes come from a user and are not yet held against the key.
struct LabelPlace {
  const LabelConfig* label = nullptr;
  uint64_t offset = 0;
  uint64_t size = 0;  // without the padding
  bool size_from_btf = false;
};

// True when the last label is the bucket: histograms with a slot per entry.
bool LastLabelIsBucket(const MetricConfig& metric);

// With BTF: each label beside the member it is most likely meant for, and what
// would be right. Where sizes are wrong, places mislead.
std::string PictureByMeaning(const LayoutContext& context);

// With BTF: the labels drawn over the members at their places, and what would
// be right.
std::string PictureByPlace(const LayoutContext& context,
                           const std::vector<LabelPlace>& places);

// Without BTF: the labels alone, which end at `total`, and what they leave
// over.
std::string PictureWithoutBtf(const LayoutContext& context,
                              const std::vector<LabelPlace>& places,
                              uint64_t total);

// Without the newlines at the end, as messages are.
std::string Trimmed(std::string text);

// Implementation below.

inline bool LastLabelIsBucket(const MetricConfig& metric) {
  return metric.kind == MetricKind::kHistogram && !metric.slots.has_value() &&
         !metric.labels.empty();
}

// `device (size 32, padding 4)`.
inline std::string LabelText(const LabelConfig& label) {
  std::string text = absl::StrCat(label.name, " (");
  if (label.size == 0) {
    text += "no size";
  } else {
    absl::StrAppend(&text, "size ", label.size);
  }
  if (label.padding > 0) absl::StrAppend(&text, ", padding ", label.padding);
  return text + ")";
}

inline std::vector<SuggestedLabel> Suggestion(const LayoutContext& context) {
  return SuggestLabels(*context.key(), context.metric().labels,
                       LastLabelIsBucket(context.metric()));
}

inline std::string SuggestionText(const std::vector<SuggestedLabel>& labels) {
  if (labels.size() > kMaxPictureRows) return "";
  return absl::StrCat("this would be right:\n", ToYaml(labels, 2));
}

inline std::string PictureByMeaning(const LayoutContext& context) {
  std::vector<SuggestedLabel> suggested = Suggestion(context);
  std::vector<PictureRow> rows = RowsOf(*context.key());
  size_t member = 0;
  for (PictureRow& row : rows) {
    row.label = "-";
    if (row.is_padding) continue;
    const LabelConfig* label = suggested[member++].label;
    if (label != nullptr) row.label = LabelText(*label);
  }
  std::string out = Render(rows);
  for (const LabelConfig& label : context.metric().labels) {
    bool meant = false;
    for (const SuggestedLabel& one : suggested) {
      meant = meant || one.label == &label;
    }
    if (meant) continue;
    absl::StrAppend(&out, "no member is left for ", LabelText(label), "\n");
  }
  return out + SuggestionText(suggested);
}

inline std::string PictureByPlace(const LayoutContext& context,
                                  const std::vector<LabelPlace>& places) {
  std::vector<PictureSpan> spans;
  spans.reserve(places.size());
  for (const LabelPlace& place : places) {
    spans.push_back({place.offset, place.size, LabelText(*place.label)});
  }
  std::vector<PictureRow> rows = RowsOf(*context.key());
  LabelByPlace(spans, rows);
  return absl::StrCat(Render(rows), SuggestionText(Suggestion(context)));
}

inline std::string PictureWithoutBtf(const LayoutContext& context,
                                     const std::vector<LabelPlace>& places,
                                     uint64_t total) {
  std::vector<PictureRow> rows;
  auto add = [&rows](uint64_t offset, uint64_t size, std::string text) {
    PictureRow row;
    row.offset = offset;
    row.size = size;
    row.member = std::move(text);
    rows.push_back(std::move(row));
  };
  for (const LabelPlace& place : places) {
    add(place.offset, place.size, LabelText(*place.label));
    if (place.label->padding == 0) continue;
    add(place.offset + place.size, place.label->padding, "(padding)");
  }
  uint32_t key_size = context.map().key_size;
  if (total < key_size) add(total, key_size - total, "(no label)");
  std::string out = Render(rows, "label");
  if (total < key_size) {
    absl::StrAppend(&out, "cover the other ", key_size - total,
                    " bytes by a label or, where the compiler put a hole, by "
                    "`padding:` of the label before it\n");
  } else {
    absl::StrAppend(&out, "take ", total - key_size,
                    " bytes from the labels\n");
  }
  absl::StrAppend(&out,
                  "(the object has no BTF for this key; compiled with `-g` and "
                  "the key declared by `__type(key, ...)`, its members would "
                  "be shown here)\n");
  return out;
}

inline std::string Trimmed(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace ebpf_exporter::internal

#endif  // EBPF_EXPORTER_CORE_LAYOUT_KEY_PICTURE_H_
