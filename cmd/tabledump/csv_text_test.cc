#include "cmd/tabledump/csv_text.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Csv(std::string_view text) {
  std::string out;
  AppendCsvField(text, out);
  return out;
}

TEST(CsvFieldTest, IsQuotedWhereItHasToBe) {
  EXPECT_EQ(Csv(""), "");
  EXPECT_EQ(Csv("sda 1"), "sda 1");
  EXPECT_EQ(Csv("a,b"), "\"a,b\"");
  EXPECT_EQ(Csv("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(Csv("a\nb"), "\"a\nb\"");
  EXPECT_EQ(Csv("a\rb"), "\"a\rb\"");
}

}  // namespace
}  // namespace ebpf_exporter
