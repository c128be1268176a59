#include "core/layout/struct_picture.h"

#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(StructPictureTest, DrawsMembersAndHoles) {
  TypeShape shape = ShapeFor("s", 24, {Unsigned("a", 0, 4), Signed("b", 8, 8)});
  EXPECT_EQ(Render(RowsOf(shape)),
            "  bytes    member\n"
            "  0-3      __u32 a\n"
            "  4-7      (padding)\n"
            "  8-15     __s64 b\n"
            "  16-23    (padding)\n");
}

TEST(StructPictureTest, PutsSpansBesideEveryRowTheyTouch) {
  std::vector<PictureRow> rows = RowsOf(DiskKey());
  std::vector<PictureSpan> spans = {{0, 36, "long"}, {36, 4, "tail"}};
  LabelByPlace(spans, rows);
  EXPECT_EQ(Render(rows),
            "  bytes    member               label\n"
            "  0-31     char disk[32]        long\n"
            "  32-32    __u8 op              long\n"
            "  33-39    (padding)            long, tail\n"
            "  40-47    __u64 slot           -\n");
}

TEST(StructPictureTest, ColumnsGrowWithLongNames) {
  TypeShape shape = ShapeFor("s", 8, {Unsigned("a_name_of_some_length", 0, 8)});
  std::vector<PictureRow> rows = RowsOf(shape);
  rows[0].label = "l";
  EXPECT_EQ(Render(rows),
            "  bytes    member                       label\n"
            "  0-7      __u64 a_name_of_some_length  l\n");
}

TEST(StructPictureTest, LongTablesAreCut) {
  std::vector<PictureRow> rows(70);
  std::string drawn = Render(rows);
  EXPECT_TRUE(drawn.ends_with("  ... and 6 more\n")) << drawn;
}

}  // namespace
}  // namespace ebpf_exporter
