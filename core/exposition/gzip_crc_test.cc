#include "core/exposition/gzip_crc.h"

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string AnyText(size_t size) {
  std::string text;
  uint32_t state = 7;
  for (size_t i = 0; i < size; ++i) {
    state = state * 1664525 + 1013904223;
    text.push_back(static_cast<char>(state >> 24));
  }
  return text;
}

TEST(GzipCrcTest, OfTheCheckText) {
  EXPECT_EQ(GzipCrc::Get().Append(GzipCrc::kMask, "123456789") ^ GzipCrc::kMask,
            0xcbf43926u);
}

TEST(GzipCrcTest, IsThatOfZlib) {
  for (size_t size = 0; size < 70; ++size) {
    const std::string text = AnyText(size);
    EXPECT_EQ(GzipCrc::Get().Append(GzipCrc::kMask, text) ^ GzipCrc::kMask,
              crc32(0, reinterpret_cast<const Bytef*>(text.data()),
                    static_cast<uInt>(size)))
        << size;
  }
}

TEST(GzipCrcTest, ShiftAppendsZeros) {
  const GzipCrc& crc = GzipCrc::Get();
  for (size_t size = 0; size < 1100; ++size) {
    EXPECT_EQ(crc.Shift(0x89abcdef, size),
              crc.Append(0x89abcdef, std::string(size, '\0')))
        << size;
  }
}

TEST(GzipCrcTest, SharesJoin) {
  const GzipCrc& crc = GzipCrc::Get();
  const std::string text = AnyText(600);
  const std::string_view all = text;
  const uint32_t whole = crc.Append(GzipCrc::kMask, all);
  for (size_t cut = 0; cut <= all.size(); ++cut) {
    const uint32_t front = crc.Append(GzipCrc::kMask, all.substr(0, cut));
    const uint32_t back = crc.Append(0, all.substr(cut));
    EXPECT_EQ(crc.Shift(front, all.size() - cut) ^ back, whole) << cut;
  }
}

TEST(GzipCrcTest, ShareIsThatOfOneByte) {
  const GzipCrc& crc = GzipCrc::Get();
  for (size_t after = 0; after < 20; ++after) {
    EXPECT_EQ(crc.Share('7', after),
              crc.Append(0, "7" + std::string(after, '\0')));
  }
}

}  // namespace
}  // namespace ebpf_exporter
