// CPUs that really go offline and come back: events are counted on each that is
// online, and none of those that came back is forgotten. Machines that are
// there for tests alone do this (tools/vmtest); others skip it.

#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <memory>
#include <optional>

#include "bpf/loader/event_counter.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/test_object.h"
#include "gtest/gtest.h"
#include "tools/build/test_machine.h"

namespace ebpf_exporter {
namespace {

constexpr char kSwitch[] = "/sys/devices/system/cpu/cpu1/online";
constexpr int kTimes = 200;

void RunOn(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0) << cpu;
}

void SetOnline(bool online) {
  RunOn(0);
  std::ofstream file(kSwitch);
  file << (online ? "1" : "0") << std::flush;
  ASSERT_TRUE(file.good()) << kSwitch;
}

class HotplugTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!MachineIsForTests() || access(kSwitch, W_OK) != 0) {
      GTEST_SKIP() << "takes a CPU offline: tried where tools/vmtest runs it";
    }
    ASSERT_TRUE(CheckPrivileges().ok());
  }
  void TearDown() override {
    if (access(kSwitch, W_OK) == 0 && MachineIsForTests()) SetOnline(true);
  }

  void Load(std::string_view object) {
    ProgramConfig config;
    config.name = "test";
    if (object == "hooks") config.kaddrs = {"vfs_read"};
    LoadResult result = Loader().Load(config, TestObject(object), object);
    ASSERT_TRUE(result.config.has_value()) << result.failures.back().detail;
    config_ = *std::move(result.config);
  }

  const LoadedMap& MapCalled(std::string_view name) const {
    for (const LoadedMap& map : config_->maps) {
      if (map.shape.name == name) return map;
    }
    ADD_FAILURE() << "no map " << name;
    return config_->maps.front();
  }

  std::optional<LoadedConfig> config_;
};

TEST_F(HotplugTest, EventsOfEachCpuAreCounted) {
  Load("events");
  const LoadedMap& map = MapCalled("perf_events");
  auto counter = EventCounter::Make(
      map.fd, map.shape,
      {.key_size = 8, .follow_pause = std::chrono::nanoseconds(0)});
  ASSERT_TRUE(counter.ok()) << counter.status();
  const auto counted = [&] {
    uint64_t mine = 0;
    (*counter)->Walk([&](const EntryBatch& batch) {
      for (size_t i = 0; i < batch.count; ++i) {
        uint32_t process = 0;
        std::memcpy(&process, batch.key(i), sizeof(process));
        if (process == static_cast<uint32_t>(getpid())) {
          std::memcpy(&mine, batch.value(i), sizeof(mine));
        }
      }
    });
    return mine;
  };
  uint64_t called = 0;
  const auto call_on = [&](int cpu) {
    counted();  // sees which CPUs there are
    RunOn(cpu);
    for (int i = 0; i < kTimes; ++i) syscall(SYS_getppid);
    called += kTimes;
    EXPECT_EQ(counted(), called) << cpu;
    EXPECT_TRUE((*counter)->status().ok()) << (*counter)->status();
  };
  call_on(1);
  SetOnline(false);
  call_on(0);
  SetOnline(true);
  call_on(1);
  SetOnline(false);  // and back before anybody looks
  SetOnline(true);
  counted();  // the next look sees what stands still
  call_on(1);
  call_on(0);
  EXPECT_EQ((*counter)->lost(), 0);
}

TEST_F(HotplugTest, PerfEventsOfEachCpuAreCounted) {
  Load("hooks");
  constexpr uint32_t kPageFault = 6;  // of hooks.bpf.c
  const LoadedMap& map = MapCalled("hits");
  const auto counted = [&] {
    uint64_t value = 0;
    absl::StatusOr<MapReader> reader = MapReader::Make(map.fd, map.shape);
    EXPECT_TRUE(reader.ok()) << reader.status();
    EXPECT_TRUE(reader
                    ->Walk([&](const EntryBatch& batch) {
                      for (size_t i = 0; i < batch.count; ++i) {
                        uint32_t key = 0;
                        std::memcpy(&key, batch.key(i), sizeof(key));
                        if (key != kPageFault) continue;
                        std::memcpy(&value, batch.value(i), sizeof(value));
                      }
                    })
                    .ok());
    return value;
  };
  const auto fault_on = [&](int cpu) {
    EXPECT_TRUE(config_->before_walk().ok());
    RunOn(cpu);
    const uint64_t before = counted();
    const size_t bytes = kTimes * static_cast<size_t>(getpagesize());
    auto* memory =
        static_cast<volatile char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    madvise(const_cast<char*>(memory), bytes, MADV_NOHUGEPAGE);
    for (size_t at = 0; at < bytes; at += getpagesize()) memory[at] = 1;
    munmap(const_cast<char*>(memory), bytes);
    EXPECT_GE(counted() - before, kTimes) << cpu;
  };
  fault_on(1);
  SetOnline(false);
  fault_on(0);
  SetOnline(true);
  fault_on(1);
  SetOnline(false);
  SetOnline(true);
  EXPECT_TRUE(config_->before_walk().ok());
  fault_on(1);
}

}  // namespace
}  // namespace ebpf_exporter
