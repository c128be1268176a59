#include "core/dump/detect.h"

#include <memory>
#include <string>
#include <string_view>

#include "core/dump/bpftool_exercise.h"
#include "core/dump/capture_writer.h"
#include "core/dump/zstd_sink.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

struct TextSink {
  bool Write(std::string_view chunk) {
    text += chunk;
    return true;
  }
  std::string text;
};

std::string Packed(std::string_view text) {
  TextSink sink;
  ZstdSink<TextSink> zstd(&sink);
  EXPECT_TRUE(zstd.Write(text));
  EXPECT_TRUE(zstd.Finish());
  return sink.text;
}

// A capture of one map with one entry.
std::string Capture() {
  TextSink sink;
  CaptureWriter<TextSink> writer(&sink, DumpOrigin());
  CapturedMap map;
  map.shape.name = "m";
  map.shape.type = MapType::kHash;
  map.shape.key_size = 1;
  map.shape.value_size = 1;
  writer.BeginMap(map);
  const std::byte key{'a'};
  const std::byte value{'1'};
  EntryBatch batch;
  batch.keys = &key;
  batch.values = &value;
  batch.count = 1;
  batch.key_size = 1;
  batch.value_size = 1;
  batch.value_stride = 1;
  writer.Add(batch);
  writer.Finish();
  return sink.text;
}

constexpr std::string_view kJson = R"([{"key":["0x61"],"value":["0x31"]}])";
constexpr std::string_view kText = "key: 61  value: 31\nFound 1 element\n";

TEST(OpenDumpTest, OpensEachFormPackedOrNot) {
  for (const std::string& form :
       {std::string(kJson), std::string(kText), Capture()}) {
    for (const std::string& text : {form, Packed(form)}) {
      const PlainDump dump = ReadWhole(std::make_unique<PieceSource>(text, 5));
      EXPECT_EQ(dump.status, absl::OkStatus());
      ASSERT_THAT(dump.maps, SizeIs(1));
      ASSERT_THAT(dump.maps[0].entries, SizeIs(1));
      EXPECT_EQ(dump.maps[0].entries[0], (PlainEntry{"a", {"1"}}));
    }
  }
}

TEST(OpenDumpTest, OpensRawEntriesWhenTheirSizesAreGiven) {
  DumpOptions options;
  options.key_size = 1;
  options.value_size = 1;
  for (const std::string& text : {std::string("a1"), Packed("a1")}) {
    const PlainDump dump = ReadWhole(text, options);
    EXPECT_EQ(dump.status, absl::OkStatus());
    ASSERT_THAT(dump.maps, SizeIs(1));
    EXPECT_THAT(dump.maps[0].entries, SizeIs(1));
  }
  // The sizes do not make raw entries of what is JSON.
  EXPECT_EQ(ReadWhole(kJson, options).maps.at(0).entries.at(0).key, "a");
}

TEST(OpenDumpTest, LeniencyReachesEachForm) {
  DumpOptions options;
  options.lenient = true;
  const std::string capture = Capture();
  for (const std::string& text :
       {std::string(kJson.substr(0, kJson.size() - 1)),
        std::string(kText.substr(0, 20)),
        capture.substr(0, capture.size() - 5)}) {
    EXPECT_FALSE(ReadWhole(text).status.ok());
    const PlainDump dump = ReadWhole(text, options);
    EXPECT_EQ(dump.status, absl::OkStatus());
    EXPECT_THAT(dump.maps.at(0).entries, SizeIs(1));
    EXPECT_THAT(dump.damage, SizeIs(1));
  }
}

TEST(OpenDumpTest, SaysWhatIsNoDump) {
  struct {
    std::string bytes;
    std::string message;
  } const rows[] = {
      {"", "the dump is empty"},
      {"\n\n", "the dump is empty"},
      {"\x1f\x8b\x08 packed",
       "byte 0: packed with gzip: unpack it first, e.g. `gunzip -c FILE | "
       "tabledump decode .. -`"},
      {"\x7f"
       "ELF\x02\x01",
       "byte 0: an ELF file is no dump: give an object with --object"},
      {Packed(Packed(kJson)), "byte 0: packed with zstd twice"},
      {Packed(""), "the dump is empty"},
      {"\x1b[31mgarbage, and more of it",
       "byte 0: `\\x1b[31mgarbage, an` begins no form of dump that is known: "
       "neither a capture nor what `bpftool map dump` prints; for raw entries "
       "give --key-size and --value-size"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(ReadWhole(row.bytes).status.message(), row.message);
  }
}

TEST(OpenDumpTest, DamagedPackingIsAnError) {
  std::string packed = Packed(kJson);
  packed.resize(packed.size() - 3);
  EXPECT_THAT(std::string(ReadWhole(packed).status.message()),
              HasSubstr("zstd"));
}

}  // namespace
}  // namespace ebpf_exporter
