// Third step of a layout: where the number, or the slots of a histogram, live
// in the value of a map.

#ifndef EBPF_EXPORTER_CORE_LAYOUT_VALUE_LAYOUT_H_
#define EBPF_EXPORTER_CORE_LAYOUT_VALUE_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/layout/cover.h"
#include "core/layout/entry_layout.h"
#include "core/layout/key_picture.h"
#include "core/layout/layout_context.h"
#include "core/layout/shape.h"
#include "core/layout/struct_picture.h"

namespace ebpf_exporter::internal {

// Fills value and slots of `layout`; errors and warnings go to `context`.
void LayOutValue(LayoutContext& context, EntryLayout& layout);

// Slots a histogram needs, without the sum; 0 when it has no valid buckets.
uint64_t BucketCount(const BucketConfig& buckets);

// Implementation below.

inline uint64_t BucketCount(const BucketConfig& buckets) {
  if (buckets.type == BucketType::kFixed) return buckets.keys.size();
  if (buckets.max < buckets.min) return 0;
  uint64_t distance =
      static_cast<uint64_t>(buckets.max) - static_cast<uint64_t>(buckets.min);
  return distance + 1;
}

inline std::string ValuePicture(const LayoutContext& context) {
  return absl::StrCat(":\n", Render(RowsOf(*context.value())));
}

// A member named by `value:` or `slots:` (`key`); an error when BTF has none.
inline const Member* FindMember(LayoutContext& context,
                                const FieldConfig& field,
                                std::string_view key) {
  const TypeShape* value = context.value();
  if (value == nullptr) {
    context.Error(
        field.mark,
        absl::StrCat("`", key, ": ", field.member,
                     "` names a member, but the "
                     "object has no BTF for ",
                     context.ValueName(), ": give the place instead, such as `",
                     key, ": {offset: 0, size: 8}`"));
    return nullptr;
  }
  for (const Member& member : value->members) {
    if (member.name == field.member) return &member;
  }
  context.Error(field.mark, Trimmed(absl::StrCat(
                                context.ValueName(), " has no member `",
                                field.member, "`", ValuePicture(context))));
  return nullptr;
}

// True if a field by place lies within the value and is of readable numbers.
inline bool PlaceIsSound(LayoutContext& context, const FieldConfig& field,
                         uint64_t count, std::string_view key) {
  if (!IsNumberSize(field.size)) {
    context.Error(field.mark,
                  absl::StrCat("`", key,
                               "`: a number has 1, 2, 4 or 8 bytes, "
                               "not ",
                               field.size));
    return false;
  }
  uint64_t size = count * field.size;
  if (count > 0 && field.offset + size <= context.map().value_size) return true;
  context.Error(field.mark, absl::StrCat("`", key, "` covers bytes ",
                                         ByteRange(field.offset, size),
                                         ", but ", context.ValueName(), " has ",
                                         context.map().value_size, " bytes"));
  return false;
}

inline void WarnIfAcross(LayoutContext& context, const FieldConfig& field,
                         uint64_t size, std::string_view key) {
  if (context.value() == nullptr) return;
  Cover cover =
      CoverOf(*context.value(), field.offset, static_cast<uint32_t>(size));
  if (cover.kind != CoverKind::kAcross) return;
  context.Warn(field.mark, absl::StrCat("`", key, "` (value bytes ",
                                        ByteRange(field.offset, size), ") ",
                                        ExplainAcross(cover)));
}

inline std::optional<NumberAt> NumberOf(const Member& member) {
  if (!IsScalar(member.kind) || !IsNumberSize(member.size)) return std::nullopt;
  return NumberAt{.offset = member.offset,
                  .size = member.size,
                  .is_signed = member.element_signed};
}

// The number when the configuration names none: the whole value.
inline std::optional<NumberAt> WholeValue(LayoutContext& context) {
  const TypeShape* value = context.value();
  if (value == nullptr) {
    uint32_t size = context.map().value_size;
    if (size == 8) return NumberAt{.offset = 0, .size = 8};
    context.Error(
        context.metric().mark,
        absl::StrCat(context.ValueName(), " has ", size,
                     " bytes, and without BTF only one unsigned number of 8 is "
                     "known: say where the number is, such as `value: {offset: "
                     "0, size: ",
                     IsNumberSize(size) ? size : 8, "}`"));
    return std::nullopt;
  }
  if (value->members.size() == 1) {
    std::optional<NumberAt> number = NumberOf(value->members.front());
    if (number.has_value()) return number;
  }
  context.Error(context.metric().mark,
                Trimmed(absl::StrCat(
                    context.ValueName(),
                    " is not one number: name the member "
                    "with `value:`, or its place as `value: {offset: 0, size: "
                    "8}`",
                    ValuePicture(context))));
  return std::nullopt;
}

inline std::optional<NumberAt> NamedNumber(LayoutContext& context,
                                           const FieldConfig& field) {
  const Member* member = FindMember(context, field, "value");
  if (member == nullptr) return std::nullopt;
  std::optional<NumberAt> number = NumberOf(*member);
  if (number.has_value()) return number;
  context.Error(
      field.mark,
      Trimmed(absl::StrCat("`value: ", field.member, "`: ", Quoted(*member),
                           " is not one integer of 1 to 8 bytes",
                           ValuePicture(context))));
  return std::nullopt;
}

inline std::optional<NumberAt> FindNumber(LayoutContext& context) {
  const std::optional<FieldConfig>& field = context.metric().value;
  if (!field.has_value()) return WholeValue(context);
  if (!field->member.empty()) return NamedNumber(context, *field);
  if (!PlaceIsSound(context, *field, 1, "value")) return std::nullopt;
  WarnIfAcross(context, *field, field->size, "value");
  return NumberAt{.offset = field->offset,
                  .size = field->size,
                  .is_signed = field->is_signed};
}

inline void LayOutNumber(LayoutContext& context, EntryLayout& layout) {
  std::optional<NumberAt> number = FindNumber(context);
  if (!number.has_value()) return;
  layout.value = *number;
  if (!number->is_signed || context.metric().kind == MetricKind::kGauge) return;
  const std::optional<FieldConfig>& field = context.metric().value;
  context.Warn(field.has_value() ? field->mark : context.metric().mark,
               absl::StrCat("the number in ", context.ValueName(),
                            " is signed, but counts only grow: declare it "
                            "unsigned, or make the metric a gauge"));
}

inline std::optional<SlotsAt> FindSlots(LayoutContext& context,
                                        const FieldConfig& field) {
  if (field.member.empty()) {
    if (!PlaceIsSound(context, field, field.count, "slots")) {
      return std::nullopt;
    }
    WarnIfAcross(context, field, uint64_t{field.count} * field.size, "slots");
    return SlotsAt{field.offset, field.size, field.count, field.is_signed};
  }
  const Member* member = FindMember(context, field, "slots");
  if (member == nullptr) return std::nullopt;
  bool array =
      member->kind == MemberKind::kArray || member->kind == MemberKind::kChars;
  if (array && IsNumberSize(member->element_size)) {
    return SlotsAt{member->offset, member->element_size, member->count,
                   member->element_signed};
  }
  context.Error(field.mark,
                Trimmed(absl::StrCat(
                    "`slots: ", field.member, "`: ", Quoted(*member),
                    " is not an array of integers", ValuePicture(context))));
  return std::nullopt;
}

// What to change so that `count` slots suffice.
inline std::string BucketMend(const BucketConfig& buckets, uint64_t count) {
  if (buckets.type == BucketType::kFixed) {
    return "leave out some `bucket_keys`";
  }
  return absl::StrCat(
      "set `bucket_max: ", buckets.min + static_cast<int64_t>(count) - 1, "`");
}

// The slots are the buckets in order and, if there is one more, the sum.
inline void CheckSlotCount(LayoutContext& context, const FieldConfig& field,
                           const SlotsAt& slots) {
  const BucketConfig& buckets = context.metric().buckets;
  uint64_t needed = BucketCount(buckets);
  if (slots.count < needed) {
    context.Error(field.mark,
                  absl::StrCat("the histogram has ", needed,
                               " buckets, but `slots` has ", slots.count,
                               " elements: ", BucketMend(buckets, slots.count),
                               ", or give the array ", needed + 1,
                               " (one for each bucket and one for the sum)"));
  } else if (slots.count - needed > 1) {
    context.Warn(field.mark,
                 absl::StrCat("`slots` has ", slots.count,
                              " elements, but the buckets and the sum need ",
                              needed + 1, ": the rest is not read"));
  }
}

inline void LayOutSlots(LayoutContext& context, EntryLayout& layout) {
  const FieldConfig& field = *context.metric().slots;
  layout.slots = FindSlots(context, field);
  if (layout.slots.has_value()) CheckSlotCount(context, field, *layout.slots);
}

inline void LayOutValue(LayoutContext& context, EntryLayout& layout) {
  if (context.metric().slots.has_value()) {
    LayOutSlots(context, layout);
  } else {
    LayOutNumber(context, layout);
  }
}

}  // namespace ebpf_exporter::internal

#endif  // EBPF_EXPORTER_CORE_LAYOUT_VALUE_LAYOUT_H_
