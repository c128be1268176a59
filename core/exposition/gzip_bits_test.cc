#include "core/exposition/gzip_bits.h"

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct ChunkSink {
  std::vector<std::string> chunks;
  bool accepts = true;

  bool Write(std::string_view chunk) {
    chunks.emplace_back(chunk);
    return accepts;
  }
};

TEST(GzipBitsTest, TheFirstBitIsTheLowest) {
  char bytes[32];
  BitCursor out(bytes);
  out.Put({1, 1});
  out.Put({0b10, 2});
  out.Put({0, 0});
  out.Put({0x5a5a5a5a5a5a5a, 56});
  out.Put({0b11111, 5});
  EXPECT_EQ(std::string_view(bytes, out.end() - bytes),
            "\xd5\xd2\xd2\xd2\xd2\xd2\xd2\xfa");
}

TEST(GzipBitsTest, AlignFillsWithZeros) {
  char bytes[16];
  BitCursor out(bytes);
  out.Put({0b11, 2});
  out.Align();
  EXPECT_EQ(std::string_view(bytes, out.end() - bytes), "\x03");
  out.Align();
  EXPECT_EQ(out.end() - bytes, 1);
}

TEST(GzipBitsTest, AppendJoins) {
  BitString bits{0b101, 3};
  bits.Append({0b01, 2});
  EXPECT_EQ(bits.bits, 0b01101u);
  EXPECT_EQ(bits.size, 5u);
}

TEST(GzipBitsTest, ABufferHandsOnFullBytesAndKeepsTheRest) {
  ChunkSink sink;
  BitBuffer<ChunkSink> buffer(&sink);
  buffer.MakeRoom();
  buffer.cursor().Put({0xabc, 12});
  buffer.Flush();
  buffer.cursor().Put({0xd, 4});
  buffer.Flush();
  buffer.Flush();  // nothing left, no chunk
  EXPECT_EQ(sink.chunks, (std::vector<std::string>{"\xbc", "\xda"}));
  EXPECT_TRUE(buffer.ok());
}

TEST(GzipBitsTest, MakeRoomHandsOnWhatWouldNotFit) {
  ChunkSink sink;
  BitBuffer<ChunkSink> buffer(&sink);
  std::string expected;
  for (int i = 0; i < 1'200'000; ++i) {
    if (i % 1000 == 0) buffer.MakeRoom();
    buffer.cursor().Put({static_cast<unsigned char>(i % 251), 8});
    expected.push_back(static_cast<char>(i % 251));
  }
  buffer.Flush();
  std::string all;
  for (const std::string& chunk : sink.chunks) all += chunk;
  EXPECT_EQ(all, expected);
  EXPECT_GT(sink.chunks.size(), 3u);
  EXPECT_LT(sink.chunks.size(), 10u);
}

TEST(GzipBitsTest, ARefusalIsRemembered) {
  ChunkSink sink;
  sink.accepts = false;
  BitBuffer<ChunkSink> buffer(&sink);
  buffer.cursor().Put({1, 8});
  buffer.Flush();
  EXPECT_FALSE(buffer.ok());
  buffer.cursor().Put({1, 8});
  buffer.Flush();
  EXPECT_EQ(sink.chunks.size(), 1u);
}

}  // namespace
}  // namespace ebpf_exporter
