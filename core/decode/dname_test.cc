#include "core/decode/dname.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;

std::string Decode(ByteView in) {
  std::string out = ">";
  EXPECT_EQ(DnameDecoder().Decode(in, out).verdict, Verdict::kKeep);
  EXPECT_EQ(out[0], '>');
  return out.substr(1);
}

TEST(DnameDecoderTest, PutsDotsBetweenLabels) {
  EXPECT_EQ(Decode("\3www\7example\3com"), "www.example.com");
  EXPECT_EQ(Decode("\3com"), "com");
}

TEST(DnameDecoderTest, EachZeroLengthLeavesADot) {
  EXPECT_EQ(Decode("\3com\0"s), "com.");
  EXPECT_EQ(Decode("\3com\0\0\0"s), "com...");
  EXPECT_EQ(Decode("\0"s), "");
  EXPECT_EQ(Decode("\0\0"s), ".");
}

TEST(DnameDecoderTest, EmptyInputIsTheRoot) { EXPECT_EQ(Decode(""), "."); }

TEST(DnameDecoderTest, LengthsBeyondTheEndLeaveTheInput) {
  EXPECT_EQ(Decode("\4com"), "\4com");
  EXPECT_EQ(Decode("\3www\7exam"), "\3www\7exam");
  EXPECT_EQ(Decode("\1"), "\1");
  EXPECT_EQ(Decode("plain text"), "plain text");
}

TEST(DnameDecoderTest, PointersLeaveTheInput) {
  EXPECT_EQ(Decode("\3www\xc0\x0c"s), "\3www\xc0\x0c"s);
  const std::string long_tail = "\xc0" + std::string(250, 'a');
  EXPECT_EQ(Decode(long_tail), long_tail);
}

TEST(DnameDecoderTest, OverlongLabelsAreStillLabels) {
  EXPECT_EQ(Decode("\x40" + std::string(64, 'a')), std::string(64, 'a'));
}

TEST(DnameDecoderTest, BytesOfLabelsAreKeptAsTheyAre) {
  EXPECT_EQ(Decode("\4a.\0\xff"s), "a.\0\xff"s);
}

TEST(DnameDecoderTest, RestoresAnyNameThatWasEncoded) {
  std::mt19937_64 random(8);
  for (int round = 0; round < 1000; ++round) {
    std::string wire;
    std::string dotted;
    for (uint64_t labels = 1 + random() % 5; labels > 0; --labels) {
      const std::string label(1 + random() % 63,
                              static_cast<char>('a' + random() % 26));
      wire += static_cast<char>(label.size());
      wire += label;
      if (!dotted.empty()) dotted += '.';
      dotted += label;
    }
    EXPECT_EQ(Decode(wire), dotted);
    wire.pop_back();
    EXPECT_EQ(Decode(wire), wire) << "cut";
  }
}

}  // namespace
}  // namespace ebpf_exporter
