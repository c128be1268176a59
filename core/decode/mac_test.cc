#include "core/decode/mac.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;

TEST(MacDecoderTest, SixBytes) {
  std::string out = ">";
  EXPECT_EQ(MacDecoder().Decode("\x02\xfc\x00\x00\x00\x01"s, out).verdict,
            Verdict::kKeep);
  EXPECT_EQ(out, ">02:fc:00:00:00:01");
}

TEST(MacDecoderTest, OtherSizesAreErrors) {
  for (const size_t size : {0, 5, 7, 8}) {
    std::string out;
    EXPECT_EQ(MacDecoder().Decode(std::string(size, 'x'), out).reason,
              "mac_wrong_size");
  }
}

}  // namespace
}  // namespace ebpf_exporter
