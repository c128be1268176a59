#include "core/layout/cover.h"

#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

void ExpectCover(const TypeShape& shape, uint32_t offset, uint32_t size,
                 CoverKind kind, Content content, uint32_t covered) {
  SCOPED_TRACE(ByteRange(offset, size));
  Cover cover = CoverOf(shape, offset, size);
  EXPECT_EQ(cover.kind, kind);
  EXPECT_EQ(cover.content, content);
  EXPECT_EQ(cover.size, covered);
}

TEST(CoverTest, OneMemberWithOrWithoutItsHole) {
  TypeShape key = DiskKey();
  ExpectCover(key, 0, 32, CoverKind::kMember, Content::kText, 32);
  ExpectCover(key, 32, 1, CoverKind::kMember, Content::kInteger, 1);
  ExpectCover(key, 32, 8, CoverKind::kMember, Content::kInteger, 1);
  ExpectCover(key, 40, 8, CoverKind::kMember, Content::kInteger, 8);
}

TEST(CoverTest, PartsOfTextAndHoles) {
  TypeShape key = DiskKey();
  ExpectCover(key, 8, 8, CoverKind::kElements, Content::kText, 8);
  ExpectCover(key, 31, 1, CoverKind::kElements, Content::kInteger, 1);
  ExpectCover(key, 33, 7, CoverKind::kHole, Content::kUnknown, 7);
}

TEST(CoverTest, AcrossMembers) {
  TypeShape key = DiskKey();
  ExpectCover(key, 0, 33, CoverKind::kAcross, Content::kUnknown, 33);
  ExpectCover(key, 32, 9, CoverKind::kAcross, Content::kUnknown, 9);
  ExpectCover(key, 36, 8, CoverKind::kAcross, Content::kUnknown, 8);
  ExpectCover(key, 40, 4, CoverKind::kAcross, Content::kUnknown, 4);
}

TEST(CoverTest, ElementsOfAnArray) {
  TypeShape shape = ShapeFor("s", 24, {Numbers("ips", 0, 8, 2)});
  ExpectCover(shape, 0, 16, CoverKind::kMember, Content::kIntegers, 16);
  ExpectCover(shape, 8, 8, CoverKind::kElements, Content::kInteger, 8);
  ExpectCover(shape, 8, 16, CoverKind::kElements, Content::kInteger, 8);
  ExpectCover(shape, 4, 8, CoverKind::kAcross, Content::kUnknown, 8);
}

TEST(CoverTest, NothingIsSaidOfUnions) {
  TypeShape shape = ShapeFor("s", 16, {Opaque("u", 0, 16)});
  ExpectCover(shape, 0, 16, CoverKind::kMember, Content::kUnknown, 16);
  ExpectCover(shape, 3, 5, CoverKind::kInside, Content::kUnknown, 5);
}

TEST(CoverTest, DoesNotOverflow) {
  ExpectCover(DiskKey(), 0xffffffff, 0xffffffff, CoverKind::kHole,
              Content::kUnknown, 0xffffffff);
  ExpectCover(DiskKey(), 40, 0xffffffff, CoverKind::kMember, Content::kInteger,
              8);
}

TEST(CoverTest, ExplainsItself) {
  TypeShape key = DiskKey();
  EXPECT_EQ(ExplainAcross(CoverOf(key, 0, 33)),
            "reaches from `char disk[32]` (bytes 0-31) into `__u8 op` (bytes "
            "32-32)");
  EXPECT_EQ(ExplainAcross(CoverOf(key, 40, 4)),
            "does not begin and end with `__u64 slot` (bytes 40-47)");
}

}  // namespace
}  // namespace ebpf_exporter
