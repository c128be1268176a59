#include "core/exposition/accept_encoding.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr BodyEncoding kGzip = BodyEncoding::kGzip;
constexpr BodyEncoding kIdentity = BodyEncoding::kIdentity;

struct Case {
  std::string_view header;
  BodyEncoding expected;
};

class AcceptEncodingTest : public testing::TestWithParam<Case> {};

TEST_P(AcceptEncodingTest, IsChosen) {
  EXPECT_EQ(ChooseBodyEncoding(GetParam().header), GetParam().expected)
      << '"' << GetParam().header << '"';
}

// What scrapers, browsers and tools send.
INSTANTIATE_TEST_SUITE_P(
    Clients, AcceptEncodingTest,
    testing::Values(Case{"gzip", kGzip}, Case{"identity", kIdentity},
                    Case{"", kIdentity}, Case{"deflate, gzip", kGzip},
                    Case{"gzip, deflate, br, zstd", kGzip},
                    Case{"gzip;q=1.0,deflate;q=0.6,identity;q=0.3", kGzip},
                    Case{"zstd", kIdentity}, Case{"br", kIdentity},
                    Case{"*", kGzip}));

INSTANTIATE_TEST_SUITE_P(
    Weights, AcceptEncodingTest,
    testing::Values(
        Case{"gzip;q=0", kIdentity}, Case{"gzip;q=0, identity;q=0", kIdentity},
        Case{"gzip;q=0.000, *", kIdentity}, Case{"identity;q=0", kIdentity},
        Case{"gzip;q=0.001", kGzip}, Case{"gzip;q=0.5, identity", kIdentity},
        Case{"gzip;q=0.5, identity;q=0.5", kGzip},
        Case{"identity;q=0.5, gzip", kGzip},
        Case{"gzip;q=0.2, *;q=0.5", kIdentity}, Case{"*;q=0", kIdentity},
        Case{"*;q=0, gzip", kGzip}, Case{"identity;q=0, *", kGzip},
        Case{"br, *;q=0.1, identity;q=0", kGzip}));

INSTANTIATE_TEST_SUITE_P(
    Spellings, AcceptEncodingTest,
    testing::Values(Case{"GZip", kGzip}, Case{"x-gzip", kGzip},
                    Case{" \tgzip\t; Q = 0.8 ", kGzip},
                    Case{"gzip;level=1;q=0", kIdentity},
                    Case{"gzip;q=1.", kGzip}, Case{"gzip;q=1.000", kGzip},
                    Case{"gzip;q=0, gzip", kGzip}, Case{",,gzip,", kGzip}));

INSTANTIATE_TEST_SUITE_P(
    Garbage, AcceptEncodingTest,
    testing::Values(Case{"gzip;q=9", kIdentity}, Case{"gzip;q=-1", kIdentity},
                    Case{"gzip;q=nan", kIdentity}, Case{"gzip;q=", kIdentity},
                    Case{"gzip;q", kIdentity}, Case{"gzip;q=1.001", kIdentity},
                    Case{"gzip;q=0x1", kIdentity},
                    Case{"gzip;q=\"0.5", kIdentity},
                    Case{"gzip;q=9, gzip;q=0.1", kGzip},
                    Case{"gzipped", kIdentity}, Case{"not-gzip", kIdentity},
                    Case{"gzip deflate", kIdentity}, Case{"**", kIdentity},
                    Case{";q=1", kIdentity}, Case{"=;,=;,", kIdentity},
                    Case{std::string_view("gz\0ip", 5), kIdentity},
                    Case{"gzip;q=0.00000000000000000000000001", kIdentity}));

TEST(AcceptEncodingLengthTest, LongInputIsReadToItsEnd) {
  constexpr size_t kLong = 64 * 1024;
  std::string items;
  while (items.size() < kLong) items += "br;q=0.5,";
  EXPECT_EQ(ChooseBodyEncoding(items + "gzip"), kGzip);
  EXPECT_EQ(ChooseBodyEncoding(items), kIdentity);
  EXPECT_EQ(ChooseBodyEncoding(std::string(kLong, ',') + "gzip"), kGzip);
  EXPECT_EQ(ChooseBodyEncoding("gzip" + std::string(kLong, ';')), kGzip);
  EXPECT_EQ(ChooseBodyEncoding("gzip;q=0." + std::string(kLong, '9')), kGzip);
  EXPECT_EQ(ChooseBodyEncoding(std::string(kLong, 'g')), kIdentity);
}

}  // namespace
}  // namespace ebpf_exporter
