#include "core/config/nearest.h"

#include <array>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr std::array<std::string_view, 5> kWords = {
    "regexps", "static_map", "name", "allow_unknown", "size"};

TEST(EditDistanceTest, CountsLetters) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("abc", ""), 3u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
  EXPECT_EQ(EditDistance("name", "name"), 0u);
}

TEST(EditDistanceTest, SwappedNeighboursCountOnce) {
  EXPECT_EQ(EditDistance("nmae", "name"), 1u);
  EXPECT_EQ(EditDistance("sizee", "isze"), 2u);
}

TEST(NearestTest, FindsTheWordMeant) {
  EXPECT_EQ(Nearest("regexp", kWords), "regexps");
  EXPECT_EQ(Nearest("nmae", kWords), "name");
  EXPECT_EQ(Nearest("staticmap", kWords), "static_map");
  EXPECT_EQ(Nearest("allow_unkown", kWords), "allow_unknown");
}

TEST(NearestTest, NothingIsNear) {
  EXPECT_EQ(Nearest("zzz", kWords), std::nullopt);
  EXPECT_EQ(Nearest("", kWords), std::nullopt);
  EXPECT_EQ(Nearest("programs", kWords), std::nullopt);
  EXPECT_EQ(Nearest(std::string(1 << 20, 'n'), kWords), std::nullopt);
}

}  // namespace
}  // namespace ebpf_exporter
