#include "tools/build/fuzz_input.h"

#include <cstdint>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

FuzzInput Of(std::string_view bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

TEST(FuzzInputTest, DealsFromFrontToBack) {
  FuzzInput input = Of("\x07\x02\x01\x01 0000000rest");
  EXPECT_EQ(input.Byte(), 7);
  EXPECT_EQ(input.Below(2), 0u);
  EXPECT_TRUE(input.Coin());
  EXPECT_EQ(input.Number(), 0x3030303030302001u);
  EXPECT_EQ(input.Bytes(2), "0r");
  EXPECT_FALSE(input.empty());
  EXPECT_EQ(input.Rest(), "est");
  EXPECT_TRUE(input.empty());
}

TEST(FuzzInputTest, DealsZerosAtTheEnd) {
  FuzzInput input = Of("\x05");
  EXPECT_EQ(input.Number(), 5u);
  EXPECT_EQ(input.Byte(), 0);
  EXPECT_EQ(input.Bytes(3), "");
  EXPECT_EQ(input.Number(), 0u);
}

TEST(ExactCopyTest, HoldsTheBytes) {
  const ExactCopy copy(std::string_view("a\0b", 3));
  EXPECT_EQ(copy.view(), std::string_view("a\0b", 3));
  EXPECT_EQ(static_cast<char>(copy.bytes()[2]), 'b');
  EXPECT_EQ(ExactCopy("").view(), "");
}

TEST(FuzzCheckTest, AFaultEndsTheProcess) {
  FuzzCheck(true, "all is well");
  FuzzCheckEqual("same", "same", "all is well");
  EXPECT_DEATH(FuzzCheck(false, "it leaks"), "fault: it leaks");
  EXPECT_DEATH(FuzzCheckEqual("a\n", "b", "it differs"),
               "\"a\\\\x0a\"\n.*\"b\"\nfault: it differs");
}

}  // namespace
}  // namespace ebpf_exporter
