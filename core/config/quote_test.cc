#include "core/config/quote.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(QuotedTest, ShortTextIsWhole) {
  EXPECT_EQ(Quoted(""), R"("")");
  EXPECT_EQ(Quoted("size"), R"("size")");
  EXPECT_EQ(Quoted("caf\u00e9"), "\"caf\u00e9\"");
  EXPECT_EQ(Quoted(std::string(60, 'a')), "\"" + std::string(60, 'a') + "\"");
}

TEST(QuotedTest, ControlBytesAndQuotesAreEscaped) {
  EXPECT_EQ(Quoted("a\n\"b\"\t"), R"("a\n\"b\"\t")");
}

TEST(QuotedTest, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(Quoted(std::string(61, 'a')),
            "\"" + std::string(60, 'a') + "...\"");
  EXPECT_EQ(Quoted(std::string(59, 'a') + "\u00e9"),
            "\"" + std::string(59, 'a') + "...\"");
}

}  // namespace
}  // namespace ebpf_exporter
