// A few records of a kernel that is not there, for tests of the translator.

#ifndef EBPF_EXPORTER_CORE_INLINE_FAKE_KERNEL_H_
#define EBPF_EXPORTER_CORE_INLINE_FAKE_KERNEL_H_

#include <map>
#include <string>
#include <string_view>

#include "core/inline/records.h"

namespace ebpf_exporter {

// struct request { sector_t sector; struct request_queue *q; struct bio *bio;
//                  unsigned int bits : 3; int numbers[4];
//                  union shared shared; };
// union shared { long number; struct gendisk *disk; };
// struct request_queue { struct gendisk *disk; struct kobject kobj; };
// struct gendisk { char name[32]; int major; };
// struct kobject { const char *label; struct gendisk *owner; };
inline RecordAnswer FakeMember(const std::string& record,
                               std::string_view member) {
  using Kind = RecordMember::Kind;
  using Members = std::map<std::string, RecordMember, std::less<>>;
  static const std::map<std::string, Members> kRecords = {
      {"request",
       {{"sector", {Kind::kValue, ""}},
        {"q", {Kind::kPointer, "request_queue"}},
        {"bio", {Kind::kPointer, "bio"}},
        {"bits", {Kind::kBitField, ""}},
        {"numbers", {Kind::kArray, ""}},
        {"shared", {Kind::kRecord, "shared"}}}},
      {"shared",
       {{"number", {Kind::kValue, "", true}},
        {"disk", {Kind::kPointer, "gendisk", true}}}},
      {"request_queue",
       {{"disk", {Kind::kPointer, "gendisk"}},
        {"kobj", {Kind::kRecord, "kobject"}}}},
      {"gendisk",
       {{"name", {Kind::kArray, ""}}, {"major", {Kind::kValue, ""}}}},
      {"kobject",
       {{"label", {Kind::kValue, ""}}, {"owner", {Kind::kPointer, "gendisk"}}}},
  };
  const auto found = kRecords.find(record);
  if (found == kRecords.end()) return {};
  const auto known = found->second.find(member);
  if (known == found->second.end()) return {true, {}};
  return {true, known->second};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_FAKE_KERNEL_H_
