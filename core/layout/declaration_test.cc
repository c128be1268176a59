#include "core/layout/declaration.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(DeclarationTest, PutsTheNameWhereCPutsIt) {
  EXPECT_EQ(Declaration("__u64", "slot"), "__u64 slot");
  EXPECT_EQ(Declaration("char[32]", "disk"), "char disk[32]");
  EXPECT_EQ(Declaration("struct foo *", "p"), "struct foo *p");
  EXPECT_EQ(Declaration("__u32[2][3]", "g"), "__u32 g[2][3]");
  EXPECT_EQ(Declaration("__u32", ""), "__u32");
}

}  // namespace
}  // namespace ebpf_exporter
