// What the programs about packets count of traffic on the loopback device. The
// rest of the host may add to it.

#include <netinet/ip_icmp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "bpf/programs/test/own_network.h"
#include "bpf/programs/test/sockets.h"
#include "gtest/gtest.h"
#include "tools/build/kernel_version.h"

namespace ebpf_exporter {
namespace {

class PacketsBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
  }
};

template <typename A, typename B>
std::string PairKey(const A& a, const B& b) {
  return Key(a) + Key(b);
}

// The sum of values whose keys have these bytes at the offset.
uint64_t SumOf(const Counted& counted, std::string_view map, size_t offset,
               const std::string& bytes) {
  uint64_t sum = 0;
  for (const auto& [key, value] : counted.Entries(map)) {
    if (key.compare(offset, bytes.size(), bytes) == 0) sum += value[0];
  }
  return sum;
}

// A socket with so small a receive buffer that few packets fill it.
void MakeNarrow(const Socket& socket) {
  const int one = 1;
  ASSERT_EQ(setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUF, &one, sizeof(one)),
            0);
}

// An ICMP message without its checksum, which the socket does not add.
std::string Echo(size_t bytes) {
  std::string message(bytes, '\0');
  message[0] = ICMP_ECHO;
  message[5] = 1;  // the lower byte of its id
  // One's complement of the words that are not zero.
  const uint16_t checksum =
      htons(static_cast<uint16_t>(~(ICMP_ECHO * 256 + 1)));
  memcpy(&message[2], &checksum, sizeof(checksum));
  return message;
}

void Ping(int times, size_t bytes = 64) {
  SendTo(Socket(SOCK_RAW, AF_INET, IPPROTO_ICMP), Loopback(0), Echo(bytes),
         times);
}

TEST_F(PacketsBpfTest, IcmpTellsTypesAndDirections) {
  constexpr uint32_t kSent = 0, kReceived = 1;
  const Counted counted("icmp");
  Ping(20);
  for (const uint32_t direction : {kSent, kReceived}) {
    for (const uint32_t type : {ICMP_ECHO, ICMP_ECHOREPLY}) {
      const uint64_t messages =
          counted.Value("icmp_messages_total", PairKey(direction, type));
      EXPECT_GE(messages, 20u) << direction << " " << type;
      EXPECT_LT(messages, 40u) << direction << " " << type;
    }
  }
}

TEST_F(PacketsBpfTest, UdpDropsCountsWhatDoesNotFit) {
  constexpr int kTimes = 100;
  const Counted counted("udp_drops");
  const Socket receiver(SOCK_DGRAM);
  MakeNarrow(receiver);
  const sockaddr_in address = Bind(receiver);
  SendTo(Socket(SOCK_DGRAM), address, std::string(1000, 'x'), kTimes);
  const uint32_t port = ntohs(address.sin_port);
  const int32_t error = -ENOMEM;
  const uint64_t dropped =
      counted.Value("udp_fail_queue_rcv_skbs_total", PairKey(port, error));
  EXPECT_GE(dropped, kTimes / 2u);
  EXPECT_LE(dropped, static_cast<uint64_t>(kTimes));
}

TEST_F(PacketsBpfTest, SocketMemoryCountsAQueueThatIsFull) {
  constexpr uint32_t kQueueFull = 0, kIcmp = IPPROTO_ICMP;
  const Counted counted("socket_memory");
  const bool done = InOwnNetwork([] {
    // Who may have sockets for echoes: group 0.
    std::ofstream("/proc/sys/net/ipv4/ping_group_range") << "0 0";
    const Socket pinger(SOCK_DGRAM, AF_INET, IPPROTO_ICMP);
    if (pinger.fd() < 0) return false;
    MakeNarrow(pinger);
    SendTo(pinger, Loopback(0), Echo(1000), 100);
    return true;
  });
  if (!done) GTEST_SKIP() << "no socket for echoes here";
  EXPECT_GE(counted.Value("socket_memory_shortages_total",
                          PairKey(kQueueFull, kIcmp)),
            50u);
}

TEST_F(PacketsBpfTest, KfreeSkbSaysWhyAndWhere) {
  constexpr uint32_t kUnknown = 0, kNoSocket = 3;
  const Counted counted("kfree_skb");
  SendTo(Socket(SOCK_DGRAM), ClosedPort(), "nobody listens", 100);
  const uint32_t reason = KernelIsAtLeast(5, 17) ? kNoSocket : kUnknown;
  const uint64_t dropped =
      SumOf(counted, "kfree_skb_total", sizeof(uint64_t), Key(reason));
  EXPECT_GE(dropped, 100u);
  for (const auto& [key, value] : counted.Entries("kfree_skb_total")) {
    uint64_t function;
    memcpy(&function, key.data(), sizeof(function));
    EXPECT_GE(function, uint64_t{1} << 63) << "no kernel address";
  }
}

TEST_F(PacketsBpfTest, NapiCountsWhatTheLoopbackDeviceDelivers) {
  const Counted counted("napi");
  SendTo(Socket(SOCK_DGRAM), ClosedPort(), "x", 1000);
  std::string none = "(none)";
  none.resize(16);
  const Numbers polls = counted.Slots("napi_devices", none);
  ASSERT_EQ(polls.size(), 3u);
  EXPECT_GE(polls[0], 1u) << "polls";
  EXPECT_GE(polls[1], 1000u) << "packets";
  EXPECT_LE(polls[2], polls[0]) << "polls that used up the budget";
}

TEST_F(PacketsBpfTest, NetPacketsCountsSizes) {
  constexpr uint32_t kSent = 0, kReceived = 1;
  constexpr size_t k1024 = 10;
  const Counted counted("net_packets");
  SendTo(Socket(SOCK_DGRAM), ClosedPort(), std::string(700, 'x'), 1000);
  for (const uint32_t direction : {kSent, kReceived}) {
    const Numbers slots =
        counted.Slots("net_packet_size_bytes", Key(direction));
    ASSERT_EQ(slots.size(), 19u);
    EXPECT_GE(slots[k1024], 1000u) << direction;
    EXPECT_GE(slots[18], 700'000u) << direction;
  }
}

TEST_F(PacketsBpfTest, XdpTellsProtocols) {
  constexpr uint32_t kIcmp = 4, kUdp = 6;
  const Counted counted("xdp");
  SendTo(Socket(SOCK_DGRAM), ClosedPort(), "x", 50);
  Ping(20);
  EXPECT_GE(counted.Value("xdp_incoming_packets_total", Key(kUdp)), 50u);
  EXPECT_GE(counted.Value("xdp_incoming_packets_total", Key(kIcmp)), 40u)
      << "requests and replies";
}

TEST_F(PacketsBpfTest, UnixSocketsCountsCallsAndBytes) {
  constexpr int kTimes = 100;
  const Counted counted("unix_sockets");
  for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, type, 0, ends), 0);
    char buffer[1000] = {};
    for (int i = 0; i < kTimes; ++i) {
      ASSERT_EQ(write(ends[0], buffer, sizeof(buffer)), 1000);
      ASSERT_EQ(read(ends[1], buffer, sizeof(buffer)), 1000);
    }
    close(ends[0]);
    close(ends[1]);
    for (const uint32_t direction : {0u, 1u}) {
      const Numbers traffic =
          counted.Slots("unix_socket_traffic",
                        PairKey(static_cast<uint32_t>(type), direction));
      ASSERT_EQ(traffic.size(), 2u) << type << " " << direction;
      EXPECT_GE(traffic[0], 1u * kTimes) << type << " " << direction;
      EXPECT_GE(traffic[1], 1000u * kTimes) << type << " " << direction;
      if (type != SOCK_SEQPACKET) continue;
      EXPECT_LT(traffic[0], 2u * kTimes) << "counted twice, " << direction;
    }
  }
}

// Mounts it, if need be, for this process alone.
bool HasTracefs() {
  constexpr char kHere[] = "/sys/kernel/tracing";
  if (access("/sys/kernel/tracing/events", F_OK) == 0) return true;
  return unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", kHere, "tracefs", 0, nullptr) == 0;
}

TEST_F(PacketsBpfTest, SocketErrorsTellsCallsAndErrors) {
  if (!HasTracefs()) GTEST_SKIP() << "tracefs cannot be mounted";
  constexpr uint32_t kBind = 0, kConnect = 1;
  const Counted counted("socket_errors");
  const Socket taken(SOCK_STREAM);
  const sockaddr_in address = Listen(taken, 1);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(
        bind(Socket(SOCK_STREAM).fd(),
             reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
        -1);
  }
  ConnectInVain(30);
  const auto errors = [&](uint32_t call, int32_t error) {
    return counted.Value("socket_errors_total", PairKey(call, error));
  };
  EXPECT_GE(errors(kBind, -EADDRINUSE), 20u);
  EXPECT_LT(errors(kBind, -EADDRINUSE), 40u);
  EXPECT_GE(errors(kConnect, -ECONNREFUSED), 30u);
  EXPECT_LT(errors(kConnect, -ECONNREFUSED), 60u);
}

TEST_F(PacketsBpfTest, NeighboursCountsWhatIsAddedAndRemoved) {
  enum : uint32_t { kCreate, kProbe, kUpdate, kRelease };
  constexpr uint32_t kIpv6 = 1;
  const Counted counted("neighbours");
  if (!InOwnNetwork([] { return AddAndRemoveNeighbours(50); })) {
    GTEST_SKIP() << "no IPv6 here";
  }
  for (const uint32_t event : {kCreate, kUpdate, kRelease}) {
    EXPECT_GE(counted.Value("neighbour_events_total", PairKey(kIpv6, event)),
              50u)
        << event;
  }
}

}  // namespace
}  // namespace ebpf_exporter
