#include "core/exposition/gzip_inflate.h"

#include <optional>
#include <string>
#include <string_view>

#include "core/exposition/gzip_zlib.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string SampleText() {
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += "x_total{cpu=\"" + std::to_string(i * i) + "\"} 1\n";
  }
  return text;
}

TEST(GzipInflateTest, ReadsWhatZlibWrites) {
  const std::string text = SampleText();
  for (const int level : {0, 1, 6, 9}) {
    EXPECT_EQ(Gunzip(ZlibGzip(text, level)), text) << level;
  }
  EXPECT_EQ(Gunzip(ZlibGzip("", 6)), "");
  EXPECT_EQ(Gunzip(ZlibGzip("a", 6)), "a");  // a block of fixed codes
}

TEST(GzipInflateTest, RefusesDamage) {
  const std::string good = ZlibGzip(SampleText(), 6);
  EXPECT_EQ(Gunzip(good.substr(0, good.size() - 1)), std::nullopt);
  EXPECT_EQ(Gunzip(good + "x"), std::nullopt);
  for (const size_t at : {size_t{0}, size_t{3}, good.size() / 2,
                          good.size() - 5, good.size() - 1}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    EXPECT_EQ(Gunzip(bad), std::nullopt) << at;
  }
}

}  // namespace
}  // namespace ebpf_exporter
