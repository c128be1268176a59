// What bpftool itself has printed, in each of its forms, gives the entries that
// were put into the maps.

#include <bit>
#include <map>
#include <string>
#include <string_view>

#include "core/dump/bpftool_exercise.h"
#include "core/layout/btf.h"
#include "core/layout/btf_maps.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Little-endian, as the machine that was recorded.
std::string Number(uint64_t value, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i)));
  }
  return bytes;
}

std::string DiskKey(std::string name, uint8_t op, uint64_t slot) {
  name.resize(32);
  return name + Number(op, 8) + Number(slot, 8);
}

// Bytes that count up from `first`.
std::string CountUp(int first, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(first + i));
  return bytes;
}

using Entries = std::map<std::string, std::vector<std::string>>;

const std::map<std::string, Entries>& Expected() {
  static const auto* const kExpected = new std::map<std::string, Entries>{
      {"disk_latency",
       {{DiskKey("sda", 1, 3), {Number(7, 8)}},
        {DiskKey("nvme0n1", 0, 27), {Number(~uint64_t{0}, 8)}},
        {DiskKey("sd\"b\\c", 2, 0), {Number(9007199254740993u, 8)}},
        {DiskKey("\xff\x01x", 3, 5), {Number(18, 8)}},
        {DiskKey(std::string(32, 'a'), 4, 1), {Number(9, 8)}}}},
      {"per_cpu_count",
       {{Number(1, 4), {Number(5, 4), Number(0xffffffff, 4)}},
        {Number(2, 4), {Number(0, 4), Number(1, 4)}},
        {Number(0xdeadbeef, 4), {Number(10, 4), Number(20, 4)}}}},
      {"plain_small",
       {{Number(15, 4), {Number(1, 8)}},
        {Number(16, 4), {Number(~uint64_t{0}, 8)}}}},
      {"plain_middle", {{CountUp(0, 12), {CountUp(0, 16)}}}},
      {"plain_long",
       {{CountUp(0, 20), {CountUp(0, 40)}},
        {CountUp(20, 20), {CountUp(200, 40)}}}},
      {"plain_empty", {}},
      {"enumerated",
       {{Number(1, 4), {Number(5, 8)}}, {Number(9, 4), {Number(6, 8)}}}},
      {"bitfields", {{Number(1, 4), {Number(0xaa, 4)}}}},
      {"unions", {{Number(1, 4), {Number(3, 4) + Number(0x01020304, 4)}}}},
      {"bss", {{Number(0, 4), {Number(0, 8)}}}},
  };
  return *kExpected;
}

DumpOptions WithTypes() {
  absl::StatusOr<Btf> btf = Btf::Parse(RecordedDump("recorded.btf"));
  EXPECT_TRUE(btf.ok()) << btf.status();
  DumpOptions options;
  options.endian = std::endian::little;
  options.shapes = *MapShapes(*btf);
  EXPECT_THAT(options.shapes, SizeIs(12));
  return options;
}

PlainDump Read(const std::string& name, const std::string& file) {
  DumpOptions options = WithTypes();
  options.map_name = name;
  return ReadWhole(RecordedDump(file), options);
}

Entries AsMap(const PlainMap& map) {
  Entries entries;
  for (const PlainEntry& entry : map.entries) entries[entry.key] = entry.values;
  return entries;
}

void ExpectEntries(const std::string& name, const std::string& file) {
  const PlainDump dump = Read(name, file);
  ASSERT_TRUE(dump.status.ok()) << file << ": " << dump.status;
  ASSERT_THAT(dump.maps, SizeIs(1)) << file;
  EXPECT_EQ(dump.maps[0].name, name);
  EXPECT_EQ(AsMap(dump.maps[0]), Expected().at(name)) << file;
  EXPECT_EQ(dump.maps[0].entries.size(), Expected().at(name).size()) << file;
  EXPECT_EQ(dump.error_entries, 0u);
  EXPECT_THAT(dump.damage, IsEmpty());
}

TEST(RecordedTest, JsonGivesWhatWasInTheMaps) {
  for (const auto& [name, entries] : Expected()) {
    ExpectEntries(name, name + ".json");
    ExpectEntries(name, name + ".pretty.json");
  }
}

TEST(RecordedTest, TextGivesWhatWasInTheMaps) {
  for (const char* name :
       {"plain_small", "plain_middle", "plain_long", "plain_empty"}) {
    ExpectEntries(name, std::string(name) + ".txt");
  }
}

TEST(RecordedTest, PrintedTypesGiveWhatWasInTheMaps) {
  ExpectEntries("disk_latency", "disk_latency.txt");
  ExpectEntries("per_cpu_count", "per_cpu_count.txt");
}

// The three forms of one dump agree, entry by entry.
TEST(RecordedTest, AllFormsAgree) {
  for (const auto& [name, file] :
       std::map<std::string, std::string>{{"rich", "rich"},
                                          {"plain_percpu", "plain_percpu"},
                                          {"plain_wide", "plain_wide"},
                                          {"disk_latency", "disk_latency"}}) {
    const PlainDump json = Read(name, file + ".json");
    ASSERT_TRUE(json.status.ok()) << json.status;
    ASSERT_THAT(json.maps, SizeIs(1));
    EXPECT_GE(json.maps[0].entries.size(), 5u);
    for (const char* form : {".pretty.json", ".txt"}) {
      const PlainDump other = Read(name, file + form);
      EXPECT_TRUE(other.status.ok()) << file << form << ": " << other.status;
      EXPECT_EQ(other.maps, json.maps) << file << form;
    }
  }
}

TEST(RecordedTest, CpusOfAnArrayAreApart) {
  const PlainDump dump = Read("plain_wide", "plain_wide.txt");
  ASSERT_THAT(dump.maps, SizeIs(1));
  ASSERT_THAT(dump.maps[0].entries, SizeIs(16));
  EXPECT_THAT(dump.maps[0].entries[1].values,
              ElementsAre(CountUp(0, 20), CountUp(21, 20)));
}

// `"""` and `"\"`, in arrays and in structs, where the map's bytes hold them.
TEST(RecordedTest, CharsThatAreQuotesAreSurvivedAndRead) {
  const Entries rich = AsMap(Read("rich", "rich.json").maps.at(0));
  for (const char* form : {".json", ".pretty.json", ".txt"}) {
    const std::string file = std::string("rich_chars") + form;
    const PlainDump dump = Read("rich", file);
    ASSERT_TRUE(dump.status.ok()) << file << ": " << dump.status;
    EXPECT_EQ(AsMap(dump.maps.at(0)), rich) << file;
  }
}

TEST(RecordedTest, SeveralMapsAreTold) {
  for (const char* file :
       {"several.json", "several.pretty.json", "several.txt"}) {
    const PlainDump dump = Read("", file);
    ASSERT_TRUE(dump.status.ok()) << file << ": " << dump.status;
    ASSERT_THAT(dump.maps, SizeIs(2)) << file;
    for (const PlainMap& map : dump.maps) {
      EXPECT_EQ(map.name, "plain_small");
      EXPECT_EQ(map.type, MapType::kHash);
      EXPECT_EQ(AsMap(map), Expected().at("plain_small"));
    }
  }
}

TEST(RecordedTest, SeveralPrintedMapsFindTheirTypesByName) {
  for (const char* file :
       {"several_btf.json", "several_btf.pretty.json", "several_btf.txt"}) {
    const PlainDump dump = Read("", file);
    ASSERT_TRUE(dump.status.ok()) << file << ": " << dump.status;
    ASSERT_THAT(dump.maps, SizeIs(2)) << file;
    for (const PlainMap& map : dump.maps) {
      EXPECT_EQ(map.type, MapType::kPerCpuHash);
      EXPECT_EQ(AsMap(map), Expected().at("per_cpu_count"));
    }
  }
}

TEST(RecordedTest, FailedLookupsAreCounted) {
  for (const char* name : {"failing", "no_entry"}) {
    for (const char* form : {".json", ".pretty.json", ".txt"}) {
      const PlainDump dump = Read("", std::string(name) + form);
      EXPECT_TRUE(dump.status.ok()) << name << form << ": " << dump.status;
      ASSERT_THAT(dump.maps, SizeIs(1));
      EXPECT_THAT(dump.maps[0].entries, IsEmpty());
      EXPECT_EQ(dump.error_entries, 2u) << name << form;
    }
  }
}

TEST(RecordedTest, WhatCannotBeReadBackSaysWhy) {
  const std::map<std::string, std::string> messages = {
      {"enumerated", "`OP_WRITE`, a name without its number"},
      {"bitfields", "`low` is not a member, or is a bitfield"},
      {"unions", "`` is a union (anonymous), whose bytes are not all printed"},
      {"bss", "the object has no map `bss`, or dump with `bpftool -j`"},
  };
  for (const auto& [name, message] : messages) {
    const PlainDump dump = Read(name, name + ".txt");
    EXPECT_THAT(std::string(dump.status.message()), HasSubstr(message)) << name;
  }
}

TEST(RecordedTest, WithoutTypesThePrintedFormSaysWhatToGive) {
  const PlainDump dump = ReadWhole(RecordedDump("disk_latency.txt"));
  EXPECT_EQ(dump.status.message(),
            "byte 1: an entry cannot be read: printed by its BTF, without raw "
            "bytes: give the object with the map's types (--object), or dump "
            "with `bpftool -j`");
}

TEST(RecordedTest, BpftoolsOwnErrorIsShown) {
  EXPECT_EQ(ReadWhole(RecordedDump("refused.json")).status.message(),
            "byte 9: no dump, but an error of bpftool's: get map by id (1): No "
            "such file or directory");
}

}  // namespace
}  // namespace ebpf_exporter
