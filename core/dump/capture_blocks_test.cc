#include "core/dump/capture_blocks.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter::internal {
namespace {

using ::testing::HasSubstr;

CaptureBlocks Over(std::string bytes) {
  return CaptureBlocks(std::make_unique<StringSource>(std::move(bytes)));
}

std::string Block(std::string_view content, uint32_t length) {
  return Encode({.kind = BlockKind::kMap,
                 .count = 1,
                 .length = length,
                 .content_crc = Crc(content)}) +
         std::string(content);
}

std::string ErrorOfHead(std::string bytes) {
  CaptureBlocks blocks = Over(std::move(bytes));
  return std::string(blocks.ReadFileHead().message());
}

std::string ErrorOfBlock(const std::string& bytes, uint64_t longest = 100) {
  CaptureBlocks blocks = Over(FileHead() + bytes);
  EXPECT_TRUE(blocks.ReadFileHead().ok());
  return std::string(blocks.Next(longest).status().message());
}

TEST(CaptureBlocksTest, ReadsBlocksInOrderAndTheirContent) {
  CaptureBlocks blocks = Over(FileHead() + Block("one", 3) + Block("", 0));
  ASSERT_TRUE(blocks.ReadFileHead().ok());
  absl::StatusOr<BlockHead> head = blocks.Next(100);
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(head->kind, BlockKind::kMap);
  EXPECT_EQ(blocks.content(), "one");
  EXPECT_EQ(blocks.heads_crc(), Crc(FileHead().substr(0, 12)));
  head = blocks.Next(100);
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(blocks.content(), "");
  EXPECT_EQ(blocks.heads_crc(),
            Crc(FileHead().substr(0, 12) + Block("one", 3).substr(0, 16)));
  EXPECT_TRUE(blocks.ExpectEnd().ok());
  EXPECT_THAT(std::string(blocks.Next(100).status().message()),
              HasSubstr("at byte 59: it is cut short: the end block"));
}

TEST(CaptureBlocksTest, RefusesWhatIsNoCapture) {
  EXPECT_THAT(ErrorOfHead(""), HasSubstr("not a capture"));
  EXPECT_THAT(ErrorOfHead("[{\"key\":"), HasSubstr("not a capture"));
  EXPECT_THAT(ErrorOfHead(FileHead().substr(0, 15)), HasSubstr("cut short"));
  std::string flipped = FileHead();
  flipped[13] ^= 1;
  EXPECT_THAT(ErrorOfHead(flipped), HasSubstr("checksum"));
}

TEST(CaptureBlocksTest, RefusesAnotherVersionWithTheMend) {
  std::string head(kCaptureMagic);
  PutLittle(uint32_t{2}, head);
  PutLittle(Crc(head), head);
  EXPECT_THAT(ErrorOfHead(head), HasSubstr("version 2, of which version 1 is "
                                           "known: use a newer program"));
}

TEST(CaptureBlocksTest, SaysWhatIsWrongWithABlockAndWhere) {
  const std::string good = Block("content", 7);
  EXPECT_EQ(ErrorOfBlock(good), "");
  EXPECT_EQ(ErrorOfBlock(good.substr(0, 19)),
            "capture damaged at byte 16: it is cut short in the head of a "
            "block");
  EXPECT_EQ(ErrorOfBlock(good.substr(0, 22)),
            "capture damaged at byte 16: it is cut short: of a block's 7 bytes "
            "2 are there");
  EXPECT_EQ(ErrorOfBlock(good, 6),
            "capture damaged at byte 16: a block of 7 bytes, where 6 is the "
            "most there can be");
  std::string flipped = good;
  flipped[21] ^= 4;
  EXPECT_EQ(ErrorOfBlock(flipped),
            "capture damaged at byte 16: a block does not match its checksum");
  flipped = good;
  flipped[9] ^= 4;
  EXPECT_EQ(ErrorOfBlock(flipped),
            "capture damaged at byte 16: the head of a block does not match "
            "its checksum");
}

TEST(CaptureBlocksTest, ALengthThatIsALieCostsNoMemory) {
  // Four gigabytes are claimed and three bytes are there.
  EXPECT_THAT(ErrorOfBlock(Block("lie", 0xffffffff), UINT64_MAX),
              HasSubstr("of a block's 4294967295 bytes 3 are there"));
}

class FailingSource final : public ByteSource {
 public:
  absl::StatusOr<size_t> Read(std::span<char>) override {
    return absl::UnavailableError("the disk is gone");
  }
};

TEST(CaptureBlocksTest, ErrorsOfTheSourceComeThrough) {
  CaptureBlocks blocks(std::make_unique<FailingSource>());
  const absl::Status status = blocks.ReadFileHead();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "after byte 0: the disk is gone");
}

TEST(CaptureBlocksTest, NothingFollowsTheEnd) {
  CaptureBlocks blocks = Over(FileHead() + Block("x", 1) + "!");
  ASSERT_TRUE(blocks.ReadFileHead().ok());
  ASSERT_TRUE(blocks.Next(100).ok());
  EXPECT_EQ(blocks.ExpectEnd().message(),
            "capture damaged at byte 37: bytes follow the end of the capture");
}

}  // namespace
}  // namespace ebpf_exporter::internal
