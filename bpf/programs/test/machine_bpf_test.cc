// What the programs about the hardware count.

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"

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
    EXPECT_GE(handled, times - attached[name]) << name;
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

}  // namespace
}  // namespace ebpf_exporter
