#include "bpf/host/interfaces.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ebpf_exporter {

InterfaceSource::~InterfaceSource() {
  if (socket_ >= 0) close(socket_);
}

void InterfaceSource::Listen() {
  socket_ = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
                   NETLINK_ROUTE);
  if (socket_ < 0) return;
  sockaddr_nl address = {};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  if (bind(socket_, reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0) {
    close(socket_);
    socket_ = -1;
  }
}

std::optional<NumberedNames> InterfaceSource::Read() {
  if (socket_ < 0) Listen();
  struct if_nameindex* const list = if_nameindex();
  if (list == nullptr) return std::nullopt;
  NumberedNames names;
  for (struct if_nameindex* one = list; one->if_index != 0; ++one) {
    names.push_back({one->if_index, one->if_name});
  }
  if_freenameindex(list);
  return names;
}

bool InterfaceSource::MayHaveChanged() {
  if (socket_ < 0) return true;
  bool changed = false;
  // What the messages say does not matter, nor that some did not fit (ENOBUFS).
  // Bounded: of an endless flood the rest waits for the next walk.
  for (int i = 0; i < 4096; ++i) {
    char message[1];
    const ssize_t got =
        recv(socket_, message, sizeof(message), MSG_DONTWAIT | MSG_TRUNC);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    changed = true;
    if (got < 0 && errno != ENOBUFS) break;
  }
  return changed;
}

}  // namespace ebpf_exporter
