#include "core/dump/capture_format.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter::internal {
namespace {

TEST(CaptureFormatTest, TheFileBeginsAsTheReadmeSays) {
  const std::string head = FileHead();
  ASSERT_EQ(head.size(), kFileHeadSize);
  EXPECT_EQ(head.substr(0, 12), std::string("\x89"
                                            "EBCAP\x0d\x0a\x01\0\0\0",
                                            12));
  EXPECT_EQ(head.substr(0, kCaptureMagic.size()), kCaptureMagic);
}

TEST(CaptureFormatTest, TheChecksumIsThatOfZlibAndPng) {
  EXPECT_EQ(Crc("123456789"), 0xcbf43926u);
  EXPECT_EQ(Crc("6789", Crc("12345")), 0xcbf43926u);
  EXPECT_EQ(Crc({}, 7), 7u);
}

TEST(CaptureFormatTest, ABlocksHeadIsFiveLittleEndianWords) {
  const std::string head = Encode({.kind = BlockKind::kEntries,
                                   .count = 0x01020304,
                                   .length = 5,
                                   .content_crc = 0xa1a2a3a4});
  ASSERT_EQ(head.size(), kBlockHeadSize);
  EXPECT_EQ(
      head.substr(0, 16),
      std::string("\x03\0\0\0\x04\x03\x02\x01\x05\0\0\0\xa4\xa3\xa2\xa1", 16));
  EXPECT_EQ(FieldReader(head.substr(16)).U32(), Crc(head.substr(0, 16)));
}

TEST(CaptureFormatTest, FieldsComeBack) {
  std::string bytes;
  PutLittle(uint32_t{0xfedcba98}, bytes);
  PutText("text", bytes);
  PutLittle(uint64_t{0xfedcba9876543210}, bytes);
  PutText("", bytes);
  FieldReader fields(bytes);
  EXPECT_EQ(fields.U32(), 0xfedcba98);
  EXPECT_EQ(fields.Text(), "text");
  EXPECT_EQ(fields.U64(), 0xfedcba9876543210);
  EXPECT_TRUE(fields.ok());
  EXPECT_FALSE(fields.done());
  EXPECT_EQ(fields.Text(), "");
  EXPECT_TRUE(fields.done());
}

TEST(CaptureFormatTest, FieldsThatAreNotThereAreZeroAndFail) {
  FieldReader fields(std::string_view("\x01\0\0", 3));
  EXPECT_EQ(fields.U32(), 0u);
  EXPECT_FALSE(fields.ok());
  EXPECT_FALSE(fields.done());
  FieldReader text(
      std::string_view("\xff\xff\xff\xff"
                       "abc",
                       7));
  EXPECT_EQ(text.Text(), "");
  EXPECT_FALSE(text.ok());
  EXPECT_EQ(text.U32(), 0u);
}

TEST(CaptureFormatTest, FactsAreSixteenToThirtyOne) {
  EXPECT_FALSE(IsFact(static_cast<BlockKind>(15)));
  EXPECT_TRUE(IsFact(BlockKind::kSymbols));
  EXPECT_TRUE(IsFact(static_cast<BlockKind>(31)));
  EXPECT_FALSE(IsFact(static_cast<BlockKind>(32)));
}

}  // namespace
}  // namespace ebpf_exporter::internal
