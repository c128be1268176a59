#include "tools/vmtest/guest/churn_storms.h"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <utility>

namespace {

using std::chrono::milliseconds;

std::string NameOf(int number) { return "was" + std::to_string(number); }

// A child that is in the group from its first instruction on.
void LiveIn(const std::string& group) {
  const int fd = open(group.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  clone_args arguments = {};
  arguments.flags = CLONE_INTO_CGROUP;
  arguments.exit_signal = SIGCHLD;
  arguments.cgroup = static_cast<uint64_t>(fd);
  const auto child =
      static_cast<pid_t>(syscall(SYS_clone3, &arguments, sizeof(arguments)));
  if (child == 0) _exit(0);
  if (child > 0) waitpid(child, nullptr, 0);
  close(fd);
}

bool SetUp(int socket, const std::string& name, bool up) {
  ifreq request = {};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = up ? IFF_UP : 0;
  return ioctl(socket, SIOCSIFFLAGS, &request) == 0;
}

bool Rename(int socket, const std::string& from, const std::string& to) {
  ifreq request = {};
  from.copy(request.ifr_name, IFNAMSIZ - 1);
  to.copy(request.ifr_newname, IFNAMSIZ - 1);
  return ioctl(socket, SIOCSIFNAME, &request) == 0;
}

void SendFrame(int interface) {
  const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  sockaddr_ll to = {};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = interface;
  const char frame[60] = {};
  sendto(fd, frame, sizeof(frame), 0, reinterpret_cast<const sockaddr*>(&to),
         sizeof(to));
  close(fd);
}

}  // namespace

ChurnStorms::ChurnStorms(std::string groups, int interface, std::string module)
    : root_(std::move(groups)),
      interface_(interface),
      module_(std::move(module)) {
  threads_.emplace_back([this] { Fork(); });
  threads_.emplace_back([this] { MakeGroups(); });
  threads_.emplace_back([this] { RenameInterface(); });
  threads_.emplace_back([this] { ReloadModule(); });
}

ChurnStorms::~ChurnStorms() { stopped_ = true; }

void ChurnStorms::Fork() {
  while (!stopped_) {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    if (child > 0) waitpid(child, nullptr, 0);
    ++forks_;
  }
}

void ChurnStorms::MakeGroups() {
  while (!stopped_) MakeSomeGroups();
}

void ChurnStorms::MakeSomeGroups() {
  constexpr int kAtOnce = 100;
  const int first = groups_made_ + 1;
  const auto path = [&](int i) {
    return root_ + "/c" + std::to_string(first + i);
  };
  groups_made_ += kAtOnce;
  for (int i = 0; i < kAtOnce; ++i) {
    mkdir(path(i).c_str(), 0755);
    LiveIn(path(i));
  }
  for (int i = 0; i < kAtOnce; ++i) {
    groups_removed_ += rmdir(path(i).c_str()) == 0;
  }
}

void ChurnStorms::RenameInterface() {
  const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  SetUp(control, NameOf(0), true);
  while (!stopped_) {
    SendFrame(interface_);
    const int from = name_;
    next_name_ = from + 1;
    // Kernels before 6.2 rename no interface that is up.
    SetUp(control, NameOf(from), false);
    const bool renamed = Rename(control, NameOf(from), NameOf(from + 1));
    SetUp(control, NameOf(renamed ? from + 1 : from), true);
    if (renamed) name_ = from + 1;
    std::this_thread::sleep_for(milliseconds(200));
  }
  close(control);
}

void ChurnStorms::ReloadModule() {
  const int file = open(module_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  const size_t slash = module_.rfind('/') + 1;
  const std::string name =
      module_.substr(slash, module_.find('.', slash) - slash);
  while (!stopped_) {
    syscall(SYS_delete_module, name.c_str(), O_NONBLOCK);
    modules_loaded_ += syscall(SYS_finit_module, file, "", 0) == 0;
    std::this_thread::sleep_for(milliseconds(300));
  }
  close(file);
}
