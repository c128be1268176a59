#include "cmd/exporter/object_pool.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(ObjectPoolTest, LendsAgainWhatCameBack) {
  ObjectPool<std::string> pool(1);
  const std::string* first;
  {
    const auto lent = pool.Take();
    first = &*lent;
    *lent = "kept";
  }
  const auto lent = pool.Take();
  EXPECT_EQ(&*lent, first);
  EXPECT_EQ(*lent, "kept");
}

TEST(ObjectPoolTest, EachUserHasItsOwnAndNoMoreAreKept) {
  ObjectPool<std::string> pool(1);
  {
    const auto a = pool.Take();
    const auto b = pool.Take();
    EXPECT_NE(&*a, &*b);
    *a = "a";  // comes back last, when there is one already
    *b = "b";
  }
  const auto first = pool.Take();
  const auto second = pool.Take();
  EXPECT_EQ(*first, "b");
  EXPECT_EQ(*second, "");
}

}  // namespace
}  // namespace ebpf_exporter
