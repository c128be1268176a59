// Clients that read a byte a second, or never, over the real server and live
// maps: what they cost others, and how much memory for how long.

#include <malloc.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bpf/loader/privileges.h"
#include "cmd/exporter/http_server.h"
#include "cmd/exporter/http_test_client.h"
#include "cmd/exporter/live_exporter.h"
#include "cmd/exporter/routes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/sanitized.h"

namespace ebpf_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using Clock = std::chrono::steady_clock;

// A page of 12 MB, of which sockets hold less than half.
constexpr uint32_t kSeries = 50'000;
const std::string& MetricName() {
  static const std::string name = "numbers_" + std::string(190, 'x');
  return name;
}
constexpr int kReceiveBytes = 4096;
constexpr char kAsk[] = "GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr char kAskOnce[] =
    "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

class SlowClientTest : public testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    auto live =
        LiveExporter::Start({{.metric = MetricName(), .entries = kSeries}});
    ASSERT_TRUE(live.ok()) << live.status();
    live_ = *std::move(live);
    routes_ = std::make_unique<Routes>(&live_->exporter(), "/metrics", false);
    HttpServerOptions options;
    options.listen_address = "127.0.0.1:0";
    options.threads = 16;
    options.stall_timeout = seconds(6);
    options.response_timeout = seconds(9);
    options.stop_timeout = milliseconds(300);
    auto server = HttpServer::Start(options, [this](const Request& request) {
      return routes_->Handle(request);
    });
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  uint64_t in_flight() { return live_->exporter().counts().in_flight(); }

  bool InFlightWithin(uint64_t scrapes, milliseconds timeout) {
    const Clock::time_point end = Clock::now() + timeout;
    while (in_flight() != scrapes && Clock::now() < end) {
      std::this_thread::sleep_for(milliseconds(5));
    }
    return in_flight() == scrapes;
  }

  // Asks for a page that it will not read, each time a page of its own.
  std::unique_ptr<HttpTestClient> Ask() {
    auto client = std::make_unique<HttpTestClient>(server_->port(), AF_INET,
                                                   kReceiveBytes);
    EXPECT_TRUE(client->Send(kAsk));
    EXPECT_TRUE(InFlightWithin(++asked_, seconds(5)));
    // Its page is its own once another walk is done.
    live_->exporter().scraper().Scrape();
    return client;
  }

  // How long some scrapes take, one after another.
  Clock::duration ScrapeTimes(int times) {
    const Clock::time_point start = Clock::now();
    for (int i = 0; i < times; ++i) {
      EXPECT_THAT(Fetch(server_->port(), kAskOnce), EndsWith("\r\n0\r\n\r\n"));
    }
    const Clock::duration all = Clock::now() - start;
    // The server may be done a moment after its client is.
    InFlightWithin(asked_, seconds(1));
    return all;
  }

  std::unique_ptr<LiveExporter> live_;
  std::unique_ptr<Routes> routes_;
  std::unique_ptr<HttpServer> server_;
  uint64_t asked_ = 0;  // by clients that do not read
};

// Bytes of heap in use, those of large blocks included.
double HeapBytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

TEST_F(SlowClientTest, DelaysNobodyAndHoldsAPageForAWhile) {
  constexpr int kDeaf = 5;
  constexpr double kPageBytes = kSeries * 8.0;
  constexpr double kWriterBytes = 512 << 10;
  ScrapeTimes(3);
  const Clock::duration alone = ScrapeTimes(20);
  const double before = HeapBytes();

  std::vector<std::unique_ptr<HttpTestClient>> clients;
  for (int i = 0; i < kDeaf; ++i) clients.push_back(Ask());
  const std::unique_ptr<HttpTestClient> sips = Ask();
  std::atomic<bool> reading = true;
  std::thread reader([&] {  // a byte a second
    while (reading && sips->ReadByte(seconds(10))) {
      std::this_thread::sleep_for(seconds(1));
    }
  });
  const double held = HeapBytes() - before;
  const Clock::duration beside = ScrapeTimes(20);

  EXPECT_TRUE(InFlightWithin(0, seconds(20)));
  reading = false;
  sips->IsClosedWithin(seconds(5));
  reader.join();
  ScrapeTimes(1);
  const double after = HeapBytes();
  EXPECT_LT(beside, 2 * alone + seconds(1));
  if (kSanitized) return;  // memory is then not the exporter's alone
  EXPECT_GT(held, kDeaf * kPageBytes);
  EXPECT_LT(held, (kDeaf + 1) * (kPageBytes + kWriterBytes));
  // As many are kept for later.
  EXPECT_LT(after - before, 2 * (kPageBytes + kWriterBytes));
}

TEST_F(SlowClientTest, KeepsNothingFromStopping) {
  const std::unique_ptr<HttpTestClient> deaf = Ask();
  const std::unique_ptr<HttpTestClient> deaf_too = Ask();
  const Clock::time_point start = Clock::now();
  server_->Stop();
  routes_.reset();
  live_.reset();
  EXPECT_LT(Clock::now() - start, seconds(3));
}

// New configurations take the place of those whose page is still being read.
TEST_F(SlowClientTest, KeepsNothingFromReloadingAndGetsItsPage) {
  const std::unique_ptr<HttpTestClient> slow = Ask();
  const Clock::time_point start = Clock::now();
  live_->exporter().Serve({});
  EXPECT_LT(Clock::now() - start, seconds(1));
  const std::string page = slow->ReadUntil("\r\n0\r\n\r\n", seconds(20));
  EXPECT_THAT(page, EndsWith("\r\n0\r\n\r\n"));
  EXPECT_THAT(page, HasSubstr("{id=\"49999\"} 49999\n"));
  EXPECT_EQ(Fetch(server_->port(), kAskOnce).find(MetricName()),
            std::string::npos);
}

}  // namespace
}  // namespace ebpf_exporter
