#include "cmd/exporter/signals.h"

#include <unistd.h>

#include <cerrno>
#include <thread>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(SignalWatcherTest, WaitsForSignals) {
  auto signals = SignalWatcher::Create();
  ASSERT_TRUE(signals.ok()) << signals.status();
  for (const auto& [number, signal] :
       {std::pair{SIGTERM, Signal::kStop}, std::pair{SIGINT, Signal::kStop},
        std::pair{SIGHUP, Signal::kHangUp}}) {
    kill(getpid(), number);
    EXPECT_EQ(signals->Wait(5s), signal) << number;
  }
  EXPECT_EQ(signals->Wait(0ms), std::nullopt);
}

TEST(SignalWatcherTest, WakesWhenASignalComesLater) {
  auto signals = SignalWatcher::Create();
  ASSERT_TRUE(signals.ok()) << signals.status();
  std::thread sender([] {
    std::this_thread::sleep_for(50ms);
    kill(getpid(), SIGTERM);
  });
  const auto start = Clock::now();
  EXPECT_EQ(signals->Wait(), Signal::kStop);
  EXPECT_GE(Clock::now() - start, 40ms);
  sender.join();
}

TEST(SignalWatcherTest, ReturnsWhenTimeIsUp) {
  auto signals = SignalWatcher::Create();
  ASSERT_TRUE(signals.ok()) << signals.status();
  const auto start = Clock::now();
  EXPECT_EQ(signals->Wait(50ms), std::nullopt);
  EXPECT_GE(Clock::now() - start, 50ms);
  EXPECT_LT(Clock::now() - start, 5s);
}

TEST(SignalWatcherTest, SurvivesABrokenPipe) {
  auto signals = SignalWatcher::Create();
  ASSERT_TRUE(signals.ok()) << signals.status();
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

TEST(SignalWatcherTest, ASecondSignalDoesNotStrikeAtTheEnd) {
  {
    auto signals = SignalWatcher::Create();
    ASSERT_TRUE(signals.ok()) << signals.status();
    kill(getpid(), SIGTERM);
    kill(getpid(), SIGINT);
    EXPECT_TRUE(signals->Wait(5s));
  }
  SUCCEED() << "and this test still runs";
}

TEST(SignalWatcherTest, LeavesTheMaskAsItWas) {
  sigset_t mask;
  {
    auto signals = SignalWatcher::Create();
    ASSERT_TRUE(signals.ok()) << signals.status();
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    EXPECT_EQ(sigismember(&mask, SIGTERM), 1);
  }
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGTERM), 0);
}

}  // namespace
}  // namespace ebpf_exporter
