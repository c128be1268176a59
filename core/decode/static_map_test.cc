#include "core/decode/static_map.h"

#include <map>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Decode(const StaticMapDecoder& decoder, ByteView in) {
  std::string out;
  const Outcome outcome = decoder.Decode(in, out);
  EXPECT_EQ(outcome.verdict, Verdict::kKeep);
  EXPECT_FALSE(outcome.missed) << "a list in a file does not change";
  return out;
}

TEST(StaticMapDecoderTest, ReplacesListedText) {
  const StaticMapDecoder decoder({{"2", "write"}, {"1", "read"}},
                                 UnknownText::kMarked);
  EXPECT_EQ(Decode(decoder, "1"), "read");
  EXPECT_EQ(Decode(decoder, "2"), "write");
}

TEST(StaticMapDecoderTest, MarksUnknownText) {
  const StaticMapDecoder decoder({{"1", "read"}}, UnknownText::kMarked);
  EXPECT_EQ(Decode(decoder, "0"), "unknown:0");
  EXPECT_EQ(Decode(decoder, "11"), "unknown:11");
  EXPECT_EQ(Decode(decoder, ""), "unknown:");
}

TEST(StaticMapDecoderTest, AllowsUnknownText) {
  const StaticMapDecoder decoder({{"1", "read"}}, UnknownText::kAllowed);
  EXPECT_EQ(Decode(decoder, "1"), "read");
  EXPECT_EQ(Decode(decoder, "7"), "7");
}

TEST(StaticMapDecoderTest, ComparesTextNotNumbers) {
  const StaticMapDecoder decoder({{"0x1", "hex"}, {"01", "padded"}},
                                 UnknownText::kMarked);
  EXPECT_EQ(Decode(decoder, "1"), "unknown:1");
  EXPECT_EQ(Decode(decoder, "01"), "padded");
}

TEST(StaticMapDecoderTest, TakesAnyBytes) {
  const StaticMapDecoder decoder({{std::string("a\0b", 3), "\"\n"}, {"", "-"}},
                                 UnknownText::kMarked);
  EXPECT_EQ(Decode(decoder, ByteView("a\0b", 3)), "\"\n");
  EXPECT_EQ(Decode(decoder, "a"), "unknown:a");
  EXPECT_EQ(Decode(decoder, ""), "-");
}

TEST(StaticMapDecoderTest, AnEmptyListKnowsNothing) {
  EXPECT_EQ(Decode(StaticMapDecoder({}, UnknownText::kMarked), "1"),
            "unknown:1");
}

TEST(StaticMapDecoderTest, AgreesWithAMap) {
  std::mt19937_64 random(7);
  std::map<std::string, std::string> model;
  for (int i = 0; i < 500; ++i) {
    model[std::to_string(random() % 1000)] = std::to_string(i);
  }
  const StaticMapDecoder decoder({model.begin(), model.end()},
                                 UnknownText::kMarked);
  for (int i = 0; i < 1000; ++i) {
    const std::string key = std::to_string(i);
    const auto at = model.find(key);
    EXPECT_EQ(Decode(decoder, key),
              at == model.end() ? "unknown:" + key : at->second);
  }
}

}  // namespace
}  // namespace ebpf_exporter
