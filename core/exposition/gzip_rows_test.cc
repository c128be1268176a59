#include "core/exposition/gzip_rows.h"

#include <cstddef>
#include <string>

#include "core/exposition/gzip_row.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

void Fill(size_t count, GzipRows& rows) {
  for (size_t i = 0; i < count; ++i) {
    GzipRowBuilder row(rows.open_block());
    row.Begin({static_cast<uint32_t>(i), 9});
    row.Literals(std::string(1 + i % 7, 'x'));
    row.End();
    rows.Close();
  }
  rows.Seal();
}

TEST(GzipRowsTest, AreMetInOrder) {
  for (const size_t count : {0, 1, 1023, 1024, 1025, 5000}) {
    GzipRows rows;
    Fill(count, rows);
    EXPECT_EQ(rows.size(), count);
    size_t met = 0;
    for (GzipRows::Cursor cursor(&rows); !cursor.done(); cursor.Next()) {
      ASSERT_EQ(ReadRowHead(cursor.row()).crc, met++);
    }
    EXPECT_EQ(met, count);
  }
}

TEST(GzipRowsTest, MemoryIsThatOfTheRows) {
  GzipRows rows;
  Fill(100'000, rows);
  // 6 bytes of head, 1 of a segment, 1 to 7 letters of 8 bits in segments of 4.
  EXPECT_GT(rows.bytes(), 100'000u * 11);
  EXPECT_LT(rows.bytes(), 100'000u * 13);
}

}  // namespace
}  // namespace ebpf_exporter
