#include "cmd/exporter/config_names.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ConfigNamesTest, NamesAreBaseNames) {
  EXPECT_EQ(*ParseConfigNames("bio, timers,a.b"),
            (std::vector<std::string>{"bio", "timers", "a.b"}));
  for (const char* list :
       {"../../etc/passwd", "/etc/passwd", "bio,../x", "a/b", ".", "..", "",
        ",", "bio,", "bio,,timers", "a\nb", "bio,bio", " "}) {
    EXPECT_FALSE(ParseConfigNames(list).ok()) << list;
  }
  EXPECT_FALSE(ParseConfigNames(std::string(4096, 'a')).ok());
  EXPECT_TRUE(
      absl::StrContains(ParseConfigNames("../../etc/passwd").status().message(),
                        "\"../../etc/passwd\" is no name of a configuration"));
}

}  // namespace
}  // namespace ebpf_exporter
