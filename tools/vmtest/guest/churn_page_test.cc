#include "tools/vmtest/guest/churn_page.h"

#include "gtest/gtest.h"

namespace {

constexpr Names kNames = {.groups = 20, .first_name = 3, .last_name = 4};

TEST(ChurnPageTest, WhatWasMadeMayBeThere) {
  const PageReport report = CheckPage(
      "# HELP a b\n"
      "a{cgroup=\"/churn/c20\"} 1\n"
      "a{cgroup=\"/sys/fs/cgroup/churn/c1 (deleted)\"} 1\n"
      "a{cgroup=\"/churn\"} 1\n"
      "a{cgroup=\"/\"} 1\n"
      "b{interface=\"was4\"} 1\n"
      "b{interface=\"lo\"} 1\n",
      kNames);
  EXPECT_EQ(report.wrong, "");
  EXPECT_EQ(report.series, 6u);
  EXPECT_EQ(report.groups, 3u);
  EXPECT_EQ(report.interfaces, 1u);
}

TEST(ChurnPageTest, WhatCannotBeIsNamed) {
  EXPECT_EQ(CheckPage("a{x=\"1\"} 1\na{x=\"1\"} 2\n", kNames).wrong,
            "twice: a{x=\"1\"}\n");
  EXPECT_EQ(CheckPage("a{cgroup=\"/churn/c21\"} 1\n", kNames).wrong,
            "no such group: a{cgroup=\"/churn/c21\"}\n");
  EXPECT_EQ(CheckPage("a{cgroup=\"/churn/c2x\"} 1\n", kNames).wrong,
            "no such group: a{cgroup=\"/churn/c2x\"}\n");
  for (const char* stale : {"was2", "was5", "was", "was3x"}) {
    const std::string line = std::string("b{interface=\"") + stale + "\"}";
    EXPECT_EQ(CheckPage(line + " 1\n", kNames).wrong,
              "not its name then: " + line + "\n");
  }
}

}  // namespace
