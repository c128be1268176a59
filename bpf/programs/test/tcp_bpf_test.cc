// What the programs about TCP count of connections on the loopback device. The
// rest of the host may add to it.

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bpf/loader/privileges.h"
#include "bpf/programs/test/counted.h"
#include "bpf/programs/test/sockets.h"
#include "gtest/gtest.h"
#include "tools/build/kernel_version.h"

namespace ebpf_exporter {
namespace {

constexpr uint32_t kIpv4 = 0;

class TcpBpfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status allowed = CheckPrivileges();
    if (!allowed.ok()) GTEST_SKIP() << allowed.message();
  }
};

// Both ends of a connection.
class Connection {
 public:
  Connection() : client_(SOCK_STREAM) {
    const Socket listener(SOCK_STREAM);
    EXPECT_EQ(Connect(client_, Listen(listener, 1)), 0);
    server_ = accept(listener.fd(), nullptr, nullptr);
  }
  ~Connection() { close(server_); }

  // From the client to the server, which reads it all.
  void Carry(size_t bytes) {
    std::string buffer(bytes, 'x');
    EXPECT_EQ(write(client_.fd(), buffer.data(), bytes),
              static_cast<ssize_t>(bytes));
    EXPECT_EQ(recv(server_, buffer.data(), bytes, MSG_WAITALL),
              static_cast<ssize_t>(bytes));
  }

 private:
  Socket client_;
  int server_ = -1;
};

TEST_F(TcpBpfTest, RttIsTakenAtEachSegment) {
  constexpr int kTimes = 500;
  const Counted counted("tcp_rtt");
  Connection connection;
  for (int i = 0; i < kTimes; ++i) connection.Carry(1);
  const Numbers slots = counted.Slots("tcp_smoothed_rtt_seconds", Key(kIpv4));
  ASSERT_EQ(slots.size(), 28u);
  EXPECT_GE(CountOf(slots), static_cast<uint64_t>(kTimes));
  EXPECT_EQ(slots[26], 0u) << "longer than the test";
}

TEST_F(TcpBpfTest, ResetsAreCountedAtBothEnds) {
  constexpr uint32_t kSent = 0, kReceived = 1;
  const Counted counted("tcp_resets");
  ConnectInVain(30);
  for (const uint32_t direction : {kSent, kReceived}) {
    const uint64_t resets = counted.Value("tcp_resets_total", Key(direction));
    EXPECT_GE(resets, 30u) << direction;
    EXPECT_LT(resets, 60u) << direction;
  }
}

TEST_F(TcpBpfTest, LifetimeCountsBothEndsOfEachConnection) {
  constexpr int kTimes = 50;
  constexpr size_t k16KiB = 4;
  const Counted counted("tcp_lifetime");
  for (int i = 0; i < kTimes; ++i) Connection().Carry(10 * 1024);
  const auto slots = [&](const std::string& name) {
    return counted.Slots("tcp_connection_" + name, Key(kIpv4));
  };
  const Numbers lifetimes = slots("lifetime_seconds");
  ASSERT_EQ(lifetimes.size(), 33u);
  EXPECT_GE(CountOf(lifetimes), 2u * kTimes);
  EXPECT_EQ(lifetimes[31], 0u) << "longer than the test";
  for (const Numbers& bytes : {slots("sent_bytes"), slots("received_bytes")}) {
    ASSERT_EQ(bytes.size(), 38u);
    EXPECT_EQ(CountOf(bytes), CountOf(lifetimes));
    EXPECT_GE(bytes[k16KiB], static_cast<uint64_t>(kTimes));
    EXPECT_GE(bytes[37], 10u * kTimes) << "KiB in all";
  }
  EXPECT_LT(counted.Entries("tcp_established_since").size(), 50u)
      << "connections are not forgotten when they end";
}

TEST_F(TcpBpfTest, CongestionIsNewConnectionsAndTimeouts) {
  if (!KernelIsAtLeast(6, 0)) {
    GTEST_SKIP() << "tcp_cong_state_set came with 6.0";
  }
  constexpr uint32_t kOpen = 0, kLoss = 4;
  const Counted counted("tcp_congestion");
  ConnectTimes(100);
  const Socket listener(SOCK_STREAM);
  const sockaddr_in address = Listen(listener, 0);
  // The backlog holds one; the others are not answered and time out after 1 s.
  std::vector<std::unique_ptr<Socket>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<Socket>(SOCK_STREAM | SOCK_NONBLOCK));
    Connect(*clients.back(), address);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  const auto entered = [&](uint32_t state) {
    return counted.Value("tcp_congestion_states_total", Key(state));
  };
  EXPECT_GE(entered(kOpen), 100u);
  EXPECT_GE(entered(kLoss), 2u);
}

}  // namespace
}  // namespace ebpf_exporter
