#include "cmd/exporter/bind_probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {
namespace {

// Each returns 0 or the errno of what failed.

int BindAndClose(int family, const sockaddr* address, socklen_t size) {
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const int error = bind(fd, address, size) == 0 ? 0 : errno;
  close(fd);
  return error;
}

int TryIpv4(const ListenAddress& address) {
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(address.port);
  inet_pton(AF_INET, address.host.c_str(), &to.sin_addr);
  return BindAndClose(AF_INET, reinterpret_cast<sockaddr*>(&to), sizeof(to));
}

int TryIpv6(const ListenAddress& address) {
  sockaddr_in6 to = {};
  to.sin6_family = AF_INET6;
  to.sin6_port = htons(address.port);
  inet_pton(AF_INET6, address.host.c_str(), &to.sin6_addr);
  return BindAndClose(AF_INET6, reinterpret_cast<sockaddr*>(&to), sizeof(to));
}

absl::Status CannotListen(const ListenAddress& address, int error) {
  absl::Status status = absl::ErrnoToStatus(
      error, absl::StrCat("cannot listen on ", address.ToString()));
  if (error != EADDRINUSE) return status;
  return absl::Status(status.code(),
                      absl::StrCat(status.message(),
                                   ": another process listens there (choose "
                                   "another with --web.listen-address)"));
}

}  // namespace

absl::StatusOr<ListenAddress> ProbeBind(const ListenAddress& address) {
  using Family = ListenAddress::Family;
  ListenAddress tried = address;
  if (tried.family == Family::kAny) tried.host = "::";
  int error = tried.family == Family::kIpv4 ? TryIpv4(tried) : TryIpv6(tried);
  if (address.family == Family::kAny &&
      (error == EAFNOSUPPORT || error == EADDRNOTAVAIL)) {
    tried = {Family::kIpv4, "0.0.0.0", address.port};
    error = TryIpv4(tried);
  }
  if (error != 0) return CannotListen(address, error);
  return tried.family == Family::kIpv4 ? tried : address;
}

}  // namespace ebpf_exporter
