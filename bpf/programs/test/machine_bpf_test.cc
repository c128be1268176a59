// What the programs about the hardware count.

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"
#include "tools/build/sanitized.h"

namespace ebpf_exporter {
namespace {

class MachineBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
  }
};

// Interrupts on all CPUs by the name of their handler, of /proc/interrupts:
//
//             CPU0       CPU1
//    36:         0    4609339 PCI-MSIX-0000:00:02.0   1-edge      virtio1-req.0
std::map<std::string, uint64_t> Interrupts() {
  std::ifstream file("/proc/interrupts");
  std::map<std::string, uint64_t> interrupts;
  std::string line, word;
  std::getline(file, line);
  std::istringstream head(line);
  size_t cpus = 0;
  while (head >> word) ++cpus;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    uint64_t sum = 0, count;
    std::string number, chip, pin, name;
    if (!(words >> number) || number.find_first_not_of("0123456789:") == 0) {
      continue;  // those without a handler have letters
    }
    for (size_t i = 0; i < cpus && words >> count; ++i) sum += count;
    words >> chip >> pin;
    if (std::getline(words >> std::ws, name)) interrupts[name] += sum;
  }
  return interrupts;
}

// Has a disk interrupt, where there is one.
void WriteToDisk() {
  const std::string path =
      ::testing::TempDir() + "/irq." + std::to_string(getpid());
  const int fd = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(write(fd, "x", 1), 1);
    fsync(fd);
  }
  close(fd);
  unlink(path.c_str());
}

TEST_F(MachineBpfTest, IrqLatencyCountsAsTheKernelDoes) {
  auto before = Interrupts();
  const Counted counted("irq_latency");
  auto attached = Interrupts();
  WriteToDisk();
  auto done = Interrupts();
  const auto entries = counted.Entries("irq_service_latency_seconds");
  auto after = Interrupts();
  for (const auto& [name, times] : done) {
    // Handlers that share an interrupt have one line, which names them all.
    if (name.size() > 30 || name.find(',') != std::string::npos) continue;
    std::string key = name;
    key.resize(32);
    const auto found = entries.find(key);
    const uint64_t handled =
        found == entries.end() ? 0 : CountOf(found->second);
    // The kernel counts before the handler runs: one may be on its way.
    EXPECT_GE(handled + 1, times - attached[name]) << name;
    EXPECT_LE(handled, after[name] - before[name]) << name;
  }
}

TEST_F(MachineBpfTest, CpuIdleIsNoLongerThanTheTest) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const Counted counted("cpu_idle");
  uint64_t sleeps = 0, microseconds = 0;
  // A busy host may have no CPU that sleeps for a while.
  for (int i = 0; i < 100 && sleeps == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    for (const auto& [state, slots] : counted.Entries("cpu_idle_seconds")) {
      sleeps += CountOf(slots);
      microseconds += slots.back();
    }
  }
  const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(
      Clock::now() - start);
  if (sleeps == 0) GTEST_SKIP() << "no CPU was idle for two seconds";
  EXPECT_LE(microseconds, static_cast<uint64_t>(passed.count()) *
                              std::thread::hardware_concurrency());
}

// Busy until so much time of this thread's CPU has passed.
void Work(std::chrono::milliseconds time) {
  const clock_t end =
      clock() + static_cast<clock_t>(time.count()) * CLOCKS_PER_SEC / 1000;
  while (clock() < end) {
  }
}

TEST_F(MachineBpfTest, CpuSamplesAreTakenOnEachCpu) {
  enum : uint32_t { kIdle, kUser, kKernel };
  const Counted counted("cpu_samples");
  Work(std::chrono::milliseconds(500));
  const auto samples = [&](uint32_t mode) {
    return counted.Value("cpu_samples_total", Key(mode));
  };
  // 99 a second and CPU, of which an emulated one may miss many.
  EXPECT_GE(samples(kUser) + samples(kKernel), 40 / Patience());
  uint64_t by_function = 0;
  for (const auto& [key, value] : counted.Entries("cpu_kernel_samples_total")) {
    uint64_t at;
    memcpy(&at, key.data(), sizeof(at));
    EXPECT_GE(at, uint64_t{1} << 63) << "no kernel address";
    by_function += value[0];
  }
  // One CPU goes on sampling between the two readings.
  EXPECT_LE(by_function, samples(kKernel));
}

TEST_F(MachineBpfTest, HardwareEventsCountWhereThereAreAny) {
  if (access("/sys/bus/event_source/devices/cpu/events/cycles", F_OK) &&
      access("/sys/bus/event_source/devices/cpu/events/cpu-cycles", F_OK)) {
    GTEST_SKIP() << "NOT TRIED HERE: this machine has no hardware events";
  }
  const Counted counted("ipc");
  Work(std::chrono::milliseconds(500));
  for (const char* map : {"cpu_instructions_total", "cpu_cycles_total"}) {
    uint64_t sum = 0;
    for (const auto& [cpu, value] : counted.Entries(map)) sum += value[0];
    EXPECT_GE(sum, 10'000'000u) << map;
  }
}

TEST_F(MachineBpfTest, GetaddrinfoTellsOutcomes) {
  constexpr uint32_t kFound = 0, kFailed = 1;
  const Counted counted("getaddrinfo");
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST;
  const auto ask = [&](const char* name) {
    addrinfo* found = nullptr;
    const int error = getaddrinfo(name, nullptr, &hints, &found);
    if (error == 0) freeaddrinfo(found);
    return error;
  };
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask("127.0.0.1"), 0);
  for (int i = 0; i < 10; ++i) EXPECT_NE(ask("not a number"), 0);
  const auto calls = [&](uint32_t outcome) {
    return CountOf(counted.Slots("getaddrinfo_latency_seconds", Key(outcome)));
  };
  EXPECT_GE(calls(kFound), 20u);
  EXPECT_LT(calls(kFound), 40u);
  EXPECT_GE(calls(kFailed), 10u);
  EXPECT_LT(calls(kFailed), 20u);
}

// A compiler may leave out a pair of malloc and free.
void* Allocate(size_t bytes) {
  static void* (*volatile allocate)(size_t) = malloc;
  return allocate(bytes);
}

TEST_F(MachineBpfTest, MallocCountsCallsAndBytes) {
  if (kSanitized) GTEST_SKIP() << "sanitizers have a malloc of their own";
  constexpr size_t kTimes = 1000, kBytes = 10'000;
  const Counted counted("malloc");
  for (size_t i = 0; i < kTimes; ++i) free(Allocate(kBytes));
  uint64_t calls = 0, bytes = 0;
  for (const auto& [cgroup, asked] : counted.Entries("libc_malloc")) {
    ASSERT_EQ(asked.size(), 2u);
    calls += asked[0];
    bytes += asked[1];
  }
  EXPECT_GE(calls, kTimes);
  EXPECT_GE(bytes, kTimes * kBytes);
}

TEST_F(MachineBpfTest, CxxExceptionsAreThrownCaughtAndRethrown) {
  enum : uint32_t { kThrow, kCatch, kRethrow };
  const Counted counted("cxx_exceptions");
  for (int i = 0; i < 30; ++i) {
    try {
      try {
        throw std::runtime_error("known");
      } catch (const std::exception&) {
        throw;
      }
    } catch (const std::exception&) {
    }
  }
  const auto events = [&](uint32_t event) {
    return counted.Value("cxx_exceptions_total", Key(event));
  };
  if (events(kThrow) == 0) GTEST_SKIP() << "libstdc++ is linked statically";
  EXPECT_GE(events(kThrow), 30u);
  EXPECT_GE(events(kCatch), 60u);
  EXPECT_GE(events(kRethrow), 30u);
  EXPECT_LT(events(kThrow), 60u);
}

}  // namespace
}  // namespace ebpf_exporter
