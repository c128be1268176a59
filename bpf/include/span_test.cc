#include <cstdint>
#include <optional>

#include "bpf/include/fake_maps.h"
#include "bpf/include/span.bpf.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

enum { kRead, kWrite };

class SpanTest : public ::testing::Test {
 protected:
  SpanTest() { At(1, 0); }

  // What follows is done by this thread, at this time.
  void At(uint32_t thread, uint64_t ns) {
    FakeTask() = {.pid_tgid = (uint64_t{77} << 32) | thread, .ns = ns};
  }

  std::optional<uint64_t> End(uint32_t kind) {
    __u64 ns = 0;
    if (!end_span(&spans_, kind, &ns)) return std::nullopt;
    return ns;
  }

  FakeMap spans_ = FakeMap::Hash(sizeof(span_key), sizeof(uint64_t), 16);
};

TEST_F(SpanTest, TakesFromItsBeginToItsEnd) {
  At(1, 100);
  begin_span(&spans_, kRead);
  At(1, 350);
  EXPECT_EQ(End(kRead), 250u);
  EXPECT_EQ(End(kRead), std::nullopt) << "it has ended";
  EXPECT_EQ(spans_.size(), 0u);
}

TEST_F(SpanTest, KindsLieWithinEachOther) {
  At(1, 100);
  begin_span(&spans_, kWrite);
  At(1, 200);
  begin_span(&spans_, kRead);
  At(1, 300);
  EXPECT_EQ(End(kRead), 100u);
  EXPECT_EQ(End(kWrite), 200u);
}

TEST_F(SpanTest, ThreadsHaveTheirOwn) {
  At(1, 100);
  begin_span(&spans_, kRead);
  At(2, 200);
  EXPECT_EQ(End(kRead), std::nullopt);
  At(1, 300);
  EXPECT_EQ(End(kRead), 200u);
}

TEST_F(SpanTest, ANewBeginForgetsTheOld) {
  At(1, 100);
  begin_span(&spans_, kRead);
  At(1, 200);
  begin_span(&spans_, kRead);
  At(1, 201);
  EXPECT_EQ(End(kRead), 1u);
}

}  // namespace
}  // namespace ebpf_exporter
