#include <type_traits>

#include "bpf/include/typed_hook.bpf.h"
#include "gtest/gtest.h"

struct request;

TYPED_TP_BTF(block_rq_issue, issue, struct request* rq, unsigned int bytes) {
  return rq == nullptr ? static_cast<int>(bytes) : -1;
}

namespace ebpf_exporter {
namespace {

// What the loader reads from BTF: a constant pointer to a function of exactly
// these arguments.
static_assert(std::is_same_v<decltype(hook____issue),
                             void (*const)(request*, unsigned int)>);

TEST(TypedHookTest, TheHookIsData) { EXPECT_EQ(hook____issue, nullptr); }

TEST(TypedHookTest, TheFunctionTakesTheSameArguments) {
  EXPECT_EQ(issue(nullptr, 3), 3);
}

}  // namespace
}  // namespace ebpf_exporter
