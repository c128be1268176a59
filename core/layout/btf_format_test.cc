#include "core/layout/btf_format.h"

#include <string>

#include "core/layout/btf_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter::internal {
namespace {

using ::testing::HasSubstr;

std::string Sample() {
  BtfBuilder builder;
  builder.Int("int", 4);
  return builder.Build();
}

std::string ErrorOf(const std::string& bytes) {
  absl::StatusOr<BtfSections> sections = FindBtfSections(bytes);
  return sections.ok() ? "" : std::string(sections.status().message());
}

TEST(BtfFormatTest, SectionsAreRelativeToTheEndOfTheHeader) {
  absl::StatusOr<BtfSections> sections = FindBtfSections(Sample());
  ASSERT_TRUE(sections.ok()) << sections.status();
  EXPECT_EQ(sections->types_begin, 24u);
  EXPECT_EQ(sections->types_end, 24u + 16);
  EXPECT_EQ(sections->strings_begin, 40u);
  EXPECT_EQ(sections->strings_size, 5u);
}

TEST(BtfFormatTest, ALongerHeaderOfTheFutureIsSkipped) {
  std::string bytes = Sample();
  bytes[4] = 32;
  bytes.insert(24, 8, '\x7f');
  absl::StatusOr<BtfSections> sections = FindBtfSections(bytes);
  ASSERT_TRUE(sections.ok()) << sections.status();
  EXPECT_EQ(sections->types_begin, 32u);
}

TEST(BtfFormatTest, RefusesWhatIsNotBtf) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("shorter than its header"));
  EXPECT_THAT(ErrorOf(std::string(23, 'x')), HasSubstr("shorter"));
  EXPECT_THAT(ErrorOf(std::string(64, '\xff')), HasSubstr("wrong magic"));
}

TEST(BtfFormatTest, TheOtherByteOrderBecomesTheHosts) {
  const std::string native = Sample();
  std::string bytes = ForeignBtf(native);
  EXPECT_FALSE(IsForeignBtf(native));
  ASSERT_TRUE(IsForeignBtf(bytes));
  EXPECT_THAT(ErrorOf(bytes), HasSubstr("wrong magic"));
  SwapForeignBtf(bytes);
  EXPECT_EQ(bytes, native);
}

TEST(BtfFormatTest, DamagedForeignBytesAreSwappedAsFarAsTheyGo) {
  std::string bytes = ForeignBtf(Sample());
  for (size_t field : {4u, 8u, 12u, 16u, 20u}) {
    std::string damaged = bytes;
    damaged.replace(field, 4, "\xff\xff\xff\xff");
    SwapForeignBtf(damaged);
    EXPECT_THAT(ErrorOf(damaged), HasSubstr("cut short")) << field;
  }
}

TEST(BtfFormatTest, RefusesAnUnknownVersion) {
  std::string bytes = Sample();
  bytes[2] = 2;
  EXPECT_THAT(ErrorOf(bytes), HasSubstr("version"));
}

TEST(BtfFormatTest, EveryPrefixIsCutShort) {
  std::string bytes = Sample();
  for (size_t size = 24; size < bytes.size(); ++size) {
    EXPECT_THAT(ErrorOf(bytes.substr(0, size)), HasSubstr("cut short")) << size;
  }
}

TEST(BtfFormatTest, SectionSizesDoNotWrapAround) {
  for (size_t field : {4u, 8u, 12u, 16u, 20u}) {
    std::string bytes = Sample();
    bytes.replace(field, 4, "\xff\xff\xff\xff");
    EXPECT_THAT(ErrorOf(bytes), HasSubstr("cut short")) << field;
  }
}

TEST(BtfFormatTest, StringsBeginAndEndWithNul) {
  std::string bytes = Sample();
  bytes.back() = 'x';
  EXPECT_THAT(ErrorOf(bytes), HasSubstr("NUL"));
  bytes = Sample();
  bytes[40] = 'x';
  EXPECT_THAT(ErrorOf(bytes), HasSubstr("NUL"));
  bytes = Sample();
  bytes[20] = 0;  // no strings at all
  EXPECT_THAT(ErrorOf(bytes), HasSubstr("NUL"));
}

TEST(BtfFormatTest, ReadsWordsAtAnyAlignment) {
  std::string bytes("\0\x01\x02\x03\x04\x05", 6);
  uint32_t expected;
  std::memcpy(&expected, "\x01\x02\x03\x04", 4);
  EXPECT_EQ(LoadWord<uint32_t>(bytes, 1), expected);
}

}  // namespace
}  // namespace ebpf_exporter::internal
