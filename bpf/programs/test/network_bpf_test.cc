// What tcp, dns, softirq_latency and timers count of traffic on the loopback
// device. The rest of the host may add to all but the names asked for.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "bpf/programs/test/sockets.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr uint32_t kIpv4 = 0;

class NetworkBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
  }
};

TEST_F(NetworkBpfTest, TcpCountsConnectionsAndFailures) {
  const Counted counted("tcp");
  ConnectTimes(100);
  ConnectInVain(30);
  const Numbers latency =
      counted.Slots("tcp_connect_latency_seconds", Key(kIpv4));
  ASSERT_EQ(latency.size(), 28u);
  EXPECT_GE(CountOf(latency), 100u);
  EXPECT_LT(CountOf(latency), 200u);
  const uint64_t failures =
      counted.Value("tcp_connect_failures_total", Key(kIpv4));
  EXPECT_GE(failures, 30u);
  EXPECT_LT(failures, 60u);
  EXPECT_LT(counted.Entries("tcp_connecting_since").size(), 30u)
      << "connections are not forgotten when they are made or fail";
}

TEST_F(NetworkBpfTest, TcpCountsWhatIsSentAgain) {
  const Counted counted("tcp");
  const Socket listener(SOCK_STREAM);
  const sockaddr_in address = Listen(listener, 0);
  // The backlog holds one; the others are not answered and ask again after 1 s.
  std::vector<std::unique_ptr<Socket>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<Socket>(SOCK_STREAM));
    fcntl(clients.back()->fd(), F_SETFL, O_NONBLOCK);
    Connect(*clients.back(), address);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_GE(counted.Value("tcp_retransmits_total", Key(kIpv4)), 3u);
}

TEST_F(NetworkBpfTest, TimersCountsByFunction) {
  const Counted counted("timers");
  ConnectTimes(100);
  uint64_t started = 0;
  for (const auto& [key, value] : counted.Entries("timers_started_total")) {
    uint64_t function;
    ASSERT_EQ(key.size(), sizeof(function));
    memcpy(&function, key.data(), sizeof(function));
    EXPECT_GE(function, uint64_t{1} << 63) << "no kernel address";
    started += value[0];
  }
  EXPECT_GE(started, 100u);  // each SYN has a timer
}

// A DNS message with one question of type A; `flags` is its third byte.
std::string Message(std::string_view wire_name, char flags) {
  std::string message = {0, 1, flags, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  message += wire_name;
  message += std::string("\0\0\1\0\1", 5);
  return message;
}

constexpr char kQuery = 1, kResponse = '\x80';

void SendTo53(const std::string& payload, int times) {
  SendTo(Socket(SOCK_DGRAM), Loopback(53), payload, times);
}

void SendTo53OverIpv6(const std::string& payload, int times) {
  const Socket socket(SOCK_DGRAM, AF_INET6);
  sockaddr_in6 to = {};
  to.sin6_family = AF_INET6;
  to.sin6_port = htons(53);
  to.sin6_addr = in6addr_loopback;
  for (int i = 0; i < times; ++i) {
    sendto(socket.fd(), payload.data(), payload.size(), 0,
           reinterpret_cast<const sockaddr*>(&to), sizeof(to));
  }
}

uint64_t Queries(const Counted& counted, std::string wire_name) {
  wire_name.resize(256);
  return counted.Value("dns_queries_total", wire_name);
}

TEST_F(NetworkBpfTest, DnsCountsQueriesByTheNameInLowerCase) {
  const Counted counted("dns");
  SendTo53(Message("\x09"
                   "CataLogue\x04"
                   "TeSt",
                   kQuery),
           20);
  SendTo53(Message("\x09"
                   "catalogue\x04"
                   "test",
                   kQuery),
           3);
  SendTo53(Message("\x08"
                   "response\x04"
                   "test",
                   kResponse),
           5);
  EXPECT_EQ(Queries(counted,
                    "\x09"
                    "catalogue\x04"
                    "test"),
            23u);
  EXPECT_EQ(Queries(counted,
                    "\x08"
                    "response\x04"
                    "test"),
            0u);
}

TEST_F(NetworkBpfTest, DnsSeesIpv6) {
  const Counted counted("dns");
  SendTo53OverIpv6(Message("\x03"
                           "six\x04"
                           "test",
                           kQuery),
                   1);
  const uint64_t once = Queries(counted,
                                "\x03"
                                "six\x04"
                                "test");
  if (once == 0 && access("/proc/net/if_inet6", F_OK) != 0) {
    GTEST_SKIP() << "no IPv6 here";
  }
  EXPECT_EQ(once, 1u);
}

TEST_F(NetworkBpfTest, DnsTakesTheLongestNameAndNoFragmentOfOne) {
  const std::string label = "\x3f" + std::string(63, 'x');
  const std::string longest =
      label + label + label + "\x3d" + std::string(61, 'y');
  const Counted counted("dns");
  SendTo53(Message(longest, kQuery), 2);
  const size_t before = counted.Entries("dns_queries_total").size();
  // A name that the packet ends within, a pointer, and no name at all.
  std::string cut = Message(
      "\x03"
      "cut\x04"
      "test",
      kQuery);
  SendTo53(cut.substr(0, 12 + 6), 1);
  SendTo53(Message("\xc0\x0c", kQuery), 1);
  SendTo53("x", 1);
  EXPECT_EQ(Queries(counted, longest), 2u);
  EXPECT_EQ(Queries(counted,
                    "\x03"
                    "cut\x04"
                    "t"),
            0u);
  EXPECT_EQ(Queries(counted,
                    "\x03"
                    "cut"),
            0u);
  EXPECT_LE(counted.Entries("dns_queries_total").size(), before + 1);
}

TEST_F(NetworkBpfTest, SoftirqLatencyTimesTheWaitAndTheWork) {
  constexpr uint32_t kNetRx = 3;
  const Counted counted("softirq_latency");
  SendTo53(Message("\x04"
                   "load\x04"
                   "test",
                   kQuery),
           1000);
  for (const std::string_view map :
       {"softirq_entry_latency_seconds", "softirq_service_latency_seconds"}) {
    const Numbers slots = counted.Slots(map, Key(kNetRx));
    ASSERT_EQ(slots.size(), 28u);
    EXPECT_GE(CountOf(slots), 500u) << map;
    EXPECT_LT(CountOf(slots), 3000u) << map;
    // Mostly at once: a start time of an earlier raise would show here.
    EXPECT_GE(std::accumulate(slots.begin(), slots.begin() + 11, uint64_t{0}),
              CountOf(slots) / 2)
        << map;
    EXPECT_EQ(slots[26], 0u) << map;
  }
}

}  // namespace
}  // namespace ebpf_exporter
