// Inline code at the entry and the end of the kernel's functions, as typed
// programs: attached by the lines of the lists that it had as kprobes, counting
// what it reads without helpers. Needs a kernel that attaches fentry, and root
// or CAP_BPF and CAP_PERFMON.

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "bpf/inline/typed_objects.h"
#include "bpf/loader/fentry_support.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr int kTimes = 50;
// Set in no other file of a machine that runs tests.
constexpr int kStatus = O_RDWR | O_NOATIME | O_DSYNC | O_NONBLOCK | O_APPEND;
constexpr int kLargeFile = 0100000;

ProgramConfig Program() {
  ProgramConfig program;
  program.name = "typed_functions";
  program.kprobes = {{"do_sys_openat2", "on_open", {}},
                     {"vfs_read", "on_use", {}},
                     {"vfs_write", "on_use", {}}};
  program.kretprobes = {{"alloc_empty_file", "on_opened", {}}};
  return program;
}

// The values of a map by its keys, as numbers.
std::map<uint64_t, uint64_t> Read(const LoadedConfig& loaded,
                                  std::string_view name) {
  std::map<uint64_t, uint64_t> entries;
  for (const LoadedMap& map : loaded.maps) {
    if (map.shape.name != name) continue;
    absl::StatusOr<MapReader> reader = MapReader::Make(map.fd, map.shape);
    EXPECT_TRUE(reader.ok()) << reader.status();
    if (!reader.ok()) return entries;
    const absl::Status walked = reader->Walk([&](const EntryBatch& batch) {
      for (size_t i = 0; i < batch.count; ++i) {
        uint64_t key = 0, value = 0;
        std::memcpy(&key, batch.key(i), batch.key_size);
        std::memcpy(&value, batch.value(i), sizeof(value));
        entries[key] = value;
      }
    });
    EXPECT_TRUE(walked.ok()) << walked;
  }
  return entries;
}

TEST(TypedFunctionsTest, CountWhatThePointersLeadTo) {
  if (!CheckPrivileges().ok() || !KernelAttachesFentry()) {
    std::cerr << "*** SKIPPED: fentry cannot be attached here\n";
    GTEST_SKIP() << "needs fentry";
  }
  LoadResult result =
      Loader().Load(Program(), TypedObjects().front().bytes, "typed.bpf.o");
  for (const LoadFailure& failure : result.failures) {
    ADD_FAILURE() << failure.function << ": " << failure.detail;
  }
  ASSERT_TRUE(result.config.has_value());
  EXPECT_EQ(result.config->programs.size(), 4);
  const std::string path = testing::TempDir() + "/opened";
  for (int i = 0; i < kTimes; ++i) {
    const int file = open(path.c_str(), kStatus | O_CREAT | kLargeFile, 0600);
    ASSERT_GE(file, 0);
    char byte = 'a';
    EXPECT_EQ(write(file, &byte, 1), 1);
    EXPECT_EQ(pread(file, &byte, 1, 0), 1);
    close(file);
    EXPECT_LT(open("/no/such/file", O_RDONLY), 0);
  }
  const uint64_t status = kStatus | kLargeFile;
  EXPECT_EQ(Read(*result.config, "opens")[status | O_CREAT], kTimes);
  EXPECT_EQ(Read(*result.config, "opened")[status | O_CREAT], kTimes);
  EXPECT_EQ(Read(*result.config, "used")[status], 2 * kTimes);
}

}  // namespace
}  // namespace ebpf_exporter
