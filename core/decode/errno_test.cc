#include "core/decode/errno.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Decode(ByteView in) {
  std::string out = ">";
  const Outcome outcome = ErrnoDecoder().Decode(in, out);
  if (outcome.verdict == Verdict::kError) return std::string(outcome.reason);
  EXPECT_EQ(outcome.sources, kNoSource);
  return out.substr(1);
}

TEST(ErrnoDecoderTest, NamesErrors) {
  EXPECT_EQ(Decode("1"), "EPERM");
  EXPECT_EQ(Decode("110"), "ETIMEDOUT");
  EXPECT_EQ(Decode("133"), "EHWPOISON");
}

TEST(ErrnoDecoderTest, SharedNumbersHaveTheNamesOfTheOriginals) {
  EXPECT_EQ(Decode("11"), "EAGAIN");
  EXPECT_EQ(Decode("35"), "EDEADLK");
  EXPECT_EQ(Decode("95"), "ENOTSUP");
}

TEST(ErrnoDecoderTest, ErrorsAsTheKernelReturnsThem) {
  EXPECT_EQ(Decode("-32"), "EPIPE");
  EXPECT_EQ(Decode("-512"), "unknown:-512");
  // What `uint` makes of a negative number is no error.
  EXPECT_EQ(Decode("4294967264"), "unknown:4294967264");
}

TEST(ErrnoDecoderTest, WhatHasNoNameIsUnknown) {
  for (const std::string_view number :
       {"0", "41", "58", "134", "9999", "512"}) {
    EXPECT_EQ(Decode(number), "unknown:" + std::string(number));
  }
}

TEST(ErrnoDecoderTest, TextThatIsNoNumberIsAnError) {
  EXPECT_EQ(Decode(""), "errno_not_a_number");
  EXPECT_EQ(Decode("EPIPE"), "errno_not_a_number");
}

}  // namespace
}  // namespace ebpf_exporter
