#include "core/layout/type_name.h"

#include "core/layout/btf_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

class TypeNameTest : public testing::Test {
 protected:
  std::string Name(uint32_t id) {
    absl::StatusOr<Btf> btf = Btf::Parse(b_.Build());
    return btf.ok() ? TypeName(*btf, id) : btf.status().ToString();
  }

  BtfBuilder b_;
};

TEST_F(TypeNameTest, WritesTypesAsCDoes) {
  uint32_t u32 = b_.Int("unsigned int", 4);
  uint32_t typedef_id = b_.Modifier(BtfKind::kTypedef, "__u32", u32);
  uint32_t record = b_.Struct("request", 0, {});
  uint32_t pointer = b_.Pointer(record);
  uint32_t pointers = b_.Pointer(pointer);
  uint32_t grid = b_.Array(b_.Array(typedef_id, 3), 2);
  uint32_t table = b_.Array(pointer, 4);
  EXPECT_EQ(Name(0), "void");
  EXPECT_EQ(Name(u32), "unsigned int");
  EXPECT_EQ(Name(typedef_id), "__u32");
  EXPECT_EQ(Name(record), "struct request");
  EXPECT_EQ(Name(pointer), "struct request *");
  EXPECT_EQ(Name(pointers), "struct request **");
  EXPECT_EQ(Name(grid), "__u32[2][3]");
  EXPECT_EQ(Name(table), "struct request *[4]");
}

TEST_F(TypeNameTest, KeepsConstAndDropsOtherQualifiers) {
  uint32_t character = b_.Int("char", 1);
  uint32_t constant = b_.Modifier(BtfKind::kConst, "", character);
  uint32_t both = b_.Modifier(BtfKind::kVolatile, "", constant);
  EXPECT_EQ(Name(b_.Pointer(both)), "const char *");
  EXPECT_EQ(Name(b_.Modifier(BtfKind::kConst, "", b_.Pointer(character))),
            "char *");
}

TEST_F(TypeNameTest, NamesTaggedAndAnonymousTypes) {
  EXPECT_EQ(Name(b_.Struct("", 0, {}, false, BtfKind::kUnion)),
            "union (anonymous)");
  EXPECT_EQ(Name(b_.Raw(BtfKind::kEnum, 0, false, "state", 4, {})),
            "enum state");
  EXPECT_EQ(Name(b_.Raw(BtfKind::kForward, 0, true, "u", 0, {})), "union u");
  EXPECT_EQ(Name(b_.Raw(BtfKind::kForward, 0, false, "s", 0, {})), "struct s");
  EXPECT_EQ(Name(b_.Pointer(b_.Prototype({}))), "function *");
}

TEST_F(TypeNameTest, EndsOnPointersToThemselves) {
  uint32_t pointer = b_.Pointer(1);
  EXPECT_EQ(Name(pointer).substr(0, 5), "... *");
  EXPECT_LT(Name(pointer).size(), 100u);
}

}  // namespace
}  // namespace ebpf_exporter
