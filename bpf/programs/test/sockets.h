// Sockets on the loopback device, for tests of programs that count traffic.

#ifndef EBPF_EXPORTER_BPF_PROGRAMS_TEST_SOCKETS_H_
#define EBPF_EXPORTER_BPF_PROGRAMS_TEST_SOCKETS_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {

class Socket {
 public:
  explicit Socket(int type, int family = AF_INET, int protocol = 0)
      : fd_(socket(family, type, protocol)) {}
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

inline sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline int Connect(const Socket& from, const sockaddr_in& to) {
  return connect(from.fd(), reinterpret_cast<const sockaddr*>(&to), sizeof(to));
}

// Binds to a free port, and returns it.
inline sockaddr_in Bind(const Socket& on) {
  sockaddr_in address = Loopback(0);
  auto* as_base = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  EXPECT_EQ(bind(on.fd(), as_base, size), 0);
  EXPECT_EQ(getsockname(on.fd(), as_base, &size), 0);
  return address;
}

inline sockaddr_in Listen(const Socket& on, int backlog) {
  const sockaddr_in address = Bind(on);
  EXPECT_EQ(listen(on.fd(), backlog), 0);
  return address;
}

inline void ConnectTimes(int times) {
  const Socket listener(SOCK_STREAM);
  const sockaddr_in address = Listen(listener, times);
  for (int i = 0; i < times; ++i) {
    const Socket client(SOCK_STREAM);
    EXPECT_EQ(Connect(client, address), 0);
    close(accept(listener.fd(), nullptr, nullptr));
  }
}

// A port where nobody listens: connections to it are refused.
inline sockaddr_in ClosedPort() { return Listen(Socket(SOCK_STREAM), 1); }

inline void ConnectInVain(int times) {
  const sockaddr_in closed = ClosedPort();
  for (int i = 0; i < times; ++i) {
    EXPECT_EQ(Connect(Socket(SOCK_STREAM), closed), -1);
  }
}

// That a packet was refused is told by the next call, which then sends none.
inline void SendTo(const Socket& from, const sockaddr_in& to,
                   std::string_view payload, int times) {
  for (int i = 0; i < times;) {
    if (sendto(from.fd(), payload.data(), payload.size(), 0,
               reinterpret_cast<const sockaddr*>(&to), sizeof(to)) >= 0) {
      ++i;
    } else {
      ASSERT_EQ(errno, ECONNREFUSED);
    }
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_PROGRAMS_TEST_SOCKETS_H_
