// Second step of a layout: the bytes each label reads, held against the members
// of the key and the decoders that will read them.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_KEY_LAYOUT_H_
#define EBPF_EXPORTER_CORE_LAYOUT_KEY_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/layout/cover.h"
#include "core/layout/decoder_fit.h"
#include "core/layout/entry_layout.h"
#include "core/layout/key_picture.h"
#include "core/layout/label_places.h"
#include "core/layout/layout_context.h"
#include "core/layout/shape.h"

namespace ebpf_exporter::internal {

// Fills labels and bucket of `layout`; errors and warnings go to `context`.
void LayOutKey(LayoutContext& context, EntryLayout& layout);

// Implementation below.

inline std::string_view FirstDecoder(const LabelConfig& label) {
  return label.decoders.empty() ? std::string_view()
                                : std::string_view{label.decoders.front().name};
}

// `label "operation" (key bytes 32-39)`.
inline std::string PlaceName(const LabelPlace& place) {
  return absl::StrCat("label \"", place.label->name, "\" (key bytes ",
                      ByteRange(place.offset, place.size), ")");
}

// True if the label reads the member alone and not the hole after it: always
// when BTF gave the size; also where stale padding would change what one
// integer or text reads. `hex` shows every byte that the user asked for.
inline bool LeavesHoleOut(const LabelPlace& place, const Cover& cover) {
  if (place.size_from_btf) return true;
  std::string_view decoder = FirstDecoder(*place.label);
  return (ReadsOneInteger(decoder) && cover.content == Content::kInteger) ||
         (decoder == "string" && cover.content == Content::kText);
}

inline BytesAt BytesOf(const LabelPlace& place, const Cover& cover) {
  BytesAt bytes{.offset = static_cast<uint32_t>(place.offset),
                .size = static_cast<uint32_t>(place.size)};
  if (LeavesHoleOut(place, cover)) bytes.size = cover.size;
  return bytes;
}

// `size: 4` and `padding: 3` for 7 bytes.
inline std::string IntegerMend(uint32_t size) {
  uint32_t integer = size > 8 ? 8 : size > 4 ? 4 : size > 2 ? 2 : 1;
  return absl::StrCat("uint reads 1, 2, 4 or 8 bytes, not ", size,
                      ": if the integer has ", integer,
                      " and the rest is padding, say `size: ", integer,
                      "` and `padding: ", size - integer, "`");
}

// Finds what is wrong with labels whose places are known.
class KeyChecker {
 public:
  KeyChecker(LayoutContext& context, const std::vector<LabelPlace>& places)
      : context_(context), places_(places) {}

  // Checks a label and gives the bytes to read.
  BytesAt Check(const LabelPlace& place, bool is_bucket);

 private:
  void WarnOfMembers(const LabelPlace& place, const Cover& cover);

  LayoutContext& context_;
  const std::vector<LabelPlace>& places_;
  bool drawn_ = false;  // one picture a metric is enough
};

inline BytesAt KeyChecker::Check(const LabelPlace& place, bool is_bucket) {
  Cover cover;
  cover.size = static_cast<uint32_t>(place.size);
  if (context_.key() != nullptr) {
    cover = CoverOf(*context_.key(), static_cast<uint32_t>(place.offset),
                    cover.size);
    WarnOfMembers(place, cover);
  }
  BytesAt bytes = BytesOf(place, cover);
  std::string_view decoder = FirstDecoder(*place.label);
  std::string misfit = DecoderMisfit(decoder, cover, bytes.size);
  bool integer = is_bucket || (ReadsOneInteger(decoder) && misfit.empty());
  if (integer && !IsNumberSize(bytes.size)) {
    context_.Error(
        place.label->mark,
        absl::StrCat(PlaceName(place), ": ",
                     misfit.empty() ? IntegerMend(bytes.size) : misfit));
  } else if (!misfit.empty()) {
    context_.Warn(place.label->mark,
                  absl::StrCat(PlaceName(place), ": ", misfit));
  }
  return bytes;
}

inline void KeyChecker::WarnOfMembers(const LabelPlace& place,
                                      const Cover& cover) {
  if (cover.kind == CoverKind::kHole) {
    context_.Warn(place.label->mark,
                  absl::StrCat(PlaceName(place), " covers only padding"));
    return;
  }
  // Several members in hexadecimal may well be one thing, such as a GUID.
  if (cover.kind != CoverKind::kAcross || FirstDecoder(*place.label) == "hex") {
    return;
  }
  std::string message =
      absl::StrCat(PlaceName(place), " ", ExplainAcross(cover));
  if (!drawn_) {
    absl::StrAppend(&message, ":\n", PictureByPlace(context_, places_));
    drawn_ = true;
  }
  context_.Warn(place.label->mark, Trimmed(message));
}

inline void LayOutKey(LayoutContext& context, EntryLayout& layout) {
  std::optional<std::vector<LabelPlace>> places = PlaceLabels(context);
  if (!places.has_value()) return;
  KeyChecker checker(context, *places);
  bool last_is_bucket = LastLabelIsBucket(context.metric());
  for (const LabelPlace& place : *places) {
    bool is_bucket = last_is_bucket && &place == &places->back();
    BytesAt bytes = checker.Check(place, is_bucket);
    if (is_bucket) {
      layout.bucket = NumberAt{.offset = bytes.offset, .size = bytes.size};
    } else {
      layout.labels.push_back(bytes);
    }
  }
}

}  // namespace ebpf_exporter::internal

#endif  // EBPF_EXPORTER_CORE_LAYOUT_KEY_LAYOUT_H_
