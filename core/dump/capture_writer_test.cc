#include "core/dump/capture_writer.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "absl/strings/escaping.h"
#include "core/dump/capture_exercise.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Byte for byte what README.md describes: a change of these bytes is a change
// of the format, and needs a new version.
TEST(CaptureWriterTest, TheBytesAreThoseOfTheReadme) {
  StringSink sink;
  CaptureWriter writer(&sink, DumpOrigin{.kernel_release = "6.1",
                                         .time_nanoseconds = 258,
                                         .possible_cpus = 2,
                                         .endian = std::endian::little});
  writer.AddSymbols("10 t f\n");
  CapturedMap map;
  map.shape = internal::SizesOf("m", MapType::kPerCpuHash, 1, 4);
  map.config = "p";
  map.btf = "BTF";
  map.key_type = 1;
  map.value_type = 2;
  writer.BeginMap(map);
  const std::string_view values = "cpu0....cpu1....";
  writer.Add({.keys = reinterpret_cast<const std::byte*>("k"),
              .values = reinterpret_cast<const std::byte*>(values.data()),
              .count = 1,
              .key_size = 1,
              .value_size = 4,
              .value_stride = 8,
              .cpus = 2});
  writer.BreakOff("x");
  writer.Finish();
  EXPECT_TRUE(writer.ok());
  const auto head = [](std::string_view kind, std::string_view count,
                       std::string_view length) {
    return std::string(kind) + std::string(count) + std::string(length);
  };
  std::string seen;  // without the checksums, which other tests are about
  std::string bytes = sink.bytes;
  seen = absl::BytesToHexString(bytes.substr(0, 12));
  for (size_t at = 16; at < bytes.size();) {
    internal::FieldReader length(std::string_view(bytes).substr(at + 8));
    const size_t size = length.U32();
    seen += "\n" + absl::BytesToHexString(bytes.substr(at, 12)) + " " +
            absl::BytesToHexString(bytes.substr(at + 20, size));
    at += 20 + size;
  }
  const size_t crc = seen.size() - 8;
  EXPECT_EQ(seen.substr(0, crc),
            "8945424341500d0a01000000\n" +
                head("01000000", "01000000", "17000000") +
                " 0100000002000000020100000000000003000000362e31\n" +
                head("10000000", "01000000", "07000000") + " 3130207420660a\n" +
                head("02000000", "01000000", "29000000") +
                " 0500000001000000040000000a000000" + "0100000002000000" +
                "010000006d" + "0100000070" + "03000000425446\n" +
                head("03000000", "01000000", "11000000") + " 6b" +
                "637075302e2e2e2e637075312e2e2e2e\n" +
                head("04000000", "01000000", "05000000") + " 0100000078\n" +
                head("05000000", "01000000", "1c000000") + " 0100000000000000" +
                "0100000000000000" + "0100000000000000");
}

TEST(CaptureWriterTest, NamesAndMachineAreThoseOfTheReadme) {
  StringSink sink;
  CaptureWriter writer(&sink, DumpOrigin{.possible_cpus = 1,
                                         .endian = std::endian::little,
                                         .machine = "arm"});
  const size_t before = sink.bytes.size();
  writer.AddNames(NameKind::kInterfaces, {{258, "lo"}, {3, ""}});
  writer.AddNames(NameKind::kPci, {});
  const std::string bytes = sink.bytes;
  const auto hex = [&](size_t at, size_t size) {
    return absl::BytesToHexString(bytes.substr(at, size));
  };
  EXPECT_EQ(hex(before - 27, 12), "150000000100000007000000");
  EXPECT_EQ(hex(before - 7, 7), "0300000061726d");
  EXPECT_EQ(hex(before, 12), "12000000020000001a000000");
  EXPECT_EQ(hex(before + 20, 26),
            "0201000000000000020000006c6f030000000000000000000000");
  EXPECT_EQ(hex(before + 46, 12), "140000000000000000000000");
}

struct FullSink {
  bool Write(std::string_view chunk) {
    room -= std::min(room, chunk.size());
    return room > 0;
  }
  size_t room = 100;
};

TEST(CaptureWriterTest, ASinkThatGivesUpIsNoticed) {
  FullSink sink;
  CaptureWriter writer(&sink, DumpOrigin());
  EXPECT_TRUE(writer.ok());
  writer.Finish();
  EXPECT_FALSE(writer.ok());
}

TEST(CaptureWriterTest, LargeBatchesBecomeBlocksThatAReaderCanHold) {
  StringSink sink;
  CaptureWriter writer(&sink, DumpOrigin());
  CapturedMap map;
  map.shape = internal::SizesOf("m", MapType::kHash, 8, 8);
  writer.BeginMap(map);
  const std::string bytes(8 * 1'000'000, 'x');
  writer.Add(internal::BatchOf(bytes, bytes, 1'000'000, 1));
  writer.Finish();
  internal::CaptureBlocks blocks(std::make_unique<StringSource>(sink.bytes));
  ASSERT_TRUE(blocks.ReadFileHead().ok());
  uint64_t entries = 0;
  size_t count = 0;
  while (true) {
    const auto head = blocks.Next(internal::kGoodBlock);
    ASSERT_TRUE(head.ok()) << head.status();
    if (head->kind == internal::BlockKind::kEnd) break;
    if (head->kind == internal::BlockKind::kEntries) entries += head->count;
    ++count;
  }
  EXPECT_EQ(entries, 1'000'000u);
  EXPECT_EQ(count, 2u + 16);
  EXPECT_TRUE(ReadCapture(sink.bytes).status.ok());
}

TEST(CaptureWriterTest, ManySymbolsBecomeBlocksOfWholeLines) {
  StringSink sink;
  CaptureWriter writer(&sink, DumpOrigin());
  std::string lines;
  for (int i = 0; i < 100'000; ++i) lines += "ffffffff81000010 t symbol_name\n";
  writer.AddSymbols(lines);
  writer.Finish();
  EXPECT_TRUE(ReadCapture(sink.bytes).status.ok());
}

}  // namespace
}  // namespace ebpf_exporter
