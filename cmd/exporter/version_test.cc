#include "cmd/exporter/version.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::AnyOf;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(VersionTest, TextIsExactlyThis) {
  EXPECT_EQ(VersionText({"1.2", "abc", "main", "gcc 12.2.0", "amd64"}, "v1.5"),
            "ebpf_exporter, version 1.2 (branch: main, revision: abc)\n"
            "  compiler: gcc 12.2.0\n"
            "  platform: linux/amd64\n"
            "  libbpf:   v1.5\n");
}

TEST(VersionTest, ThisBuildIsFilledIn) {
  const BuildInfo build = ThisBuild();
  EXPECT_THAT(build.version, Not(""));
  EXPECT_THAT(build.branch, Not(""));
  EXPECT_THAT(build.revision, AnyOf("unknown", MatchesRegex("[0-9a-f]{40}.*")));
  EXPECT_THAT(build.compiler, MatchesRegex("(gcc|clang) [0-9.]+"));
}

}  // namespace
}  // namespace ebpf_exporter
