#include "benchmark/scrape/body_check.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kPage =
    "# TYPE m counter\n"
    "m{id=\"1\"} 5\n"
    "m{id=\"a b\"} 70\n"
    "m_other{id=\"1\"} 1000\n"
    "m{id=\"2\"} 18446744073709551615\n";

TEST(BodyCheckTest, AddsUpTheLinesAskedFor) {
  BodyCheck check("m", "m{");
  check.Take(kPage);
  EXPECT_EQ(check.lines(), 3);
  EXPECT_EQ(check.sum(), 74);
  EXPECT_EQ(check.bytes(), kPage.size());
}

TEST(BodyCheckTest, LinesMayArriveInPieces) {
  for (size_t size = 1; size < 20; ++size) {
    BodyCheck check("m", "m{");
    for (size_t at = 0; at < kPage.size(); at += size) {
      check.Take(kPage.substr(at, size));
    }
    EXPECT_EQ(check.lines(), 3) << size;
    EXPECT_EQ(check.sum(), 74) << size;
  }
}

uint64_t DigestOf(std::string_view page) {
  BodyCheck check("m", "m{");
  check.Take(page);
  return check.digest();
}

TEST(BodyCheckTest, TheDigestIsOfTheMetricAlone) {
  const uint64_t digest = DigestOf(kPage);
  EXPECT_EQ(DigestOf(absl::StrCat("other 5\n", kPage, "z 1\n")), digest);
  EXPECT_NE(DigestOf(kPage.substr(17)), digest);  // without the type
  EXPECT_NE(DigestOf(absl::StrReplaceAll(kPage, {{"70", "71"}})), digest);
  EXPECT_NE(DigestOf("m{} 1\nm{} 2\n"), DigestOf("m{} 2\nm{} 1\n"));
}

TEST(BodyCheckTest, WhatIsNotANumberAddsNothing) {
  BodyCheck check("m", "m{");
  check.Take("m{id=\"1\"} 5x\nm{id=\"2\"} 6\n");
  EXPECT_EQ(check.lines(), 2);
  EXPECT_EQ(check.sum(), 6);
}

}  // namespace
}  // namespace ebpf_exporter
