#include "core/dump/bpftool_json_entry.h"

#include <memory>
#include <string>
#include <string_view>

#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Text(const std::vector<std::byte>& bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

MapShape Shape() {
  return MapFor(ShapeFor("char[2]", 2, {Chars("", 0, 2)}),
                ShapeFor("char[1]", 1, {Chars("", 0, 1)}));
}

// `key=value/value`, `unreadable`, or the error.
std::string Read(std::string_view text, const MapShape* shape = nullptr) {
  DumpCursor in(std::make_unique<StringSource>(std::string(text)));
  JsonEntryReader reader;
  reader.SetNoTypes("look for them");
  if (shape != nullptr) reader.SetTypes(*shape, std::endian::little);
  DumpedEntry entry;
  if (!reader.Read(in, entry)) return std::string(in.status().message());
  EXPECT_EQ(in.offset(), text.size());
  if (entry.unreadable) return "unreadable";
  std::string read = Text(entry.key) + "=";
  for (const DumpedEntry::CpuValue& part : entry.parts) {
    read += std::to_string(part.cpu) + ":" +
            Text(entry.values).substr(part.begin, part.end - part.begin) + "/";
  }
  return read;
}

TEST(JsonEntryReaderTest, ReadsRawBytes) {
  EXPECT_EQ(Read(R"({"key":["0x61"],"value":["0x31","0x32"]})"), "a=0:12/");
  EXPECT_EQ(Read(R"({"key":["0x61"],"values":[{"cpu":1,"value":["0x32"]},)"
                 R"({"value":["0x31"],"cpu":0}]})"),
            "a=1:2/0:1/");
  EXPECT_EQ(Read(R"({"key":["0x61"],"values":[]})"), "a=");
  EXPECT_EQ(Read("{}"), "=");
}

TEST(JsonEntryReaderTest, RawBytesGoBeforePrintedOnes) {
  const MapShape shape = Shape();
  EXPECT_EQ(Read(R"({"key":["0x61"],"value":["0x31"],)"
                 R"("formatted":{"key":"zz","value":"9"}})",
                 &shape),
            "a=0:1/");
  EXPECT_EQ(Read(R"({"formatted":{"key":"zz","value":"9"},)"
                 R"("key":["0x61"],"value":["0x31"]})",
                 &shape),
            "a=0:1/");
}

TEST(JsonEntryReaderTest, ReadsPrintedValuesByTheirType) {
  const MapShape shape = Shape();
  EXPECT_EQ(Read(R"({"key":"ab","value":"1"})", &shape), "ab=0:1/");
  EXPECT_EQ(Read(R"({"formatted":{"key":"ab","value":"1"}})", &shape),
            "ab=0:1/");
  EXPECT_EQ(Read(R"({"key":"ab","values":[{"cpu":0,"value":"1"},)"
                 R"({"cpu":1,"value":"2"}]})",
                 &shape),
            "ab=0:1/1:2/");
}

TEST(JsonEntryReaderTest, AnErrorStandsInPlaceOfRawBytes) {
  EXPECT_EQ(Read(R"({"key":["0x61"],"value":{"error":"gone"}})"), "unreadable");
  // In printed form a struct may well have a member of that name.
  const MapShape shape =
      MapFor(ShapeFor("char[2]", 2, {Chars("", 0, 2)}),
             ShapeFor("struct s", 1, {Chars("error", 0, 1)}));
  EXPECT_EQ(Read(R"({"key":"ab","value":{"error":"1"}})", &shape), "ab=0:1/");
}

TEST(JsonEntryReaderTest, WithoutTypesItSaysWhatToDo) {
  EXPECT_EQ(Read(R"({"key":"ab","value":"1"})"),
            "byte 0: an entry cannot be read: printed by its BTF, without raw "
            "bytes: look for them, or dump with `bpftool -j`");
}

TEST(JsonEntryReaderTest, UnsoundTypesAreNone) {
  MapShape shape = Shape();
  shape.key->members[0].offset = 5;
  EXPECT_EQ(Read(R"({"key":"ab","value":"1"})", &shape),
            "byte 0: an entry cannot be read: printed by its BTF, without raw "
            "bytes: the object does not describe the map's types, or dump with "
            "`bpftool -j`");
}

TEST(JsonEntryReaderTest, SaysWhichMemberIsWrong) {
  const MapShape shape = Shape();
  EXPECT_EQ(Read(R"({"key":"abc","value":"1"})", &shape),
            "byte 0: an entry cannot be read: `char[2]` cannot be read back "
            "from its printed form: `` is printed as `abc`, a name without its "
            "number");
}

}  // namespace
}  // namespace ebpf_exporter
