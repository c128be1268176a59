// Sockets on the loopback device, for the loads.

#ifndef EBPF_EXPORTER_TOOLS_VMTEST_GUEST_LOOPBACK_H_
#define EBPF_EXPORTER_TOOLS_VMTEST_GUEST_LOOPBACK_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

inline sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline const sockaddr* Base(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// A socket at a free port; its address goes to `address`.
inline int Bound(int type, sockaddr_in& address) {
  const int fd = socket(AF_INET, type, 0);
  address = Loopback(0);
  socklen_t size = sizeof(address);
  (void)bind(fd, Base(address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return fd;
}

inline int Listen(int backlog, sockaddr_in& address) {
  const int fd = Bound(SOCK_STREAM, address);
  listen(fd, backlog);
  return fd;
}

// Whether it succeeds is part of the load.
inline void Connect(int fd, const sockaddr_in& address) {
  (void)connect(fd, Base(address), sizeof(address));
}

#endif  // EBPF_EXPORTER_TOOLS_VMTEST_GUEST_LOOPBACK_H_
