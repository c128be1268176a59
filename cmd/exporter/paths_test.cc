#include "cmd/exporter/paths.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ResolvePathTest, RelativePathsStartAtTheDirectory) {
  EXPECT_EQ(ResolvePath("a/b.yaml", "/home/user"), "/home/user/a/b.yaml");
  EXPECT_EQ(ResolvePath("../b.yaml", "/home/user"), "/home/user/../b.yaml");
}

TEST(ResolvePathTest, AbsolutePathsStay) {
  EXPECT_EQ(ResolvePath("/etc/b.yaml", "/home/user"), "/etc/b.yaml");
}

TEST(ResolvePathTest, WithoutADirectoryPathsStay) {
  EXPECT_EQ(ResolvePath("b.yaml", ""), "b.yaml");
}

TEST(ResolvePathTest, NoPathStaysNone) {
  EXPECT_EQ(ResolvePath("", "/home/user"), "");
}

TEST(UserDirectoryTest, IsWhatBazelRunSays) {
  setenv("BUILD_WORKING_DIRECTORY", "/home/user", 1);
  EXPECT_EQ(UserDirectory(), "/home/user");
  unsetenv("BUILD_WORKING_DIRECTORY");
  EXPECT_EQ(UserDirectory(), "");
}

}  // namespace
}  // namespace ebpf_exporter
