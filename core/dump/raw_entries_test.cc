#include "core/dump/raw_entries.h"

#include <memory>
#include <string>
#include <string_view>

#include "core/dump/bpftool_exercise.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;

DumpOptions Sizes(uint32_t key, uint32_t value) {
  DumpOptions options;
  options.key_size = key;
  options.value_size = value;
  return options;
}

// `k=v` of all entries, and the error.
std::string Read(std::string_view bytes, const DumpOptions& options,
                 DumpNotes* notes = nullptr) {
  RawReader reader(std::make_unique<PieceSource>(std::string(bytes), 7),
                   options);
  absl::StatusOr<const DumpedMap*> map = reader.NextMap();
  if (!map.ok()) return std::string(map.status().message());
  PlainMap plain;
  absl::Status status = ReadMap(reader, plain);
  std::string read;
  for (const PlainEntry& entry : plain.entries) {
    read += entry.key + "=";
    for (const std::string& value : entry.values) read += value + "/";
  }
  if (notes != nullptr) *notes = reader.notes();
  EXPECT_TRUE(!status.ok() || *reader.NextMap() == nullptr);
  return read + std::string(status.message());
}

TEST(RawReaderTest, CutsTheBytesBySizes) {
  EXPECT_EQ(Read("", Sizes(1, 2)), "");
  EXPECT_EQ(Read("a11b22", Sizes(1, 2)), "a=11/b=22/");
  EXPECT_EQ(Read("1122", Sizes(0, 2)), "=11/=22/");
}

TEST(RawReaderTest, ValuesOfCpusAreEightBytesApart) {
  DumpOptions options = Sizes(1, 2);
  options.cpus = 2;
  EXPECT_EQ(Read("a11......22......b33......44......", options),
            "a=11/22/b=33/44/");
  options.cpus = 1;
  EXPECT_EQ(Read("a11......", options), "a=11/");
}

TEST(RawReaderTest, TheMapIsWhatTheUserSays) {
  DumpOptions options = Sizes(1, 2);
  options.map_name = "m";
  options.endian = std::endian::big;
  options.cpus = 4;
  RawReader reader(std::make_unique<StringSource>(""), options);
  const absl::StatusOr<const DumpedMap*> map = reader.NextMap();
  ASSERT_TRUE(map.ok());
  EXPECT_EQ((*map)->shape.name, "m");
  EXPECT_EQ((*map)->shape.key_size, 1u);
  EXPECT_EQ((*map)->shape.value_size, 2u);
  EXPECT_TRUE(IsPerCpu((*map)->shape.type));
  EXPECT_EQ((*map)->endian, std::endian::big);
}

TEST(RawReaderTest, ARestIsDamage) {
  EXPECT_EQ(Read("a11b2", Sizes(1, 2)),
            "a=11/byte 3: the last 2 bytes are not an entry, which has 3");
  DumpOptions options = Sizes(1, 2);
  options.lenient = true;
  DumpNotes notes;
  EXPECT_EQ(Read("a11b2", options, &notes), "a=11/");
  EXPECT_THAT(notes.damage, ElementsAre("byte 3: the last 2 bytes are not an "
                                        "entry, which has 3"));
}

TEST(RawReaderTest, SizesMustMakeSense) {
  EXPECT_EQ(Read("a", Sizes(1, 0)),
            "raw entries of 1 bytes: give the sizes of key and value");
  EXPECT_EQ(Read("a", Sizes(1, 0xffffffff)),
            "raw entries of 4294967296 bytes: give the sizes of key and value");
  DumpOptions options = Sizes(1, 8);
  options.cpus = 0;
  EXPECT_EQ(Read("a", options),
            "raw entries of 1 bytes: give the sizes of key and value");
  options.cpus = 0xffffffff;
  EXPECT_EQ(
      Read("a", options),
      "raw entries of 34359738361 bytes: give the sizes of key and value");
}

TEST(RawReaderTest, LongDumpsComeInBatches) {
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += std::to_string(100'000 + i);
  RawReader reader(std::make_unique<StringSource>(bytes), Sizes(2, 4));
  ASSERT_TRUE(reader.NextMap().ok());
  PlainMap map;
  absl::StatusOr<EntryBatch> first = reader.NextBatch();
  ASSERT_TRUE(first.ok());
  EXPECT_LE(first->count * 6, 256u * 1024);
  AppendEntries(*first, map);
  ASSERT_TRUE(ReadMap(reader, map).ok());
  ASSERT_EQ(map.entries.size(), 300'000u);
  EXPECT_EQ(map.entries.back(), (PlainEntry{"39", {"9999"}}));
}

}  // namespace
}  // namespace ebpf_exporter
