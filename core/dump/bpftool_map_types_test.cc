#include "core/dump/bpftool_map_types.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(MapTypeOfNameTest, NamesHaveTheKernelsNumbers) {
  EXPECT_EQ(MapTypeOfName("hash"), MapType::kHash);
  EXPECT_EQ(MapTypeOfName("array"), MapType::kArray);
  EXPECT_EQ(MapTypeOfName("perf_event_array"), MapType::kPerfEventArray);
  EXPECT_EQ(MapTypeOfName("percpu_hash"), MapType::kPerCpuHash);
  EXPECT_EQ(MapTypeOfName("percpu_array"), MapType::kPerCpuArray);
  EXPECT_EQ(MapTypeOfName("lru_hash"), MapType::kLruHash);
  EXPECT_EQ(MapTypeOfName("lru_percpu_hash"), MapType::kLruPerCpuHash);
  EXPECT_EQ(MapTypeOfName("lpm_trie"), MapType::kLpmTrie);
  EXPECT_EQ(MapTypeOfName("ringbuf"), MapType::kRingBuf);
  EXPECT_EQ(static_cast<uint32_t>(MapTypeOfName("arena")), 33u);
}

TEST(MapTypeOfNameTest, OthersAreUnspecified) {
  EXPECT_EQ(MapTypeOfName(""), MapType::kUnspecified);
  EXPECT_EQ(MapTypeOfName("Hash"), MapType::kUnspecified);
  EXPECT_EQ(MapTypeOfName("type 77"), MapType::kUnspecified);
}

}  // namespace
}  // namespace ebpf_exporter
