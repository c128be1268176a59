#include "core/decode/string.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Decode(ByteView in) {
  std::string out;
  EXPECT_EQ(StringDecoder().Decode(in, out).verdict, Verdict::kKeep);
  return out;
}

TEST(StringDecoderTest, StopsAtTheFirstNul) {
  EXPECT_EQ(Decode(ByteView("sda\0\0\0", 6)), "sda");
  EXPECT_EQ(Decode(ByteView("a\0stale", 7)), "a");
  EXPECT_EQ(Decode(ByteView("\0stale", 6)), "");
}

TEST(StringDecoderTest, TakesEverythingWithoutANul) {
  EXPECT_EQ(Decode("fifteen bytes.."), "fifteen bytes..");
  EXPECT_EQ(Decode(""), "");
}

TEST(StringDecoderTest, ChangesNothing) {
  EXPECT_EQ(Decode(" kworker/0:1\n \xff"), " kworker/0:1\n \xff");
}

TEST(StringDecoderTest, AppendsToWhatIsThere) {
  std::string out = "x";
  StringDecoder().Decode("y", out);
  EXPECT_EQ(out, "xy");
}

}  // namespace
}  // namespace ebpf_exporter
