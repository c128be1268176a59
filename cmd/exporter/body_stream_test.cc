#include "cmd/exporter/body_stream.h"

#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct StringWriter final : BodyWriter {
  bool Write(std::string_view chunk) override {
    text.append(chunk);
    return true;
  }
  std::string text;
};

TEST(BodyStreamTest, NoneIsFalse) {
  EXPECT_FALSE(BodyStream());
  const BodyStream stream = [](BodyWriter&) { return true; };
  EXPECT_TRUE(stream);
}

TEST(BodyStreamTest, WritesAsOftenAsAskedAndSaysHowItWent) {
  const BodyStream stream = [](BodyWriter& writer) {
    return !writer.Write("ab");
  };
  StringWriter writer;
  EXPECT_FALSE(stream(writer));
  EXPECT_FALSE(stream(writer));
  EXPECT_EQ(writer.text, "abab");
}

TEST(BodyStreamTest, CopiesShareWhatItHoldsAndTheLastLetsGo) {
  auto held = std::make_shared<int>(7);
  auto unique = std::make_unique<int>(8);  // need not be copied
  BodyStream stream = [held, unique = std::move(unique)](BodyWriter& writer) {
    return writer.Write(std::to_string(*held + *unique));
  };
  BodyStream copy = stream;
  EXPECT_EQ(held.use_count(), 2);
  stream = {};
  EXPECT_EQ(held.use_count(), 2);
  StringWriter writer;
  EXPECT_TRUE(copy(writer));
  EXPECT_EQ(writer.text, "15");
  copy = {};
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace ebpf_exporter
