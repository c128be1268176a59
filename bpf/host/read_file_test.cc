#include "bpf/host/read_file.h"

#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(ReadFile, KeepsEveryByte) {
  for (size_t size : {0, 1, 65536, 65537, 1000000}) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7);
    const std::string path = ::testing::TempDir() + "/read_file";
    std::ofstream(path, std::ios::binary) << bytes;
    EXPECT_EQ(ReadFile(path), bytes) << size;
  }
}

TEST(ReadFile, ReadsFilesOfUnknownSize) {
  EXPECT_THAT(ReadFile("/proc/self/status"), StartsWith("Name:"));
}

TEST(ReadFile, WhatCannotBeReadIsEmpty) {
  EXPECT_THAT(ReadFile("/nonexistent/file"), IsEmpty());
  EXPECT_THAT(ReadFile("/"), IsEmpty());
}

}  // namespace
}  // namespace ebpf_exporter
