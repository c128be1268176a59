#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "core/dump/byte_source.h"
#include "core/dump/zstd_sink.h"
#include "core/dump/zstd_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

struct StringSink {
  bool Write(std::string_view chunk) {
    bytes.append(chunk);
    return !full;
  }
  std::string bytes;
  bool full = false;
};

std::string Pack(std::string_view text, size_t chunk = 1 << 16) {
  StringSink sink;
  ZstdSink packed(&sink);
  while (!text.empty()) {
    EXPECT_TRUE(packed.Write(text.substr(0, chunk)));
    text.remove_prefix(std::min(chunk, text.size()));
  }
  EXPECT_TRUE(packed.Finish());
  return sink.bytes;
}

// What comes out, and the error that ended it.
std::pair<std::string, absl::Status> Unpack(std::string bytes,
                                            size_t piece = 1000) {
  ZstdSource source(std::make_unique<StringSource>(std::move(bytes)));
  std::string text;
  std::string buffer(piece, '\0');
  while (true) {
    const absl::StatusOr<size_t> count = source.Read(buffer);
    if (!count.ok()) return {text, count.status()};
    if (*count == 0) return {text, absl::OkStatus()};
    text.append(buffer, 0, *count);
  }
}

std::string Sample(size_t size) {
  std::mt19937 random(3);
  std::string text(size, '\0');
  for (char& byte : text) byte = static_cast<char>(random() % 8);
  return text;
}

TEST(ZstdTest, TextComesBackInPiecesOfAnySize) {
  for (size_t size : {0, 1, 1000, 131072, 1'000'000}) {
    const std::string text = Sample(size);
    const std::string packed = Pack(text, 4321);
    EXPECT_TRUE(IsZstd(packed));
    for (size_t piece : {7, 1000, 1 << 20}) {
      const auto [unpacked, status] = Unpack(packed, piece);
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_EQ(unpacked, text);
    }
  }
}

TEST(ZstdTest, FramesInARowAreOneText) {
  const auto [text, status] = Unpack(Pack("one ") + Pack("") + Pack("two"));
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(text, "one two");
}

TEST(ZstdTest, EveryTruncationIsAnErrorAfterWhatPrecedesIt) {
  const std::string text = Sample(5000);
  const std::string packed = Pack(text);
  for (size_t size = 0; size < packed.size(); ++size) {
    const auto [unpacked, status] = Unpack(packed.substr(0, size));
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size;
    EXPECT_THAT(std::string(status.message()), HasSubstr("cut short")) << size;
    EXPECT_EQ(text.substr(0, unpacked.size()), unpacked);
  }
}

TEST(ZstdTest, EveryFlippedBitIsAnError) {
  const std::string text = Sample(300);
  const std::string packed = Pack(text);
  for (size_t at = 0; at < packed.size(); ++at) {
    std::string flipped = packed;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    const auto [unpacked, status] = Unpack(flipped);
    EXPECT_TRUE(!status.ok() || unpacked == text) << at;
  }
}

TEST(ZstdTest, WhatFollowsAFrameMustBeOne) {
  const auto [text, status] = Unpack(Pack("text") + "garbage");
  EXPECT_EQ(text, "text");
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
}

TEST(ZstdTest, RefusesWhatIsNotPacked) {
  EXPECT_FALSE(IsZstd("{\"key\""));
  EXPECT_FALSE(IsZstd(kZstdMagic.substr(0, 3)));
  const auto [text, status] = Unpack("plain text of some length");
  EXPECT_EQ(text, "");
  EXPECT_THAT(std::string(status.message()), HasSubstr("zstd: damaged"));
}

TEST(ZstdTest, ASinkThatGivesUpIsNoticed) {
  StringSink sink;
  sink.full = true;
  ZstdSink packed(&sink);
  EXPECT_TRUE(packed.Write("text"));  // not yet
  EXPECT_FALSE(packed.Finish());
  EXPECT_FALSE(packed.Write("more"));
}

}  // namespace
}  // namespace ebpf_exporter
