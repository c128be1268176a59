#include "bpf/loader/glob.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(GlobTest, Matches) {
  EXPECT_TRUE(MatchesGlob("vfs_read", "vfs_read"));
  EXPECT_TRUE(MatchesGlob("vfs_*", "vfs_"));
  EXPECT_TRUE(MatchesGlob("*", ""));
  EXPECT_TRUE(MatchesGlob("*read*", "vfs_readv"));
  EXPECT_TRUE(MatchesGlob("a*b*c", "a_b_b_c"));
  EXPECT_TRUE(MatchesGlob("vfs_rea?", "vfs_read"));
  EXPECT_TRUE(MatchesGlob("", ""));
}

TEST(GlobTest, DoesNotMatch) {
  EXPECT_FALSE(MatchesGlob("vfs_read", "vfs_readv"));
  EXPECT_FALSE(MatchesGlob("vfs_read?", "vfs_read"));
  EXPECT_FALSE(MatchesGlob("a*b*c", "a_c_b"));
  EXPECT_FALSE(MatchesGlob("", "a"));
  EXPECT_FALSE(MatchesGlob("*?", ""));
}

TEST(GlobTest, ManyStarsEnd) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "*a";
  EXPECT_FALSE(MatchesGlob(pattern + "b", std::string(2000, 'a')));
}

TEST(GlobTest, Wildcards) {
  EXPECT_TRUE(HasWildcard("a*"));
  EXPECT_TRUE(HasWildcard("a?"));
  EXPECT_FALSE(HasWildcard("a.b"));
}

}  // namespace
}  // namespace ebpf_exporter
