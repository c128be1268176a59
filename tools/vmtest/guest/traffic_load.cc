#include "tools/vmtest/guest/traffic_load.h"

#include <linux/filter.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/ip_icmp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

#include "tools/vmtest/guest/loopback.h"

namespace {

void MakeNarrow(int fd) {
  const int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &one, sizeof(one));
}

void SendTimes(int fd, const sockaddr_in& to, const std::string& message,
               int times) {
  for (int i = 0; i < times; ++i) {
    sendto(fd, message.data(), message.size(), 0, Base(to), sizeof(to));
  }
}

// An ICMP message, for sockets that do not make its checksum.
std::string Echo(size_t bytes) {
  std::string message(bytes, '\0');
  message[0] = ICMP_ECHO;
  message[5] = 1;  // the lower byte of its id
  // One's complement of the words that are not zero.
  const uint16_t checksum =
      htons(static_cast<uint16_t>(~(ICMP_ECHO * 256 + 1)));
  std::memcpy(&message[2], &checksum, sizeof(checksum));
  return message;
}

struct Connection {
  Connection() {
    sockaddr_in address;
    const int listener = Listen(1, address);
    Connect(client, address);
    server = accept(listener, nullptr, nullptr);
    close(listener);
  }
  ~Connection() {
    close(server);
    close(client);
  }

  int client = socket(AF_INET, SOCK_STREAM, 0);
  int server = -1;
};

struct NeighbourRequest {
  nlmsghdr head = {};
  ndmsg neighbour = {};
  rtattr address_head = {RTA_LENGTH(sizeof(in6_addr)), NDA_DST};
  in6_addr address = {};
  rtattr link_head = {RTA_LENGTH(6), NDA_LLADDR};
  unsigned char link[8] = {2, 0, 0, 0, 0, 1};
};

// IPv6 neighbours: of IPv4 the loopback device has one for all addresses.
void AskForNeighbour(int netlink, uint16_t what, uint16_t flags,
                     unsigned char number) {
  NeighbourRequest request;
  request.head = {sizeof(request), what,
                  static_cast<uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags), 0,
                  0};
  request.neighbour.ndm_family = AF_INET6;
  request.neighbour.ndm_ifindex = static_cast<int>(if_nametoindex("lo"));
  request.neighbour.ndm_state = NUD_PERMANENT;
  request.address.s6_addr[0] = 0xfd;
  request.address.s6_addr[15] = number;
  char answer[512];
  if (send(netlink, &request, sizeof(request), 0) > 0) {
    (void)recv(netlink, answer, sizeof(answer), 0);
  }
}

}  // namespace

int ConnectTcp() {
  constexpr int kTimes = 200;
  sockaddr_in address;
  const int listener = Listen(kTimes, address);
  for (int i = 0; i < kTimes; ++i) {
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    Connect(client, address);
    const int server = accept(listener, nullptr, nullptr);
    if (write(client, "x", 1) != 1) return i;
    close(server);
    close(client);
  }
  close(listener);
  return kTimes;
}

int AskForAddressesInUse() {
  constexpr int kTimes = 20;
  sockaddr_in address;
  const int holder = Listen(1, address);
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    done +=
        bind(fd, Base(address), sizeof(address)) != 0 && errno == EADDRINUSE;
    close(fd);
  }
  close(holder);
  return done;
}

int AttachFilters() {
  constexpr int kTimes = 20;
  // One that takes every packet as it is.
  sock_filter take = {BPF_RET | BPF_K, 0, 0, 0xffff};
  const sock_fprog filter = {1, &take};
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    done += setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
                       sizeof(filter)) == 0;
  }
  close(fd);
  return done;
}

int Ping() {
  constexpr int kTimes = 40;
  const int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  SendTimes(fd, Loopback(0), Echo(64), kTimes);
  close(fd);
  return kTimes;
}

int OverflowPingSocket() {
  constexpr int kTimes = 100;
  // Who may have sockets for echoes: group 0.
  std::ofstream("/proc/sys/net/ipv4/ping_group_range") << "0 0";
  const int pinger = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
  MakeNarrow(pinger);
  SendTimes(pinger, Loopback(0), Echo(1000), kTimes);
  close(pinger);
  return kTimes / 2;
}

int OverflowUdpSocket() {
  constexpr int kTimes = 100;
  sockaddr_in address;
  const int receiver = Bound(SOCK_DGRAM, address);
  MakeNarrow(receiver);
  const int sender = socket(AF_INET, SOCK_DGRAM, 0);
  SendTimes(sender, address, std::string(1000, 'x'), kTimes);
  close(sender);
  close(receiver);
  return kTimes / 2;
}

int FillTcpWindow() {
  const Connection connection;
  const std::string buffer(size_t{64} << 10, 'x');
  while (send(connection.client, buffer.data(), buffer.size(), MSG_DONTWAIT) >
         0) {
    usleep(1000);
  }
  sleep(1);
  return 1;
}

// The kernel resets a connection that is closed with data in it.
int CloseUnread() {
  constexpr int kTimes = 50;
  char byte = 'x';
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    const Connection connection;
    done += write(connection.client, &byte, 1) == 1 &&
            recv(connection.server, &byte, 1, MSG_PEEK) == 1;
  }
  return done;
}

int TalkThroughUnixSockets() {
  constexpr int kTimes = 100;
  int done = 0;
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    int ends[2];
    if (socketpair(AF_UNIX, type, 0, ends) != 0) return 0;
    char byte = 'x';
    for (int i = 0; i < kTimes; ++i) {
      done += write(ends[0], &byte, 1) == 1 && read(ends[1], &byte, 1) == 1;
    }
    close(ends[0]);
    close(ends[1]);
  }
  return done;
}

int AddAndRemoveNeighbours() {
  constexpr unsigned char kTimes = 50;
  const int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  for (unsigned char i = 1; i <= kTimes; ++i) {
    AskForNeighbour(netlink, RTM_NEWNEIGH, NLM_F_CREATE, i);
    AskForNeighbour(netlink, RTM_DELNEIGH, 0, i);
  }
  close(netlink);
  return kTimes;
}

int ThrowExceptions() {
  constexpr int kTimes = 100;
  for (int i = 0; i < kTimes; ++i) {
    try {
      try {
        throw std::runtime_error("part of the load");
      } catch (const std::exception&) {
        throw;
      }
    } catch (const std::exception&) {
    }
  }
  return kTimes;
}

int AskForNames() {
  constexpr int kTimes = 50;
  addrinfo hints = {};
  hints.ai_flags = AI_NUMERICHOST;
  int done = 0;
  for (int i = 0; i < kTimes; ++i) {
    addrinfo* found = nullptr;
    if (getaddrinfo("127.0.0.1", nullptr, &hints, &found) != 0) continue;
    freeaddrinfo(found);
    done += getaddrinfo("no number", nullptr, &hints, &found) != 0;
  }
  return done;
}

int AllocateMemory() {
  constexpr int kTimes = 1000;
  // The compiler may leave out a pair of malloc and free.
  static void* (*volatile allocate)(size_t) = std::malloc;
  for (int i = 0; i < kTimes; ++i) std::free(allocate(100));
  return kTimes;
}
