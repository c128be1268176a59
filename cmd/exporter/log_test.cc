#include "cmd/exporter/log.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::internal::CaptureStderr;
using ::testing::internal::GetCapturedStderr;

class LogTest : public ::testing::Test {
 protected:
  ~LogTest() override { SetUpLog(LogLevel::kInfo, LogFormat::kLogfmt); }
};

TEST_F(LogTest, WritesALineToStderr) {
  CaptureStderr();
  LogInfo("listening", {{"port", 9435}});
  const std::string text = GetCapturedStderr();
  EXPECT_THAT(text, StartsWith("time=2"));
  EXPECT_THAT(text, EndsWith("Z level=info msg=listening port=9435\n"));
}

TEST_F(LogTest, BracesInTextMeanNothing) {
  CaptureStderr();
  LogError("{} {0} %s", {{"path", "{x}"}});
  EXPECT_THAT(GetCapturedStderr(), EndsWith("msg=\"{} {0} %s\" path={x}\n"));
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheLevel) {
  SetUpLog(LogLevel::kWarn, LogFormat::kJson);
  EXPECT_FALSE(LogIsOn(LogLevel::kInfo));
  EXPECT_TRUE(LogIsOn(LogLevel::kWarn));
  CaptureStderr();
  LogDebug("a");
  LogInfo("b");
  LogEvery(1min, "", LogLevel::kInfo, "c");
  LogWarn("d");
  LogError("e");
  const std::string text = GetCapturedStderr();
  EXPECT_THAT(text, StartsWith("{\"time\":"));
  EXPECT_THAT(text, HasSubstr("\"level\":\"warn\",\"msg\":\"d\"}\n{"));
  EXPECT_THAT(text, EndsWith("\"level\":\"error\",\"msg\":\"e\"}\n"));
}

TEST_F(LogTest, HoldsBackWhatRepeats) {
  CaptureStderr();
  for (int i = 0; i < 5; ++i) LogEvery(1min, "k", LogLevel::kWarn, "again");
  LogEvery(1min, "other", LogLevel::kWarn, "again");
  LogEvery(0min, "k", LogLevel::kWarn, "again", {{"a", "b"}});
  const std::string text = GetCapturedStderr();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_THAT(text, EndsWith("msg=again a=b repeats=4\n"));
}

TEST_F(LogTest, LinesOfManyThreadsDoNotMix) {
  CaptureStderr();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 200; ++n) LogInfo(std::string(300, 'x'));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::string text = GetCapturedStderr();
  int lines = 0;
  for (size_t end; (end = text.find('\n')) != std::string::npos; ++lines) {
    const std::string line = text.substr(0, end);
    EXPECT_THAT(line, StartsWith("time="));
    EXPECT_THAT(line, EndsWith("msg=" + std::string(300, 'x')));
    text.erase(0, end + 1);
  }
  EXPECT_EQ(lines, 800);
}

}  // namespace
}  // namespace ebpf_exporter
