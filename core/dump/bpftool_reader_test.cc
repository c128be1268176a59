#include "core/dump/bpftool_reader.h"

#include <memory>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;

// Plays a script: `m` a map, `e` an entry, `E` an entry of another size, `.`
// the end of what is read, `!` damage.
class ScriptParser {
 public:
  ScriptParser(std::unique_ptr<ByteSource> source, const DumpOptions&)
      : source_(std::move(source)) {}

  DumpStep NextMap(DumpedMap& map) {
    map.shape.name = "m";
    return Next('m');
  }
  DumpStep NextEntry(DumpedEntry& entry) {
    const DumpStep step = Next('e');
    entry.key.resize(letter_ == 'E' ? 2 : 1);
    entry.values.resize(8);
    entry.parts = {{0, 0, 8}};
    return step;
  }
  absl::Status status() const { return absl::DataLossError("broken"); }

 private:
  DumpStep Next(char wanted) {
    EXPECT_TRUE(source_->Read(std::span(&letter_, 1)).ok());
    if (letter_ == '!') return DumpStep::kDamage;
    if (letter_ == '.') return DumpStep::kEnd;
    EXPECT_EQ(letter_ | 0x20, wanted);
    return DumpStep::kNext;
  }

  std::unique_ptr<ByteSource> source_;
  char letter_ = 0;
};
static_assert(DumpParser<ScriptParser>);

// What the reader does with a script: `m1` a map whose keys have a byte, `+3` a
// batch of three, `.` the end, `!` an error.
std::string Played(std::string script, bool lenient = false,
                   DumpNotes* notes = nullptr) {
  DumpOptions options;
  options.lenient = lenient;
  BpftoolReader<ScriptParser> reader(
      std::make_unique<StringSource>(std::move(script)), options);
  std::string played;
  while (true) {
    absl::StatusOr<const DumpedMap*> map = reader.NextMap();
    if (!map.ok()) return played + "!";
    if (*map == nullptr) break;
    played += "m" + std::to_string((*map)->shape.key_size);
    while (true) {
      absl::StatusOr<EntryBatch> batch = reader.NextBatch();
      if (!batch.ok()) return played + "!";
      if (batch->count == 0) break;
      played += "+" + std::to_string(batch->count);
    }
  }
  if (notes != nullptr) *notes = reader.notes();
  return played + ".";
}

TEST(BpftoolReaderTest, GivesMapsAndTheirEntries) {
  EXPECT_EQ(Played("."), ".");
  EXPECT_EQ(Played("m.."), "m0.");
  EXPECT_EQ(Played("mee.."), "m1+2.");
  EXPECT_EQ(Played("me.m.mEE.."), "m1+1m0m2+2.");
}

TEST(BpftoolReaderTest, LongMapsComeInBatches) {
  EXPECT_EQ(Played("m" + std::string(1030, 'e') + ".."), "m1+1024+6.");
}

TEST(BpftoolReaderTest, WhatPrecedesDamageIsGiven) {
  EXPECT_EQ(Played("!"), "!");
  EXPECT_EQ(Played("m!"), "!");
  EXPECT_EQ(Played("mee!"), "m1+2!");
  EXPECT_EQ(Played("mee.!"), "m1+2!");
  EXPECT_EQ(Played("m" + std::string(1025, 'e') + "!"), "m1+1024+1!");
}

TEST(BpftoolReaderTest, LenientlyDamageIsANote) {
  DumpNotes notes;
  EXPECT_EQ(Played("m!", true, &notes), "m0.");
  EXPECT_THAT(notes.damage, ElementsAre("the rest is not read: broken"));
  EXPECT_EQ(Played("mee!", true, &notes), "m1+2.");
  EXPECT_EQ(Played("mee.!", true, &notes), "m1+2.");
  EXPECT_EQ(Played("!", true, &notes), ".");
  EXPECT_THAT(notes.damage, ElementsAre("the rest is not read: broken"));
}

TEST(BpftoolReaderTest, NextMapSkipsWhatIsLeft) {
  BpftoolReader<ScriptParser> reader(
      std::make_unique<StringSource>("m" + std::string(5000, 'e') + ".mE.."),
      DumpOptions());
  ASSERT_NE(*reader.NextMap(), nullptr);
  ASSERT_EQ((*reader.NextBatch()).count, 1024u);
  const absl::StatusOr<const DumpedMap*> second = reader.NextMap();
  ASSERT_NE(*second, nullptr);
  EXPECT_EQ((*second)->shape.key_size, 2u);
  EXPECT_EQ((*reader.NextBatch()).count, 1u);
  EXPECT_EQ((*reader.NextBatch()).count, 0u);
  EXPECT_EQ((*reader.NextBatch()).count, 0u);
  EXPECT_EQ(*reader.NextMap(), nullptr);
  EXPECT_EQ(*reader.NextMap(), nullptr);
}

TEST(BpftoolReaderTest, TheUsersByteOrderIsTheMaps) {
  DumpOptions options;
  options.endian = std::endian::big;
  BpftoolReader<ScriptParser> reader(std::make_unique<StringSource>("m.."),
                                     options);
  EXPECT_EQ((*reader.NextMap())->endian, std::endian::big);
}

}  // namespace
}  // namespace ebpf_exporter
