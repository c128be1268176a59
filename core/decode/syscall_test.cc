#include "core/decode/syscall.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Decode(ByteView in, std::string_view machine = "x86_64") {
  std::string out = ">";
  const Outcome outcome = SyscallDecoder(machine).Decode(in, out);
  if (outcome.verdict == Verdict::kError) return std::string(outcome.reason);
  return out.substr(1);
}

TEST(SyscallDecoderTest, NamesAreTheKernels) {
  EXPECT_EQ(Decode("0"), "read");
  EXPECT_EQ(Decode("7"), "poll");
  EXPECT_EQ(Decode("17"), "pread64");
  EXPECT_EQ(Decode("35"), "nanosleep");
  EXPECT_EQ(Decode("60"), "exit");
  EXPECT_EQ(Decode("94"), "lchown");
  EXPECT_EQ(Decode("188"), "setxattr");
  EXPECT_EQ(Decode("189"), "lsetxattr");
  EXPECT_EQ(Decode("202"), "futex");
  EXPECT_EQ(Decode("231"), "exit_group");
  EXPECT_EQ(Decode("262"), "newfstatat");
  EXPECT_EQ(Decode("435"), "clone3");
  EXPECT_EQ(Decode("462"), "mseal");
}

TEST(SyscallDecoderTest, EachMachineHasItsNumbers) {
  EXPECT_EQ(Decode("63", "aarch64"), "read");
  EXPECT_EQ(Decode("64", "aarch64"), "write");
  EXPECT_EQ(Decode("94", "aarch64"), "exit_group");
  EXPECT_EQ(Decode("222", "aarch64"), "mmap");
  EXPECT_EQ(Decode("435", "aarch64"), "clone3");
  EXPECT_EQ(Decode("63", "riscv64"), "unknown_syscall:63");
  EXPECT_NE(Decode("63", ""), "unknown_syscall:63");
}

TEST(SyscallDecoderTest, WhatIsNotInTheTableIsUnknown) {
  EXPECT_EQ(Decode("340"), "unknown_syscall:340");
  EXPECT_EQ(Decode("470"), "unknown_syscall:470");
  EXPECT_EQ(Decode("9999"), "unknown_syscall:9999");
  EXPECT_EQ(Decode("-1"), "unknown_syscall:-1");
  EXPECT_EQ(Decode("18446744073709551615"),
            "unknown_syscall:18446744073709551615");
}

TEST(SyscallDecoderTest, TextThatIsNoNumberIsAnError) {
  EXPECT_EQ(Decode("read"), "syscall_not_a_number");
  EXPECT_EQ(Decode(""), "syscall_not_a_number");
}

}  // namespace
}  // namespace ebpf_exporter
