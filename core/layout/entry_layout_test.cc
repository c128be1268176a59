#include "core/layout/entry_layout.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

template <typename Number>
void ExpectReads(Number number, uint64_t as_unsigned, int64_t as_signed) {
  for (size_t offset = 0; offset < 8; ++offset) {
    std::array<std::byte, 16> bytes;
    bytes.fill(std::byte{0xa5});
    std::memcpy(bytes.data() + offset, &number, sizeof(number));
    const std::byte* at = bytes.data() + offset;
    EXPECT_EQ(ReadUnsigned(at, sizeof(number)), as_unsigned) << offset;
    EXPECT_EQ(ReadSigned(at, sizeof(number)), as_signed) << offset;
  }
}

TEST(EntryLayoutTest, ReadsEverySizeAtAnyAlignment) {
  ExpectReads<uint8_t>(0xff, 0xff, -1);
  ExpectReads<uint16_t>(0x8001, 0x8001, -0x7fff);
  ExpectReads<uint32_t>(0xfffffffe, 0xfffffffe, -2);
  ExpectReads<uint64_t>(0xffffffffffffffff, 0xffffffffffffffff, -1);
  ExpectReads<uint64_t>(0x8000000000000000, 0x8000000000000000, INT64_MIN);
  ExpectReads<uint8_t>(0x7f, 0x7f, 0x7f);
}

}  // namespace
}  // namespace ebpf_exporter
