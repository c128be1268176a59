#include "core/dump/bpftool_entry.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(DumpedEntryTest, ClearForgetsAll) {
  DumpedEntry entry;
  entry.offset = 9;
  entry.key = {std::byte{1}};
  entry.values = {std::byte{2}};
  entry.parts = {{.cpu = 3, .begin = 0, .end = 1}};
  entry.per_cpu = true;
  entry.unreadable = true;
  entry.Clear();
  EXPECT_EQ(entry.offset, 0u);
  EXPECT_TRUE(entry.key.empty());
  EXPECT_TRUE(entry.values.empty());
  EXPECT_TRUE(entry.parts.empty());
  EXPECT_FALSE(entry.per_cpu);
  EXPECT_FALSE(entry.unreadable);
}

}  // namespace
}  // namespace ebpf_exporter
