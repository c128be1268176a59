// A network namespace that has only a loopback device, for tests that change
// what belongs to a network.

#ifndef EBPF_EXPORTER_BPF_PROGRAMS_TEST_OWN_NETWORK_H_
#define EBPF_EXPORTER_BPF_PROGRAMS_TEST_OWN_NETWORK_H_

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <thread>

#include "bpf/programs/test/sockets.h"

namespace ebpf_exporter {

// Calls `act` in a network of its own, in a thread, and gives its answer; false
// where there can be none.
template <typename Act>
bool InOwnNetwork(Act act);

// Adds so many IPv6 neighbours to the loopback device, and removes them. False
// if that is not possible.
bool AddAndRemoveNeighbours(uint8_t count);

// Implementation below.

namespace internal {

struct NeighbourRequest {
  nlmsghdr head = {};
  ndmsg neighbour = {};
  rtattr address_head = {};
  in6_addr address = {};
  rtattr link_head = {};
  uint8_t link[8] = {2, 0, 0, 0, 0, 1};  // six bytes, and two of alignment
};

// True if the kernel did what it was asked for.
inline bool Ask(const Socket& netlink, NeighbourRequest request, uint16_t what,
                uint16_t flags, uint8_t number) {
  request.head.nlmsg_len = sizeof(request);
  request.head.nlmsg_type = what;
  request.head.nlmsg_flags =
      static_cast<uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
  request.neighbour.ndm_family = AF_INET6;
  request.neighbour.ndm_ifindex = static_cast<int>(if_nametoindex("lo"));
  request.neighbour.ndm_state = NUD_PERMANENT;
  request.address_head = {RTA_LENGTH(sizeof(in6_addr)), NDA_DST};
  request.address.s6_addr[0] = 0xfd;
  request.address.s6_addr[15] = number;
  request.link_head = {RTA_LENGTH(6), NDA_LLADDR};
  if (send(netlink.fd(), &request, sizeof(request), 0) < 0) return false;
  struct {
    nlmsghdr head;
    nlmsgerr error;
    char rest[256];
  } answer = {};
  return recv(netlink.fd(), &answer, sizeof(answer), 0) > 0 &&
         answer.head.nlmsg_type == NLMSG_ERROR && answer.error.error == 0;
}

inline bool BringLoopbackUp() {
  ifreq request = {};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  return ioctl(Socket(SOCK_DGRAM).fd(), SIOCSIFFLAGS, &request) == 0;
}

}  // namespace internal

// A thread does not come back from the namespace.
template <typename Act>
bool InOwnNetwork(Act act) {
  bool done = false;
  std::thread([&] {
    done = unshare(CLONE_NEWNET) == 0 && internal::BringLoopbackUp() && act();
  }).join();
  return done;
}

inline bool AddAndRemoveNeighbours(uint8_t count) {
  const Socket netlink(SOCK_RAW, AF_NETLINK, NETLINK_ROUTE);
  for (uint8_t i = 1; i <= count; ++i) {
    if (!internal::Ask(netlink, {}, RTM_NEWNEIGH, NLM_F_CREATE, i) ||
        !internal::Ask(netlink, {}, RTM_DELNEIGH, 0, i)) {
      return false;
    }
  }
  return true;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_PROGRAMS_TEST_OWN_NETWORK_H_
