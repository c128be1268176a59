#include "core/table/series_budget.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(SeriesBudgetTest, ChargesUpToTheLimitAndNotBeyond) {
  SeriesBudget budget(10);
  EXPECT_TRUE(budget.Charge(7));
  EXPECT_FALSE(budget.Charge(4));
  EXPECT_EQ(budget.used(), 7u);
  EXPECT_TRUE(budget.Charge(3));
  EXPECT_FALSE(budget.Charge(1));
}

TEST(SeriesBudgetTest, RefundsMakeRoom) {
  SeriesBudget budget(2);
  ASSERT_TRUE(budget.Charge(2));
  budget.Refund(1);
  EXPECT_TRUE(budget.Charge(1));
  EXPECT_FALSE(budget.Charge(1));
}

TEST(SeriesBudgetTest, HugeChargesDoNotWrap) {
  SeriesBudget budget(10);
  ASSERT_TRUE(budget.Charge(5));
  EXPECT_FALSE(budget.Charge(UINT64_MAX - 2));
}

}  // namespace
}  // namespace ebpf_exporter
