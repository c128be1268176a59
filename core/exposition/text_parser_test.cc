#include "core/exposition/text_parser.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kGood =
    "# HELP a_total help \\\\ text\n"
    "# TYPE a_total counter\n"
    "a_total{l=\"x\\\"y\\\\\\n\",m=\"\"} 18446744073709551615\n"
    "# HELP h hist\n"
    "# TYPE h histogram\n"
    "h_bucket{d=\"1\",le=\"1e-06\"} 1\n"
    "h_bucket{d=\"1\",le=\"+Inf\"} 2\n"
    "h_sum{d=\"1\"} 0.5\n"
    "h_count{d=\"1\"} 2\n";

TEST(TextParserTest, ReadsAGoodPage) {
  const auto page = ParsePrometheusText(kGood);
  ASSERT_TRUE(page.ok()) << page.status();
  const ParsedSample& sample = page->at("a_total").samples.at(0);
  EXPECT_EQ(sample.Label("l"), "x\"y\\\n");
  EXPECT_EQ(sample.value, "18446744073709551615");
  EXPECT_EQ(page->at("h").type, "histogram");
  EXPECT_EQ(page->at("h").samples.size(), 4u);
}

// Replaces `from` in the good page; the result must be refused for `reason`.
void ExpectRefused(std::string_view from, std::string_view to,
                   std::string_view reason) {
  std::string text(kGood);
  const size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, from.size(), to);
  const auto page = ParsePrometheusText(text);
  ASSERT_FALSE(page.ok()) << text;
  EXPECT_NE(page.status().message().find(reason), std::string_view::npos)
      << page.status();
}

TEST(TextParserTest, RefusesWhatAScraperWould) {
  ExpectRefused("h_count{d=\"1\"} 2\n", "h_count{d=\"1\"} 2", "newline");
  ExpectRefused("{l=", "{l=\"\xff\",l=", "UTF-8");
  ExpectRefused("1e-06\"} 1", "1e-06\"} 3", "accumulate");
  ExpectRefused("h_count{d=\"1\"} 2", "h_count{d=\"1\"} 3", "count");
  ExpectRefused("\",le=\"+Inf\"} 2", "\",le=\"1e-07\"} 2", "ascend");
  ExpectRefused("a_total{", "b_total{", "outside");
  ExpectRefused("m=\"\"}", "m=\"\"", "comma");
  ExpectRefused("m=\"\"}", "m=\"}", "not end");
  ExpectRefused("x\\\"y", "x\\ty", "escape");
  ExpectRefused("} 1844", "}  x", "number");
  ExpectRefused(",m=", ",k=", "order");
  ExpectRefused("h_sum", "h_total", "type");
  ExpectRefused("h_sum{d=\"1\"} 0.5\n",
                "h_sum{d=\"1\"} 0.5\nh_sum{d=\"1\"} 0.5\n", "duplicate");
  ExpectRefused("# TYPE h", "# TYPE g", "without HELP");
}

}  // namespace
}  // namespace ebpf_exporter
