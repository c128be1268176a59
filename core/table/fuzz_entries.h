// Any metric, map and entries, dealt from a fuzzer's input; for table_fuzz.cc.

#ifndef EBPF_EXPORTER_CORE_TABLE_FUZZ_ENTRIES_H_
#define EBPF_EXPORTER_CORE_TABLE_FUZZ_ENTRIES_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "core/config/config.h"
#include "core/decode/decoders.h"
#include "core/layout/shape.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {

inline DecoderConfig AnyDecoderConfig(FuzzInput& input) {
  DecoderConfig decoder;
  decoder.name = AnyDecoder::kNames[input.Below(AnyDecoder::kNames.size())];
  decoder.has_regexps = true;
  decoder.regexps = {"[1-9a-z]"};
  decoder.has_static_map = true;
  decoder.static_map = {{"0", "zero"}, {"1", "zero"}, {"", "nothing"}};
  decoder.allow_unknown = input.Coin();
  return decoder;
}

inline std::optional<FieldConfig> AnyField(FuzzInput& input) {
  constexpr uint32_t kSizes[] = {8, 1, 2, 4, 3, 0};
  const size_t form = input.Below(3);
  if (form == 0) return std::nullopt;
  FieldConfig field;
  if (form == 1) {
    field.member = std::string("m") + static_cast<char>('0' + input.Below(4));
    return field;
  }
  field.offset = input.Byte() / 8;
  field.size = kSizes[input.Below(std::size(kSizes))];
  field.count = static_cast<uint32_t>(input.Below(8));
  field.is_signed = input.Coin();
  return field;
}

inline MetricConfig AnyMetric(FuzzInput& input) {
  MetricConfig metric;
  metric.name = "m";
  metric.table = "map";
  metric.kind = static_cast<MetricKind>(input.Below(3));
  for (size_t count = input.Below(5); count > 0; --count) {
    LabelConfig& label = metric.labels.emplace_back();
    // Names descend, so that the order of the key is not that of the text.
    label.name = std::string("l") + static_cast<char>('0' + count);
    label.size = static_cast<uint32_t>(input.Below(18));
    label.padding = static_cast<uint32_t>(input.Below(8)) / 4;
    for (size_t steps = 1 + input.Below(2); steps > 0; --steps) {
      label.decoders.push_back(AnyDecoderConfig(input));
    }
  }
  if (metric.kind != MetricKind::kHistogram) {
    metric.value = AnyField(input);
    return metric;
  }
  metric.slots = AnyField(input);
  metric.buckets.type = static_cast<BucketType>(input.Below(4));
  metric.buckets.min = static_cast<int64_t>(input.Below(3));
  metric.buckets.max = static_cast<int64_t>(input.Below(8));
  metric.buckets.keys = {1, 2, 5};
  return metric;
}

// Members one after another, with holes, now and then beyond the end.
inline TypeShape AnyShape(FuzzInput& input, uint32_t size) {
  constexpr uint32_t kElements[] = {1, 2, 4, 8, 3, 16};
  TypeShape shape{.name = "struct s", .size = size, .members = {}};
  if (input.Below(16) == 15) shape.size += 1;
  uint32_t offset = 0;
  for (size_t i = 0; i < 4 && offset < size; ++i) {
    Member member{.name = std::string("m") + static_cast<char>('0' + i),
                  .type = "T"};
    member.kind = static_cast<MemberKind>(input.Below(7));
    member.element_size = kElements[input.Below(std::size(kElements))];
    const bool array =
        member.kind == MemberKind::kArray || member.kind == MemberKind::kChars;
    member.count = array ? static_cast<uint32_t>(input.Below(9)) : 1;
    member.size = member.element_size * member.count;
    member.offset = offset + static_cast<uint32_t>(input.Below(8)) / 4;
    member.element_signed = member.kind == MemberKind::kSigned;
    offset = member.offset + member.size;
    shape.members.push_back(std::move(member));
  }
  return shape;
}

inline MapShape AnyMap(FuzzInput& input, const MetricConfig& metric) {
  constexpr MapType kTypes[] = {MapType::kHash, MapType::kPerCpuHash,
                                MapType::kArray, MapType::kPerCpuArray,
                                MapType::kRingBuf};
  MapShape map;
  map.name = "map";
  map.type = kTypes[input.Below(std::size(kTypes))];
  map.max_entries = 16;
  for (const LabelConfig& label : metric.labels) {
    map.key_size += label.size + label.padding;
  }
  const size_t other = input.Below(64);
  if (other > 32) map.key_size = static_cast<uint32_t>(other);
  map.value_size = 8;
  if (input.Coin()) map.value_size = static_cast<uint32_t>(input.Below(72));
  if (input.Coin()) map.key = AnyShape(input, map.key_size);
  if (input.Coin()) map.value = AnyShape(input, map.value_size);
  return map;
}

// Entries of one walk, in memory of just their size.
struct Walk {
  std::string keys;
  std::string values;
  size_t count = 0;
  uint32_t stride = 0;
  uint32_t cpus = 1;
};

// Few values of bytes, so that keys meet.
inline std::string FewBytes(FuzzInput& input, size_t size) {
  std::string bytes(input.Bytes(size));
  bytes.resize(size);
  return bytes;
}

inline Walk AnyWalk(FuzzInput& input, const MapShape& map, uint32_t cpus) {
  Walk walk;
  walk.count = input.Below(6);
  walk.cpus = cpus;
  walk.stride = map.value_size;
  if (IsPerCpu(map.type)) walk.stride = (map.value_size + 7) / 8 * 8;
  for (size_t i = 0; i < walk.count; ++i) {
    std::string key = FewBytes(input, map.key_size);
    const bool like_another = i > 0 && input.Coin();
    if (like_another) {
      key = walk.keys.substr(0, map.key_size);
      if (!key.empty()) key[input.Below(key.size())] = '1';
    }
    walk.keys += key;
    walk.values += FewBytes(input, size_t{walk.stride} * cpus);
  }
  return walk;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_FUZZ_ENTRIES_H_
