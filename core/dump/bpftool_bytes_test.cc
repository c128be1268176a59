#include "core/dump/bpftool_bytes.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

DumpCursor CursorOver(std::string_view text) {
  return DumpCursor(std::make_unique<StringSource>(std::string(text)));
}

std::vector<int> Ints(const std::vector<std::byte>& bytes) {
  std::vector<int> ints;
  for (std::byte b : bytes) ints.push_back(std::to_integer<int>(b));
  return ints;
}

TEST(ReadByteArrayTest, ReadsBytes) {
  struct {
    std::string_view text;
    std::vector<int> bytes;
  } const rows[] = {
      {"[]", {}},
      {"[ ]", {}},
      {R"(["0x0f"])", {15}},
      {R"(["0x0f","0x00","0xff"])", {15, 0, 255}},
      {R"(["0xA","0xFf"])", {10, 255}},
      {"[\"0x0f\", \"0x01\"\n  ]", {15, 1}},
      {"[15,0,255]", {15, 0, 255}},
      {"[0x0f]", {15}},
      {R"(["0x01",2])", {1, 2}},
  };
  for (const auto& row : rows) {
    DumpCursor in = CursorOver(row.text);
    std::vector<std::byte> bytes;
    EXPECT_TRUE(ReadByteArray(in, bytes)) << in.status();
    EXPECT_EQ(Ints(bytes), row.bytes) << row.text;
    EXPECT_EQ(in.offset(), row.text.size());
  }
}

TEST(ReadByteArrayTest, RefusesWhatIsNoByte) {
  struct {
    std::string_view text;
    std::string_view message;
  } const rows[] = {
      {R"(["0x0f","0x100"])",
       "byte 8: `0x100` is not a byte of a key or a value"},
      {R"(["zz"])", "byte 1: `zz` is not a byte of a key or a value"},
      {R"(["15"])", "byte 1: `15` is not a byte of a key or a value"},
      {R"(["0x"])", "byte 1: `0x` is not a byte of a key or a value"},
      {R"(["0x-1"])", "byte 1: `0x-1` is not a byte of a key or a value"},
      {"[256]", "byte 1: `256` is not a byte of a key or a value"},
      {"[-1]", "byte 1: `-1` is not a byte of a key or a value"},
      {"[1.5]", "byte 1: `1.5` is not a byte of a key or a value"},
      {R"(["\u001b[31m"])",
       "byte 1: `\\x1b[31m` is not a byte of a key or a value"},
      {R"(["0x0f",)",
       "byte 8: the dump ends here, where a value should come: it was cut "
       "short"},
      {R"(["0x0f")",
       "byte 7: the dump ends here, where a comma should come: it was cut "
       "short"},
      {R"(["0x0f",])", "byte 8: expected a value, found `]`"},
      {"5", "byte 0: expected an array of bytes, found `5`"},
  };
  for (const auto& row : rows) {
    DumpCursor in = CursorOver(row.text);
    std::vector<std::byte> bytes;
    EXPECT_FALSE(ReadByteArray(in, bytes)) << row.text;
    EXPECT_EQ(in.status().message(), row.message);
  }
}

TEST(ReadByteArrayTest, LongArraysAreReadWholly) {
  std::string text = "[";
  std::vector<int> expected;
  for (int i = 0; i < 5000; ++i) {
    expected.push_back(i % 256);
    absl::StrAppend(&text, i > 0 ? "," : "", "\"0x",
                    absl::Hex(i % 256, absl::kZeroPad2), "\"");
  }
  DumpCursor in = CursorOver(text + "]");
  std::vector<std::byte> bytes;
  EXPECT_TRUE(ReadByteArray(in, bytes)) << in.status();
  EXPECT_EQ(Ints(bytes), expected);
}

TEST(SeesByteArrayTest, TellsBytesFromPrintedValues) {
  struct {
    std::string_view text;
    bool with_numbers;
    bool without;
  } const rows[] = {
      {R"(["0x0f"])", true, true},  {"[\n  \"0x0f\"", true, true},
      {"[]", true, true},           {"[1,2]", true, false},
      {"[-1]", false, false},       {R"(["a","b"])", false, false},
      {R"(["sda"])", false, false}, {"5", false, false},
      {"{", false, false},          {"\"0x0f\"", false, false},
      {"[[1]]", false, false},      {"[", false, false},
  };
  for (const auto& row : rows) {
    DumpCursor in = CursorOver(row.text);
    EXPECT_EQ(SeesByteArray(in, true), row.with_numbers) << row.text;
    EXPECT_EQ(SeesByteArray(in, false), row.without) << row.text;
    EXPECT_EQ(in.offset(), 0u);
  }
}

}  // namespace
}  // namespace ebpf_exporter
