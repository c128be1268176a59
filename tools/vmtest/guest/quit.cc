// Ends the virtual machine with an exit status once it gets SIGTERM: quit
// STATUS. Kernels of the cloud have no /dev/port, and only a device of qemu's
// makes it exit with one. A kernel that is locked down lets nobody have ports
// any more, so this asks for its own at once and then waits.

#include <signal.h>
#include <sys/io.h>
#include <sys/reboot.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr uint16_t kExitPort = 0xf4;

}  // namespace

int main(int argc, char** argv) {
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_BLOCK, &term, nullptr);
  const int status = argc > 1 ? std::atoi(argv[1]) : 1;
  if (ioperm(kExitPort, 4, 1) != 0) {
    std::perror("ioperm");
    reboot(RB_POWER_OFF);
    return 1;
  }
  int received = 0;
  sigwait(&term, &received);
  // 0 would look like an error of qemu's own.
  outl(static_cast<unsigned>(status) + 1, kExitPort);
  return 0;
}
