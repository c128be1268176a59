#include "bpf/loader/verifier_log.h"

#include <cstring>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(LastWords, AreTheLastLineThatIsNotStatistics) {
  EXPECT_EQ(LastWords("func#0 @0\n"
                      "0: R1=ctx() R10=fp0\n"
                      "; *count += 1; @ mixed.bpf.c:15\n"
                      "9: (79) r1 = *(u64 *)(r0 +0)\n"
                      "R0 invalid mem access 'map_value_or_null'\n"
                      "verification time 24 usec\n"
                      "stack depth 8\n"
                      "processed 9 insns (limit 1000000) max_states_per_insn 0 "
                      "total_states 0 peak_states 0 mark_read 0\n"),
            "R0 invalid mem access 'map_value_or_null' (at: *count += 1; @ "
            "mixed.bpf.c:15)");
}

TEST(LastWords, WithoutSourceThereIsNone) {
  EXPECT_EQ(LastWords("0: (95) exit\nR0 !read_ok"), "R0 !read_ok");
}

TEST(LastWords, OfNothingAreNothing) {
  EXPECT_EQ(LastWords(""), "");
  EXPECT_EQ(LastWords("\n\nprocessed 9 insns\n"), "");
}

TEST(LastWords, FitOnOneLineOfATerminal) {
  const std::string words = LastWords(std::string(100000, 'x') + "\x1b[31m\t");
  EXPECT_LT(words.size(), 1000);
  EXPECT_EQ(LastWords("a\x1b[31mb\tc"), "a [31mb c");
}

TEST(LogBuffer, HoldsWhatTheKernelWrites) {
  LogBuffer log;
  ASSERT_NE(log.data(), nullptr);
  EXPECT_EQ(log.text(), "");
  std::strcpy(log.data(), "words");
  EXPECT_EQ(log.text(), "words");
  log.Clear();
  EXPECT_EQ(log.text(), "");
  std::memset(log.data(), 'x', log.size());  // no NUL left
  EXPECT_EQ(log.text().size(), log.size());
}

}  // namespace
}  // namespace ebpf_exporter
