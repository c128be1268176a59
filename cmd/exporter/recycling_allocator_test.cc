#include "cmd/exporter/recycling_allocator.h"

#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(RecyclingAllocatorTest, ABlockGivenBackIsTheNextOne) {
  RecyclingAllocator<int> allocator;
  int* const first = allocator.allocate(3);
  int* const second = allocator.allocate(3);
  EXPECT_NE(first, second);
  allocator.deallocate(first, 3);
  EXPECT_EQ(allocator.allocate(3), first);
  allocator.deallocate(first, 3);
  allocator.deallocate(second, 3);
}

TEST(RecyclingAllocatorTest, ABlockServesItsOwnSizeAlone) {
  RecyclingAllocator<int> allocator;
  int* const three = allocator.allocate(3);
  allocator.deallocate(three, 3);
  int* const four = allocator.allocate(4);
  EXPECT_NE(four, three);
  allocator.deallocate(four, 4);
}

TEST(RecyclingAllocatorTest, MoreThanAreKeptGoBackToTheSystem) {
  RecyclingAllocator<int> allocator;
  std::vector<int*> blocks;
  for (int i = 0; i < 50; ++i) blocks.push_back(allocator.allocate(1));
  EXPECT_EQ(std::set<int*>(blocks.begin(), blocks.end()).size(), 50u);
  for (int* block : blocks) allocator.deallocate(block, 1);
}

TEST(RecyclingAllocatorTest, CountsOfSharedPointersUseTheSameMemory) {
  const RecyclingAllocator<int> allocator;
  const void* last = nullptr;
  for (int i = 0; i < 5; ++i) {
    const auto shared = std::allocate_shared<int>(allocator, i);
    EXPECT_EQ(*shared, i);
    EXPECT_TRUE(last == nullptr || last == shared.get());
    last = shared.get();
  }
}

// The last user frees what the allocator's owner no longer can.
TEST(RecyclingAllocatorTest, OutlivesItsOwner) {
  std::shared_ptr<int> shared;
  {
    const RecyclingAllocator<int> allocator;
    shared = std::allocate_shared<int>(allocator, 5);
  }
  EXPECT_EQ(*shared, 5);
}

TEST(RecyclingAllocatorTest, ManyThreadsMayUseIt) {
  const RecyclingAllocator<int> allocator;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&allocator] {
      for (int i = 0; i < 10'000; ++i) {
        const auto shared = std::allocate_shared<int>(allocator, i);
        ASSERT_EQ(*shared, i);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace ebpf_exporter
