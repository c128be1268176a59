// A known load for the programs of the catalogue: load DIRECTORY...
//
// Does a number of everything that they count, files in each of the directories
// (one for each file system), and prints what it did: NAME TIMES, one a line.

#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "tools/vmtest/guest/file_load.h"
#include "tools/vmtest/guest/loopback.h"
#include "tools/vmtest/guest/say.h"
#include "tools/vmtest/guest/task_load.h"
#include "tools/vmtest/guest/traffic_load.h"

namespace {

constexpr size_t kBlock = 4096;

int Fork() {
  constexpr int kTimes = 300;
  for (int i = 0; i < kTimes; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      if (i % 3 == 0) execl("/bin/true", "true", nullptr);
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
  return kTimes;
}

int StartThreads() {
  constexpr int kTimes = 300;
  for (int i = 0; i < kTimes; ++i) std::thread([] {}).join();
  return kTimes;
}

int TouchPages() {
  constexpr size_t kTimes = 2000;
  void* pages = mmap(nullptr, kTimes * kBlock, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  madvise(pages, kTimes * kBlock, MADV_NOHUGEPAGE);
  for (size_t i = 0; i < kTimes; ++i) {
    static_cast<volatile char*>(pages)[i * kBlock] = 1;
  }
  munmap(pages, kTimes * kBlock);
  return kTimes;
}

int ConnectInVain() {
  constexpr int kTimes = 50;
  sockaddr_in closed;
  close(Listen(1, closed));
  for (int i = 0; i < kTimes; ++i) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    Connect(client, closed);
    close(client);
  }
  return kTimes;
}

// The backlog holds one; the others ask again after a second.
int RetransmitSyns() {
  constexpr int kTimes = 4;
  sockaddr_in address;
  const int listener = Listen(0, address);
  std::vector<int> clients;
  for (int i = 0; i < kTimes; ++i) {
    clients.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    Connect(clients.back(), address);
  }
  sleep(3);
  for (const int client : clients) close(client);
  close(listener);
  return kTimes - 2;
}

int QueryDns() {
  constexpr int kTimes = 50;
  constexpr char kQuery[] =
      "\0\1\1\0\0\1\0\0\0\0\0\0\6vmtest\7example\0\0\1\0\1";
  for (int i = 0; i < kTimes; ++i) {
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    const sockaddr_in to = Loopback(53);
    sendto(fd, kQuery, sizeof(kQuery) - 1, 0, Base(to), sizeof(to));
    close(fd);
  }
  return kTimes;
}

}  // namespace

int main(int argc, char** argv) {
  Say("getppid", CallGetppid());
  Say("fork", Fork());
  Say("thread", StartThreads());
  Say("sleep", Sleep());
  Say("page", TouchPages());
  Say("tcp_connect", ConnectTcp());
  Say("tcp_refused", ConnectInVain());
  Say("tcp_retransmit", RetransmitSyns());
  Say("dns_query", QueryDns());
  Say("ping", Ping());
  Say("ping_overflow", OverflowPingSocket());
  Say("udp_overflow", OverflowUdpSocket());
  Say("tcp_window", FillTcpWindow());
  Say("tcp_unread", CloseUnread());
  Say("unix_message", TalkThroughUnixSockets());
  Say("neighbour", AddAndRemoveNeighbours());
  Say("exception", ThrowExceptions());
  Say("name", AskForNames());
  Say("malloc", AllocateMemory());
  Say("vfork", WaitForChildrenOfVfork());
  Say("signal", SendSignals());
  Say("migration", MoveBetweenCpus());
  Say("unmap", UnmapPages());
  Say("cpu_quota", UseUpCpuQuota());
  Say("oom_kill", RunOutOfMemory());
  for (int i = 1; i < argc; ++i) {
    Say(std::string("direct_write ") + argv[i], WriteDirectly(argv[i]));
    Say(std::string("cached_write ") + argv[i], WriteThroughTheCache(argv[i]));
    Say(std::string("use_file ") + argv[i], UseFile(argv[i]));
    Say(std::string("no_name ") + argv[i], RemoveNamesThatAreNotThere(argv[i]));
    Say(std::string("sync ") + argv[i], SyncFile(argv[i]));
    Say(std::string("memory_limit ") + argv[i], WriteMoreThanMemory(argv[i]));
  }
  Say("drop_caches", DropCaches());
}
