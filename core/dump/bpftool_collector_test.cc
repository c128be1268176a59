#include "core/dump/bpftool_collector.h"

#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::byte> BytesOf(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
  return {bytes, bytes + text.size()};
}

DumpedEntry Entry(std::string_view key, std::string_view value) {
  DumpedEntry entry;
  entry.offset = 10;
  entry.key = BytesOf(key);
  entry.values = BytesOf(value);
  entry.parts = {{.cpu = 0, .begin = 0, .end = value.size()}};
  return entry;
}

// A value of one byte for each of these CPUs.
DumpedEntry PerCpu(std::string_view key, std::vector<uint32_t> cpus) {
  DumpedEntry entry = Entry(key, "");
  entry.parts.clear();
  entry.per_cpu = true;
  for (uint32_t cpu : cpus) {
    const size_t at = entry.values.size();
    entry.values.push_back(static_cast<std::byte>('a' + cpu));
    entry.parts.push_back({cpu, at, at + 1});
  }
  return entry;
}

std::string Text(const std::byte* bytes, size_t size) {
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

class EntryCollectorTest : public testing::Test {
 protected:
  DumpNotes notes_;
  EntryCollector collector_{&notes_};
};

TEST_F(EntryCollectorTest, LendsEntriesSideBySide) {
  collector_.Begin({});
  collector_.Add(Entry("k1", "abc"));
  collector_.Add(Entry("k2", "def"));
  const EntryBatch batch = collector_.Lend();
  ASSERT_EQ(batch.count, 2u);
  EXPECT_EQ(batch.key_size, 2u);
  EXPECT_EQ(batch.value_size, 3u);
  EXPECT_EQ(batch.value_stride, 3u);
  EXPECT_EQ(batch.cpus, 1u);
  EXPECT_EQ(Text(batch.keys, 4), "k1k2");
  EXPECT_EQ(Text(batch.values, 6), "abcdef");
  collector_.Clear();
  EXPECT_EQ(collector_.Lend().count, 0u);
  EXPECT_EQ(collector_.Lend().key_size, 2u);
}

TEST_F(EntryCollectorTest, ValuesOfCpusAreEightBytesApartInTheirOrder) {
  collector_.Begin({});
  collector_.Add(PerCpu("k", {1, 0}));
  const EntryBatch batch = collector_.Lend();
  ASSERT_EQ(batch.count, 1u);
  EXPECT_EQ(batch.cpus, 2u);
  EXPECT_EQ(batch.value_stride, 8u);
  EXPECT_EQ(Text(batch.value(0), 16),
            std::string("a\0\0\0\0\0\0\0b\0\0\0\0\0\0\0", 16));
}

TEST_F(EntryCollectorTest, TheSameKeyTwiceIsTwoEntries) {
  collector_.Begin({});
  collector_.Add(Entry("k", "a"));
  collector_.Add(Entry("k", "b"));
  EXPECT_EQ(collector_.Lend().count, 2u);
  EXPECT_THAT(notes_.damage, IsEmpty());
}

TEST_F(EntryCollectorTest, OtherSizesAreLeftOutAndTheFirstIsNoted) {
  collector_.Begin({});
  collector_.Add(Entry("k1", "abc"));
  collector_.Add(Entry("k", "abc"));
  collector_.Add(Entry("k2", "ab"));
  collector_.Add(Entry("k3", "def"));
  EXPECT_EQ(Text(collector_.Lend().keys, 4), "k1k3");
  EXPECT_EQ(notes_.error_entries, 2u);
  EXPECT_THAT(notes_.damage,
              ElementsAre("byte 10: an entry is left out: its key has 1 bytes, "
                          "not 2"));
}

TEST_F(EntryCollectorTest, KnownSizesGoBeforeThoseOfTheFirstEntry) {
  collector_.Begin({.key = 2, .value = 3, .cpus = {}, .per_cpu = false});
  collector_.Add(Entry("k", "abc"));
  collector_.Add(Entry("k1", "a"));
  collector_.Add(Entry("k2", "abc"));
  EXPECT_EQ(collector_.Lend().count, 1u);
  EXPECT_EQ(notes_.error_entries, 2u);
}

TEST_F(EntryCollectorTest, IncompleteEntriesDoNotTellSizes) {
  collector_.Begin({});
  DumpedEntry no_value = Entry("long key", "");
  no_value.parts.clear();
  collector_.Add(no_value);
  collector_.Add(Entry("key without bytes in its value", ""));
  collector_.Add(PerCpu("other", {0, 2}));
  collector_.Add(Entry("k", "a"));
  EXPECT_EQ(collector_.Lend().count, 1u);
  EXPECT_EQ(collector_.sizes().key, 1u);
  EXPECT_EQ(notes_.error_entries, 3u);
  EXPECT_THAT(notes_.damage,
              ElementsAre("byte 10: an entry is left out: it has no value"));
}

TEST_F(EntryCollectorTest, CpusMustBeThoseOfTheMapOnceEach) {
  struct {
    std::vector<uint32_t> cpus;
    std::string_view damage;
  } const rows[] = {
      {{0}, "its value of CPU 1 is missing"},
      {{1}, "its value of CPU 0 is missing"},
      {{0, 0}, "it has a value too many, of CPU 0"},
      {{0, 1, 2}, "it has a value too many, of CPU 2"},
      {{0, 65535}, "it has a value too many, of CPU 65535"},
  };
  for (const auto& row : rows) {
    notes_ = DumpNotes();
    collector_.Begin({});
    collector_.Add(PerCpu("k", {0, 1}));
    collector_.Add(PerCpu("l", row.cpus));
    EXPECT_EQ(collector_.Lend().count, 1u);
    EXPECT_THAT(notes_.damage, ElementsAre("byte 10: an entry is left out: " +
                                           std::string(row.damage)));
  }
}

TEST_F(EntryCollectorTest, PerCpuValuesAreNotMixedWithOthers) {
  collector_.Begin({});
  collector_.Add(Entry("k", "a"));
  collector_.Add(PerCpu("l", {0}));
  EXPECT_EQ(collector_.Lend().count, 1u);
  EXPECT_THAT(notes_.damage,
              ElementsAre("byte 10: an entry is left out: it mixes per-CPU "
                          "values with others"));
}

TEST_F(EntryCollectorTest, UnreadableEntriesAreCountedAlone) {
  collector_.Begin({});
  DumpedEntry failed = Entry("k", "");
  failed.unreadable = true;
  collector_.Add(failed);
  EXPECT_EQ(collector_.Lend().count, 0u);
  EXPECT_EQ(notes_.error_entries, 1u);
  EXPECT_THAT(notes_.damage, IsEmpty());
}

TEST_F(EntryCollectorTest, EachMapHasItsOwnSizes) {
  collector_.Begin({});
  collector_.Add(Entry("k", "a"));
  collector_.Begin({});
  collector_.Add(Entry("key", "value"));
  EXPECT_EQ(collector_.Lend().count, 1u);
  EXPECT_EQ(collector_.Lend().key_size, 3u);
}

TEST_F(EntryCollectorTest, IsFullAtAThousandEntriesOrAMegabyte) {
  collector_.Begin({});
  for (int i = 0; i < 1023; ++i) collector_.Add(Entry("k", "a"));
  EXPECT_FALSE(collector_.full());
  collector_.Add(Entry("k", "a"));
  EXPECT_TRUE(collector_.full());
  collector_.Begin({});
  collector_.Add(Entry("k", std::string(1 << 20, 'a')));
  EXPECT_TRUE(collector_.full());
}

}  // namespace
}  // namespace ebpf_exporter
