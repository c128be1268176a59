// Counts events of a program in the running kernel.

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <future>
#include <map>
#include <thread>

#include "bpf/loader/event_counter.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/test_object.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

constexpr int kCalls = 1000;

class EventCounterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    ProgramConfig config;
    config.name = "test";
    LoadResult result =
        Loader().Load(config, TestObject("events"), "events.bpf.o");
    ASSERT_TRUE(result.config.has_value()) << result.failures.back().detail;
    config_ = *std::move(result.config);
  }

  std::unique_ptr<EventCounter> Make(std::string_view map,
                                     EventCounterOptions options) {
    for (const LoadedMap& known : config_.maps) {
      if (known.shape.name != map) continue;
      auto counter = EventCounter::Make(known.fd, known.shape, options);
      EXPECT_TRUE(counter.ok()) << counter.status();
      return counter.ok() ? *std::move(counter) : nullptr;
    }
    return nullptr;
  }

  // The count of this process's calls.
  static uint64_t Mine(EventCounter& counter) {
    uint64_t mine = 0;
    counter.Walk([&](const EntryBatch& batch) {
      for (size_t i = 0; i < batch.count; ++i) {
        uint32_t process = 0;
        std::memcpy(&process, batch.key(i), sizeof(process));
        if (process != static_cast<uint32_t>(getpid())) continue;
        std::memcpy(&mine, batch.value(i), sizeof(mine));
      }
    });
    return mine;
  }

  LoadedConfig config_;
};

void Call(int times) {
  for (int i = 0; i < times; ++i) syscall(SYS_getppid);
}

TEST_F(EventCounterTest, BothKindsCountEachEvent) {
  for (const char* map : {"perf_events", "ring_events"}) {
    const auto counter = Make(map, {.key_size = 8});
    ASSERT_NE(counter, nullptr);
    counter->Start();
    const uint64_t waiting = Mine(*counter);  // in the ring, from before
    Call(kCalls);
    EXPECT_EQ(Mine(*counter), waiting + kCalls) << map;
    Call(kCalls);
    EXPECT_EQ(Mine(*counter), waiting + 2 * kCalls) << map;
    EXPECT_EQ(counter->lost(), 0) << map;
    EXPECT_EQ(counter->malformed(), 0) << map;
  }
}

TEST_F(EventCounterTest, TheThreadTakesInMoreThanTheBufferHolds) {
  const auto counter = Make("perf_events", {.key_size = 8, .pages = 4});
  ASSERT_NE(counter, nullptr);
  counter->Start();
  for (int i = 0; i < 20; ++i) {
    Call(100);
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
  }
  EXPECT_EQ(Mine(*counter) + counter->lost(), 2000);
  EXPECT_EQ(counter->lost(), 0);
}

TEST_F(EventCounterTest, WhatTheBufferCannotHoldIsLostAndCounted) {
  const auto counter = Make("perf_events", {.key_size = 8, .pages = 1});
  ASSERT_NE(counter, nullptr);
  Call(10 * kCalls);  // nobody takes them in
  const uint64_t counted = Mine(*counter);
  EXPECT_LT(counted, 10 * kCalls);
  Call(1);  // the kernel tells of losses with the next event that fits
  Mine(*counter);
  EXPECT_GE(counter->lost() + counted, 10 * kCalls);
}

TEST_F(EventCounterTest, EntriesAreForgottenAfterTheInterval) {
  const auto counter =
      Make("ring_events",
           {.key_size = 8, .flush_interval = std::chrono::milliseconds(200)});
  ASSERT_NE(counter, nullptr);
  Call(kCalls);
  EXPECT_EQ(Mine(*counter), kCalls);
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
  EXPECT_EQ(Mine(*counter), 0);
  Call(1);
  EXPECT_EQ(Mine(*counter), 1);
}

TEST_F(EventCounterTest, ShortEventsAndTooManyKeysAreCounted) {
  const auto longer = Make("ring_events", {.key_size = 9});
  ASSERT_NE(longer, nullptr);
  Call(kCalls);
  EXPECT_EQ(Mine(*longer), 0);
  EXPECT_GE(longer->malformed(), kCalls);
  const auto none = Make("ring_events", {.key_size = 8, .max_keys = 0});
  Call(kCalls);
  EXPECT_EQ(Mine(*none), 0);
  EXPECT_GE(none->lost(), kCalls);
}

TEST_F(EventCounterTest, ASlowReceiverHoldsUpNobody) {
  const auto counter = Make("ring_events", {.key_size = 8});
  ASSERT_NE(counter, nullptr);
  counter->Start();
  Call(kCalls);
  std::future<uint64_t> other;
  counter->Walk([&](const EntryBatch& batch) {
    EXPECT_GT(batch.count, 0);
    other = std::async(std::launch::async, [&] {
      Call(kCalls);
      return Mine(*counter);
    });
    EXPECT_EQ(other.wait_for(std::chrono::seconds(20)),
              std::future_status::ready);
  });
  ASSERT_TRUE(other.valid());
  EXPECT_GE(other.get(), 2 * kCalls);
}

TEST_F(EventCounterTest, AWalkEndsWhileEventsKeepComing) {
  const auto counter = Make("ring_events", {.key_size = 8});
  ASSERT_NE(counter, nullptr);
  counter->Start();
  std::atomic<bool> done = false;
  std::thread busy([&] {
    while (!done) Call(kCalls);
  });
  uint64_t before = 0;
  for (int i = 0; i < 50 / Patience(); ++i) {
    const uint64_t now = Mine(*counter);
    EXPECT_GE(now, before);
    before = now;
  }
  done = true;
  busy.join();
}

TEST_F(EventCounterTest, CpusThatCannotBeHeardAreTold) {
  const std::string list = testing::TempDir() + "online";
  const auto online = [&list](std::string_view cpus) {
    std::ofstream(list, std::ios::trunc) << cpus << "\n";
  };
  online("0");
  const auto counter =
      Make("perf_events", {.key_size = 8,
                           .online_cpus = list,
                           .follow_pause = std::chrono::nanoseconds(0)});
  ASSERT_NE(counter, nullptr);
  cpu_set_t all;
  ASSERT_EQ(sched_getaffinity(0, sizeof(all), &all), 0);
  cpu_set_t first;
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  ASSERT_EQ(sched_setaffinity(0, sizeof(first), &first), 0);
  Call(kCalls);
  online("1023");  // CPU 0 goes, and one that cannot be opened comes
  EXPECT_EQ(Mine(*counter), kCalls);  // what it sent before is not lost
  EXPECT_THAT(std::string(counter->status().message()),
              testing::HasSubstr("events of a CPU that came"));
  Call(kCalls);
  EXPECT_EQ(Mine(*counter), kCalls);
  online("0");
  Mine(*counter);
  Call(kCalls);
  EXPECT_EQ(Mine(*counter), 2 * kCalls);
  EXPECT_TRUE(counter->status().ok()) << counter->status();
  sched_setaffinity(0, sizeof(all), &all);
}

TEST_F(EventCounterTest, OtherMapsAreRefused) {
  for (const LoadedMap& map : config_.maps) {
    if (map.shape.name != "calls") continue;
    EXPECT_TRUE(absl::IsInvalidArgument(
        EventCounter::Make(map.fd, map.shape, {}).status()));
  }
}

}  // namespace
}  // namespace ebpf_exporter
