#include "core/decode/name_list.h"

#include <array>
#include <set>
#include <string_view>

#include "core/decode/errno_names.h"
#include "core/decode/syscall_names.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(NameListTest, AHyphenIsNoName) {
  constexpr std::array kNames = NameList<4>("read - open x");
  EXPECT_EQ(kNames[0], "read");
  EXPECT_EQ(kNames[1], "");
  EXPECT_EQ(kNames[2], "open");
  EXPECT_EQ(kNames[3], "x");
}

template <typename Names>
void ExpectEachNameOnce(const Names& names) {
  std::set<std::string_view> seen;
  for (const std::string_view name : names) {
    if (name.empty()) continue;
    EXPECT_TRUE(seen.insert(name).second) << name;
    EXPECT_EQ(name.find_first_of(" -\"\\\n"), std::string_view::npos) << name;
  }
}

TEST(NameListTest, NoNameStandsTwice) {
  ExpectEachNameOnce(kErrnoNames);
  ExpectEachNameOnce(kX8664Syscalls);
  ExpectEachNameOnce(kArm64Syscalls);
}

TEST(NameListTest, NewerCallsHaveOneNumberEverywhere) {
  for (size_t number = 424; number < kX8664Syscalls.size(); ++number) {
    if (kX8664Syscalls[number] == "memfd_secret") continue;
    EXPECT_EQ(kArm64Syscalls[number], kX8664Syscalls[number]) << number;
  }
  EXPECT_EQ(kArm64Syscalls[451], "cachestat");
}

}  // namespace
}  // namespace ebpf_exporter
