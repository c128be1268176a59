#include "core/layout/shape_check.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

Member MemberOf(uint32_t offset, uint32_t size) {
  Member member;
  member.name = "m";
  member.kind = MemberKind::kUnsigned;
  member.offset = offset;
  member.size = size;
  member.element_size = size;
  return member;
}

TypeShape ShapeWith(uint32_t size, std::vector<Member> members) {
  TypeShape shape;
  shape.name = "struct s";
  shape.size = size;
  shape.members = std::move(members);
  return shape;
}

TEST(ShapeCheckTest, AcceptsMembersWithHoles) {
  EXPECT_TRUE(CheckShape(ShapeWith(16, {MemberOf(0, 1), MemberOf(8, 8)})).ok());
  EXPECT_TRUE(CheckShape(ShapeWith(0, {})).ok());
}

TEST(ShapeCheckTest, RefusesOverlapDisorderAndOverrun) {
  const TypeShape bad[] = {
      ShapeWith(16, {MemberOf(0, 8), MemberOf(7, 1)}),
      ShapeWith(16, {MemberOf(8, 8), MemberOf(0, 8)}),
      ShapeWith(16, {MemberOf(9, 8)}),
      ShapeWith(16, {MemberOf(0xfffffffc, 8)}),
      ShapeWith(16, {MemberOf(0, 0)}),
  };
  for (const TypeShape& shape : bad) {
    EXPECT_EQ(CheckShape(shape).message(),
              "member `m` of `struct s` overlaps another or ends past the "
              "type");
  }
}

TEST(ShapeCheckTest, RefusesArraysThatAreNotTheirElements) {
  Member array = MemberOf(0, 8);
  array.element_size = 0;
  EXPECT_FALSE(CheckShape(ShapeWith(8, {array})).ok());
  array.element_size = 4;
  array.count = 3;
  EXPECT_FALSE(CheckShape(ShapeWith(8, {array})).ok());
  array.count = 2;
  EXPECT_TRUE(CheckShape(ShapeWith(8, {array})).ok());
}

}  // namespace
}  // namespace ebpf_exporter
