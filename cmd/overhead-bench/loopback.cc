#include "cmd/overhead-bench/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"

namespace ebpf_exporter {
namespace {

sockaddr_in Address(uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Until the listener is shut down.
void Serve(int listener) {
  while (true) {
    const FileDescriptor peer(
        accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer.valid() && errno != EINTR && errno != ECONNABORTED) return;
    char byte = 0;
    while (peer.valid() && read(peer.get(), &byte, 1) == 1) {
      if (send(peer.get(), &byte, 1, MSG_NOSIGNAL) != 1) break;
    }
  }
}

}  // namespace

absl::StatusOr<LoopbackEcho> LoopbackEcho::Start() {
  FileDescriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = Address(0);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (!listener.valid() || bind(listener.get(), any, size) != 0 ||
      listen(listener.get(), SOMAXCONN) != 0 ||
      getsockname(listener.get(), any, &size) != 0) {
    return absl::ErrnoToStatus(errno, "cannot listen on 127.0.0.1");
  }
  return LoopbackEcho(std::move(listener), ntohs(address.sin_port));
}

LoopbackEcho::LoopbackEcho(FileDescriptor listener, uint16_t port)
    : listener_(std::move(listener)),
      port_(port),
      thread_([fd = listener_.get()] { Serve(fd); }) {}

LoopbackEcho::~LoopbackEcho() {
  if (!thread_.joinable()) return;  // moved from
  shutdown(listener_.get(), SHUT_RDWR);
  thread_.join();
}

FileDescriptor LoopbackEcho::Connect() const {
  FileDescriptor own(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = Address(port_);
  if (!own.valid() || connect(own.get(), reinterpret_cast<sockaddr*>(&address),
                              sizeof(address)) != 0) {
    return FileDescriptor();
  }
  // Resets in place of a wait for late packets, or ports run out.
  const linger at_once = {1, 0};
  setsockopt(own.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  return own;
}

bool LoopbackEcho::Exchange() const {
  const FileDescriptor own = Connect();
  char byte = 0;
  return own.valid() && send(own.get(), &byte, 1, MSG_NOSIGNAL) == 1 &&
         read(own.get(), &byte, 1) == 1;
}

}  // namespace ebpf_exporter
