#include "core/dump/bpftool_text_entry.h"

#include <memory>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Text(const std::vector<std::byte>& bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

struct Row {
  std::string_view text;
  std::string_view key;
  std::string_view values;  // of all CPUs
  size_t parts;
  bool unreadable;
  std::string_view rest;  // what follows
};

TEST(ReadTextEntryTest, ReadsAnEntryAndNoMore) {
  const Row rows[] = {
      {"key: 61 62  value: 31 32\nkey: 63", "ab", "12", 1, false, "key: 63"},
      {"key: 61\nvalue: 31 32\nFound 1 element", "a", "12", 1, false, "Found"},
      {"key:\n61 62  63\n64\nvalue:\n31 32\n33\n,{", "abcd", "123", 1, false,
       ",{"},
      {"key:\n61\nvalue (CPU 00): 31\nvalue (CPU 01):\n32\nkey:", "a", "12", 2,
       false, "key:"},
      {"key: 61  value: <no entry>\nkey:", "a", "", 0, true, "\nkey:"},
      {"key:\n61\nvalue:\nUnknown error 524\nkey:", "a", "", 0, true, "\nkey:"},
      {"key: 61  value: Bad address\n]", "a", "", 0, true, "\n]"},
      {"key: 61  id: 7\nkey:", "a", "", 0, false, "\nkey:"},
      {"value: 31\nvalue: 32\n", "", "1", 1, false, "value: 32"},
  };
  for (const Row& row : rows) {
    DumpCursor in(std::make_unique<StringSource>(std::string(row.text)));
    DumpedEntry entry;
    ASSERT_TRUE(ReadTextEntry(in, entry)) << in.status();
    EXPECT_EQ(Text(entry.key), row.key) << row.text;
    EXPECT_EQ(Text(entry.values), row.values) << row.text;
    EXPECT_EQ(entry.parts.size(), row.parts) << row.text;
    EXPECT_EQ(entry.per_cpu, row.parts > 1);
    EXPECT_EQ(entry.unreadable, row.unreadable) << row.text;
    EXPECT_TRUE(in.Sees(row.rest)) << row.text << " at " << in.offset();
  }
}

TEST(ReadTextEntryTest, RefusesWhatIsNone) {
  for (std::string_view text : {"", "key:", "key: 61", "key: 61 zz", "value",
                                "key: 61\nvalue (CPU 1: 31", "kex: 61"}) {
    DumpCursor in(std::make_unique<StringSource>(std::string(text)));
    DumpedEntry entry;
    EXPECT_FALSE(ReadTextEntry(in, entry)) << text;
    EXPECT_FALSE(in.ok());
  }
}

}  // namespace
}  // namespace ebpf_exporter
