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

bool CanProbeFunctions() {
  return access("/sys/bus/event_source/devices/kprobe/type", F_OK) == 0;
}

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

  // By the server, although the client said something.
  void CloseUnread() {
    EXPECT_EQ(write(client_.fd(), "x", 1), 1);
    char byte;
    EXPECT_EQ(recv(server_, &byte, 1, MSG_PEEK), 1);
    close(server_);
    server_ = -1;
  }

  // From the client, until the server, which reads nothing, has no place.
  void Fill() {
    const std::string buffer(size_t{64} << 10, 'x');
    while (send(client_.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
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
  for (int i = 0; i < 30; ++i) Connection().CloseUnread();
  const auto resets = [&](uint32_t direction) {
    return counted.Value("tcp_resets_total", Key(direction));
  };
  const uint64_t sent = resets(kSent), received = resets(kReceived);
  EXPECT_GE(sent, 30u);
  EXPECT_LT(sent, 60u);
  EXPECT_GE(received, 30u);
  EXPECT_LT(received, 60u);
  ConnectInVain(30);
  EXPECT_GE(resets(kReceived), received + 30);
  if (KernelIsAtLeast(6, 10)) {
    EXPECT_GE(resets(kSent), sent + 30);
  }
}

TEST_F(TcpBpfTest, LifetimeCountsBothEndsOfEachConnection) {
  constexpr int kTimes = 50;
  constexpr size_t k16KiB = 4;
  const Counted counted("tcp_lifetime");
  for (int i = 0; i < kTimes; ++i) Connection().Carry(10'240);
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

// What the peer says as it fills, and what is said here, where kernel functions
// can be probed.
TEST_F(TcpBpfTest, ZeroWindowsAreOfReceiversThatAreFull) {
  constexpr uint32_t kSent = 0, kReceived = 1;
  const Counted counted("tcp_zero_windows", "tcp_zero_windows_sent");
  Connection connection;
  connection.Fill();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto windows = [&](uint32_t direction) {
    return counted.Value("tcp_zero_windows_total", Key(direction));
  };
  EXPECT_GE(windows(kReceived), 1u);
  EXPECT_LT(windows(kReceived), 1000u);
  if (CanProbeFunctions()) {
    EXPECT_GE(windows(kSent), 1u);
  }
}

TEST_F(TcpBpfTest, AcceptIsTheWaitInTheQueue) {
  if (!CanProbeFunctions()) GTEST_SKIP() << "this kernel has no probes";
  constexpr int kTimes = 10, kMilliseconds = 20;
  const Counted counted("accept");
  const Socket listener(SOCK_STREAM);
  const sockaddr_in address = Listen(listener, 1);
  for (int i = 0; i < kTimes; ++i) {
    const Socket client(SOCK_STREAM);
    EXPECT_EQ(Connect(client, address), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(kMilliseconds));
    close(accept(listener.fd(), nullptr, nullptr));
  }
  const Numbers slots = counted.Slots("accept_latency_seconds", Key(kIpv4));
  ASSERT_EQ(slots.size(), 28u);
  EXPECT_GE(CountOf(slots), static_cast<uint64_t>(kTimes));
  EXPECT_GE(slots[27], kTimes * kMilliseconds * 1000u) << "microseconds";
  EXPECT_EQ(slots[26], 0u) << "longer than the test";
}

TEST_F(TcpBpfTest, SynBacklogIsWhatWaitsAlready) {
  if (!CanProbeFunctions()) GTEST_SKIP() << "this kernel has no probes";
  const Counted counted("tcp_syn_backlog");
  const Socket listener(SOCK_STREAM);
  const sockaddr_in address = Listen(listener, 10);
  std::vector<std::unique_ptr<Socket>> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(std::make_unique<Socket>(SOCK_STREAM));
    EXPECT_EQ(Connect(*clients.back(), address), 0);
  }
  const auto slot = [&](uint32_t i) {
    return counted.Value("tcp_syn_backlog", Key(i));
  };
  EXPECT_GE(slot(0), 1u);
  EXPECT_GE(slot(1), 1u);   // 1
  EXPECT_GE(slot(2), 1u);   // 2
  EXPECT_GE(slot(3), 2u);   // 3 and 4
  EXPECT_GE(slot(18), 10u)  // the sum
      << "0 + 1 + 2 + 3 + 4";
}

}  // namespace
}  // namespace ebpf_exporter
