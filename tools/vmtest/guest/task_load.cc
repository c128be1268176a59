#include "tools/vmtest/guest/task_load.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>

namespace {

constexpr size_t kMiB = 1 << 20;

bool Write(const std::string& file, const std::string& text) {
  std::ofstream out(file);
  out << text << std::flush;
  return out.good();
}

// In a process of its own, in a group of the v2 hierarchy with this limit. What
// waitpid() says of it.
int RunInGroup(const std::string& controller, const std::string& limit,
               const std::function<void()>& work) {
  const std::string root = "/sys/fs/cgroup";
  const std::string group = root + "/load_" + controller;
  Write(root + "/cgroup.subtree_control", "+" + controller);
  mkdir(group.c_str(), 0700);
  Write(group + "/" + controller + ".max", limit);
  const pid_t child = fork();
  if (child == 0) {
    if (!Write(group + "/cgroup.procs", "0")) _exit(1);
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  rmdir(group.c_str());
  return status;
}

void SpinFor(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace

int CallGetppid() {
  constexpr int kTimes = 50'000;
  for (int i = 0; i < kTimes; ++i) syscall(SYS_getppid);
  return kTimes;
}

int Sleep() {
  constexpr int kTimes = 100;
  constexpr timespec kMillisecond = {0, 1'000'000};
  for (int i = 0; i < kTimes; ++i) nanosleep(&kMillisecond, nullptr);
  return kTimes;
}

int WaitForChildrenOfVfork() {
  constexpr int kTimes = 50;
  for (int i = 0; i < kTimes; ++i) {
    const pid_t child = vfork();
    if (child == 0) {
      usleep(1000);
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
  return kTimes;
}

int SendSignals() {
  constexpr int kTimes = 500;
  signal(SIGUSR1, SIG_IGN);
  signal(SIGUSR2, [](int) {});
  for (int i = 0; i < kTimes; ++i) {
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR2);
  }
  return kTimes;
}

int MoveBetweenCpus() {
  constexpr int kTimes = 100;
  cpu_set_t all;
  sched_getaffinity(0, sizeof(all), &all);
  for (int i = 0; i < kTimes; ++i) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(i % 2, &one);
    sched_setaffinity(0, sizeof(one), &one);
  }
  sched_setaffinity(0, sizeof(all), &all);
  return kTimes - 1;
}

int UnmapPages() {
  constexpr int kTimes = 500;
  for (int i = 0; i < kTimes; ++i) {
    void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *static_cast<volatile char*>(page) = 1;
    munmap(page, 4096);
  }
  return kTimes / 2;
}

int UseUpCpuQuota() {
  RunInGroup("cpu", "10000 100000",
             [] { SpinFor(std::chrono::milliseconds(1000)); });
  return 3;
}

int WriteMoreThanMemory(const std::string& directory) {
  const std::string path = directory + "/large";
  RunInGroup("memory", std::to_string(16 * kMiB), [&] {
    const std::string block(kMiB, 'x');
    const int fd = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
    for (int i = 0; i < 64; ++i) {
      if (write(fd, block.data(), block.size()) < 0) break;
    }
    close(fd);
  });
  unlink(path.c_str());
  return 1;
}

int RunOutOfMemory() {
  const int status = RunInGroup("memory", std::to_string(32 * kMiB), [] {
    constexpr size_t kSize = 128 * kMiB;
    void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < kSize; i += 4096) {
      static_cast<volatile char*>(memory)[i] = 1;
    }
  });
  return WIFSIGNALED(status) ? 1 : 0;
}

int DropCaches() { return Write("/proc/sys/vm/drop_caches", "2") ? 1 : 0; }
