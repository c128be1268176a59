#include "core/exposition/text_block.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(BlockHolderTest, UsesWhatIsLent) {
  TextBlock lent;
  const BlockHolder holder(&lent);
  EXPECT_EQ(holder.bytes(), lent.bytes());
}

TEST(BlockHolderTest, HasItsOwnOtherwise) {
  const BlockHolder one(nullptr);
  const BlockHolder other(nullptr);
  one.bytes()[TextBlock::kSize - 1] = 'a';
  other.bytes()[TextBlock::kSize - 1] = 'b';
  EXPECT_EQ(one.bytes()[TextBlock::kSize - 1], 'a');
}

}  // namespace
}  // namespace ebpf_exporter
