#include "core/exposition/chunk_buffer.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct FakeSink {
  size_t takes = SIZE_MAX;  // chunks taken before it refuses
  std::string text;
  size_t chunks = 0;
  size_t largest = 0;

  bool Write(std::string_view chunk) {
    ++chunks;
    largest = std::max(largest, chunk.size());
    if (takes == 0) return false;
    --takes;
    text.append(chunk);
    return true;
  }
};

TEST(ChunkBufferTest, KeepsTextAndOrderAcrossChunks) {
  std::mt19937 random(1);
  FakeSink sink;
  ChunkBuffer<FakeSink> buffer(&sink);
  std::string expected;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text(random() % 30, static_cast<char>('a' + i % 26));
    const uint64_t number = uint64_t{random()} << (random() % 33);
    buffer.Append(text);
    buffer.AppendLine(UnsignedNumber{number}, std::string_view(text));
    buffer.AppendLine(SignedNumber{-i}, std::string_view("s "),
                      std::string_view(text));
    expected += text + text + std::to_string(number) + "\ns " + text +
                std::to_string(-i) + "\n";
  }
  buffer.Flush();
  EXPECT_EQ(sink.text, expected);
  EXPECT_GT(sink.chunks, 5u);
  EXPECT_LE(sink.largest, TextBlock::kSize);
  EXPECT_TRUE(buffer.ok());
}

TEST(ChunkBufferTest, LinesOfAnyLengthComeWhole) {
  for (size_t size = 0; size < 2 * TextBlock::kSize; size = size * 5 / 4 + 1) {
    std::string text;
    for (size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    FakeSink sink;
    ChunkBuffer<FakeSink> buffer(&sink);
    buffer.Append("#");
    buffer.AppendLine(GoDoubleNumber{0.5}, std::string_view(text),
                      std::string_view("|"), std::string_view(text));
    buffer.Flush();
    ASSERT_EQ(sink.text, "#" + text + "|" + text + "0.5\n");
  }
}

TEST(ChunkBufferTest, TextLongerThanABlockGoesThroughInPieces) {
  FakeSink sink;
  ChunkBuffer<FakeSink> buffer(&sink);
  const std::string large(1'000'000, 'x');
  buffer.Append("head ");
  buffer.Append(large);
  buffer.Append(" tail");
  buffer.Flush();
  EXPECT_EQ(sink.text, "head " + large + " tail");
  EXPECT_LE(sink.largest, TextBlock::kSize);
}

TEST(ChunkBufferTest, NothingGathersNothing) {
  FakeSink sink;
  ChunkBuffer<FakeSink> buffer(&sink);
  buffer.Flush();
  EXPECT_EQ(sink.chunks, 0u);
}

TEST(ChunkBufferTest, ARefusalStopsTheStream) {
  FakeSink sink;
  sink.takes = 1;
  ChunkBuffer<FakeSink> buffer(&sink);
  buffer.Append(std::string(3 * TextBlock::kSize, 'x'));
  EXPECT_FALSE(buffer.ok());
  EXPECT_EQ(sink.chunks, 2u);
  buffer.Flush();
  EXPECT_EQ(sink.chunks, 2u);
}

}  // namespace
}  // namespace ebpf_exporter
