// A client for tests that sends any bytes over loopback TCP, well-formed or
// not, and can be idle, slow or deaf. Every wait has an end.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_HTTP_TEST_CLIENT_H_
#define EBPF_EXPORTER_CMD_EXPORTER_HTTP_TEST_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "tools/build/patience.h"

namespace ebpf_exporter {

class HttpTestClient {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // Connects to the port on 127.0.0.1, or on ::1. `receive_bytes` limits what
  // the kernel takes in for us; 0 leaves it.
  explicit HttpTestClient(int port, int family = AF_INET,
                          int receive_bytes = 0);
  HttpTestClient(HttpTestClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        received_(std::move(other.received_)) {}
  HttpTestClient& operator=(HttpTestClient&&) = delete;
  ~HttpTestClient() { Close(); }

  bool connected() const { return fd_ >= 0; }
  void Close();

  // False when the server has closed the connection, or takes no more.
  bool Send(std::string_view bytes);

  // What arrives until `mark` does (and includes it), the connection ends, or
  // time is up.
  std::string ReadUntil(std::string_view mark, Milliseconds timeout);

  // What arrives until the connection ends or time is up.
  std::string ReadAll(Milliseconds timeout = Milliseconds(10'000));

  // Reads one byte, and drops it; false if none arrives in time.
  bool ReadByte(Milliseconds timeout);

  // Whether the server ends the connection in time. Reads, and drops, the rest.
  bool IsClosedWithin(Milliseconds timeout);

 private:
  using Clock = std::chrono::steady_clock;

  // Appends to received_; false at the end of the connection or of the time.
  bool ReadSome(Clock::time_point deadline);

  int fd_ = -1;
  bool ended_ = false;
  std::string received_;  // and not yet returned
};

// Sends the request on a connection of its own and returns all of the answer.
inline std::string Fetch(int port, std::string_view request) {
  HttpTestClient client(port);
  client.Send(request);
  return client.ReadAll();
}

inline HttpTestClient::HttpTestClient(int port, int family, int receive_bytes) {
  fd_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_bytes > 0) {
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes,
               sizeof(receive_bytes));
  }
  sockaddr_in v4 = {};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<uint16_t>(port));
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6 = {};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = v4.sin_port;
  v6.sin6_addr = in6addr_loopback;
  const int result =
      family == AF_INET
          ? connect(fd_, reinterpret_cast<sockaddr*>(&v4), sizeof(v4))
          : connect(fd_, reinterpret_cast<sockaddr*>(&v6), sizeof(v6));
  if (result != 0) Close();
}

inline void HttpTestClient::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

inline bool HttpTestClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd wait = {fd_, POLLOUT, 0};
    if (poll(&wait, 1, 5'000) <= 0) return false;
    const ssize_t sent =
        send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

inline bool HttpTestClient::ReadSome(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<Milliseconds>(deadline - Clock::now());
  pollfd wait = {fd_, POLLIN, 0};
  if (left.count() <= 0 ||
      poll(&wait, 1, static_cast<int>(left.count())) <= 0) {
    return false;
  }
  char buffer[65536];
  const ssize_t size = recv(fd_, buffer, sizeof(buffer), 0);
  ended_ = size <= 0;
  if (!ended_) received_.append(buffer, static_cast<size_t>(size));
  return !ended_;
}

inline std::string HttpTestClient::ReadUntil(std::string_view mark,
                                             Milliseconds timeout) {
  const auto deadline = Clock::now() + timeout * Patience();
  while (received_.find(mark) == std::string::npos && ReadSome(deadline)) {
  }
  const size_t at = received_.find(mark);
  if (at == std::string::npos) return std::exchange(received_, {});
  std::string taken = received_.substr(0, at + mark.size());
  received_.erase(0, taken.size());
  return taken;
}

inline std::string HttpTestClient::ReadAll(Milliseconds timeout) {
  const auto deadline = Clock::now() + timeout * Patience();
  while (ReadSome(deadline)) {
  }
  return std::exchange(received_, {});
}

inline bool HttpTestClient::ReadByte(Milliseconds timeout) {
  pollfd wait = {fd_, POLLIN, 0};
  char byte;
  return poll(&wait, 1, static_cast<int>(timeout.count())) > 0 &&
         recv(fd_, &byte, 1, 0) == 1;
}

inline bool HttpTestClient::IsClosedWithin(Milliseconds timeout) {
  ReadAll(timeout);
  return ended_;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_HTTP_TEST_CLIENT_H_
