#include "bpf/host/interfaces.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::Contains;

TEST(InterfaceSourceTest, ListsLoopback) {
  InterfaceSource source;
  const std::optional<NumberedNames> names = source.Read();
  ASSERT_TRUE(names.has_value());
  EXPECT_THAT(*names, Contains(NumberedName{1, "lo"}));
}

TEST(InterfaceSourceTest, NothingHappensInBetween) {
  InterfaceSource source;
  source.Read();
  source.MayHaveChanged();
  EXPECT_FALSE(source.MayHaveChanged());
}

}  // namespace
}  // namespace ebpf_exporter
