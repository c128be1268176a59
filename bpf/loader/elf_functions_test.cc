#include "bpf/loader/elf_functions.h"

#include <cstddef>
#include <random>

#include "bpf/host/read_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

extern "C" [[gnu::noinline, gnu::used]] int elf_functions_test_landmark() {
  return 42;
}

namespace ebpf_exporter {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ElfFunctionsTest, ListsThoseOfThisBinary) {
  const std::set<std::string> names = ElfFunctions(ReadFile("/proc/self/exe"));
  EXPECT_THAT(names, Contains("elf_functions_test_landmark"));
  EXPECT_THAT(names, Contains("main"));
  EXPECT_THAT(names, Not(Contains("environ")));  // data
}

TEST(ElfFunctionsTest, WhatIsNoElfFileHasNone) {
  EXPECT_THAT(ElfFunctions(""), IsEmpty());
  EXPECT_THAT(ElfFunctions("#!/bin/sh"), IsEmpty());
  EXPECT_THAT(ElfFunctions(std::string(4096, '\xff')), IsEmpty());
}

TEST(ElfFunctionsTest, DamageNeitherCrashesNorHangs) {
  const std::string whole = ReadFile("/proc/self/exe").substr(0, 1 << 18);
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    std::string file = whole.substr(0, random() % (whole.size() + 1));
    for (size_t at = 16; at < 64 && at < file.size(); at += 1 + random() % 8) {
      file[at] = static_cast<char>(random());
    }
    ElfFunctions(file);
  }
}

}  // namespace
}  // namespace ebpf_exporter
