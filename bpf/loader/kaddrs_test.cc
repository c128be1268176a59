#include "bpf/loader/kaddrs.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr std::string_view kSymbols =
    "ffffffff81000000 T _stext\n"
    "ffffffff82000010 d my_jiffies\n"
    "ffffffff82000018 D jiffies\n"
    "ffffffff81000100 t twice\n"
    "ffffffff81000200 t twice\n"
    "ffffffffc0000000 t of_module\t[mod]\n";

TEST(KaddrsTest, FindsWholeNamesAlone) {
  const auto found =
      ResolveKaddrs({"jiffies", "_stext", "twice", "of_module"}, kSymbols);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found, ElementsAre(Pair("kaddr_jiffies", 0xffffffff82000018),
                                  Pair("kaddr__stext", 0xffffffff81000000),
                                  Pair("kaddr_twice", 0xffffffff81000200),
                                  Pair("kaddr_of_module", 0xffffffffc0000000)));
}

TEST(KaddrsTest, AMissingSymbolIsNamed) {
  const auto found = ResolveKaddrs({"jiffies", "jiff"}, kSymbols);
  EXPECT_TRUE(absl::IsNotFound(found.status()));
  EXPECT_THAT(std::string(found.status().message()), HasSubstr("\"jiff\""));
  EXPECT_TRUE(absl::IsNotFound(ResolveKaddrs({"jiffies"}, "").status()));
}

TEST(KaddrsTest, HiddenAddressesAreNoAddresses) {
  const auto found = ResolveKaddrs({"jiffies"}, "0000000000000000 D jiffies\n");
  EXPECT_TRUE(absl::IsPermissionDenied(found.status()));
  EXPECT_THAT(std::string(found.status().message()), HasSubstr("CAP_SYSLOG"));
}

}  // namespace
}  // namespace ebpf_exporter
