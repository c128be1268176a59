#include "cmd/exporter/http_server.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/http_test_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Clock = std::chrono::steady_clock;

constexpr char kHealthy[] = "GET /-/healthy HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr char kHealthyOnce[] =
    "GET /-/healthy HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

// What the test server answers.
//   /-/healthy   "healthy\n"
//   /echo        method, path and query
//   /chunks      "one two" in two writes
//   /abort       a megabyte, then an abort
//   /throw       throws
//   /flood       200 MB; counts the writers that were told to stop
class Site {
 public:
  Response Answer(const Request& request);
  int floods_cut() const { return floods_cut_; }
  int floods_started() const { return floods_started_; }

 private:
  bool Flood(BodyWriter& writer);

  std::atomic<int> floods_started_ = 0;
  std::atomic<int> floods_cut_ = 0;
};

Response Site::Answer(const Request& request) {
  Response response;
  if (request.path == "/-/healthy") {
    response.body = "healthy\n";
  } else if (request.path == "/echo") {
    response.body = absl::StrCat(request.method, " ", request.path, " ",
                                 request.query, "|", request.Header("x-test"));
  } else if (request.path == "/chunks") {
    response.stream = [](BodyWriter& w) {
      return w.Write("one ") && w.Write("two");
    };
  } else if (request.path == "/abort") {
    response.stream = [](BodyWriter& w) {
      w.Write(std::string(1 << 20, 'x'));
      return false;
    };
  } else if (request.path == "/flood") {
    response.stream = [this](BodyWriter& w) { return Flood(w); };
  } else if (request.path == "/throw") {
    throw std::runtime_error("out of everything");
  } else {
    response.status = 404;
  }
  return response;
}

bool Site::Flood(BodyWriter& writer) {
  ++floods_started_;
  const std::string megabyte(1 << 20, 'x');
  for (int i = 0; i < 200; ++i) {
    if (!writer.Write(megabyte)) {
      ++floods_cut_;
      return false;
    }
  }
  return true;
}

class HttpServerTest : public ::testing::Test {
 protected:
  void Start(HttpServerOptions options = {}) {
    if (options.listen_address == ":9435") {
      options.listen_address = "127.0.0.1:0";
    }
    auto server = HttpServer::Start(
        options, [this](const Request& r) { return site_.Answer(r); });
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    port_ = server_->port();
  }

  void ExpectHealthy() const {
    EXPECT_THAT(Fetch(port_, kHealthyOnce),
                AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                      EndsWith("\r\n\r\nhealthy\n")));
  }

  Site site_;
  std::unique_ptr<HttpServer> server_;
  int port_ = 0;
};

TEST_F(HttpServerTest, PassesTheRequestAsItWasSent) {
  Start();
  EXPECT_THAT(Fetch(port_,
                    "GET /echo?a=%20b&c HTTP/1.1\r\nHost: h\r\n"
                    "X-Test: value\r\nConnection: close\r\n\r\n"),
              EndsWith("\r\n\r\nGET /echo a=%20b&c|value"));
}

TEST_F(HttpServerTest, NamesNoProductAndInvitesNoOrigin) {
  Start();
  const std::string answer = Fetch(port_, kHealthyOnce);
  EXPECT_THAT(answer, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Server:")));
  EXPECT_THAT(answer, Not(HasSubstr("Access-Control")));
}

TEST_F(HttpServerTest, OnlyTheExactPathIsFound) {
  Start();
  for (const char* path : {"/-/healthy/", "//-/healthy", "/x/../-/healthy",
                           "/-/health%79", "/-/healthy%00", "/./-/healthy"}) {
    SCOPED_TRACE(path);
    EXPECT_THAT(Fetch(port_, absl::StrCat("GET ", path,
                                          " HTTP/1.1\r\nHost: h\r\n"
                                          "Connection: close\r\n\r\n")),
                StartsWith("HTTP/1.1 404 "));
  }
}

TEST_F(HttpServerTest, KeepsAConnectionForMoreRequests) {
  Start();
  HttpTestClient client(port_);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send("GET /chunks HTTP/1.1\r\nHost: h\r\n\r\n"));
    EXPECT_THAT(client.ReadUntil("\r\n0\r\n\r\n", 5s),
                EndsWith("\r\n\r\n7\r\none two\r\n0\r\n\r\n"));
    ASSERT_TRUE(client.Send(kHealthy));
    EXPECT_THAT(client.ReadUntil("healthy\n", 5s),
                HasSubstr("Connection: keep-alive\r\n"));
  }
}

TEST_F(HttpServerTest, AnswersRequestsThatCameTogetherInTurn) {
  Start();
  HttpTestClient client(port_);
  client.Send(absl::StrCat(kHealthy, "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n",
                           kHealthyOnce));
  const std::string answers = client.ReadAll();
  EXPECT_LT(answers.find("healthy\n"), answers.find("GET /echo |"));
  EXPECT_THAT(answers, EndsWith("healthy\n"));
}

TEST_F(HttpServerTest, Http10GetsALengthAndIsClosed) {
  Start();
  const std::string answer =
      Fetch(port_, "GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("\r\nContent-Length: 7\r\n"),
                            HasSubstr("\r\nConnection: close\r\n"),
                            EndsWith("\r\n\r\none two")));
}

TEST_F(HttpServerTest, HeadHasTheHeadersAlone) {
  Start();
  HttpTestClient client(port_);
  for (int i = 0; i < 2; ++i) {
    client.Send("HEAD /-/healthy HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(client.ReadUntil("\r\n\r\n", 5s),
                HasSubstr("\r\nContent-Length: 8\r\n"));
  }
}

TEST_F(HttpServerTest, OtherMethodsAreNamedTheRightOnes) {
  Start();
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"}) {
    SCOPED_TRACE(method);
    EXPECT_THAT(
        Fetch(port_, absl::StrCat(method,
                                  " / HTTP/1.1\r\nHost: h\r\n"
                                  "Connection: close\r\n\r\n")),
        AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n")));
  }
}

TEST_F(HttpServerTest, ABodyIsRefusedUnread) {
  Start();
  HttpTestClient client(port_);
  client.Send(
      "GET /-/healthy HTTP/1.1\r\nHost: h\r\nContent-Length: 999\r\n\r\n");
  EXPECT_THAT(client.ReadAll(5s), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, AnAbortedAnswerHasNoEnd) {
  Start();
  const std::string answer =
      Fetch(port_, "GET /abort HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, Not(EndsWith("0\r\n\r\n")));
  EXPECT_GT(answer.size(), size_t{900'000});
}

TEST_F(HttpServerTest, AHandlerThatThrowsCostsItsConnection) {
  std::atomic<int> complaints = 0;
  HttpServerOptions options;
  options.log = [&complaints](std::string_view) { ++complaints; };
  Start(options);
  EXPECT_EQ(Fetch(port_, "GET /throw HTTP/1.1\r\nHost: h\r\n\r\n"), "");
  EXPECT_EQ(complaints, 1);
  ExpectHealthy();
}

// Some are wrong, some are too much, some are for another kind of server.
std::vector<std::string> HostileRequests() {
  const std::string nuls(3, '\0');
  std::string many_headers = "GET /echo HTTP/1.1\r\n";
  for (int i = 0; i < 65; ++i) {
    absl::StrAppend(&many_headers, "A", i, ": b\r\n");
  }
  return {
      // Not a request, or not of HTTP/1.
      "\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      absl::StrCat("\x16\x03\x01\x02", nuls, "\x01\xfc\x03\x03"),
      // Targets.
      "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
      "GET http://other:1/-/healthy HTTP/1.1\r\nHost: h\r\n\r\n",
      "GET http:///// HTTP/1.1\r\nHost: h\r\n\r\n",
      absl::StrCat("GET ", std::string(200, '/'), " HTTP/1.1\r\n\r\n"),
      "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n",
      "GET /../../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n",
      "GET /%zz%u1%\x01 HTTP/1.1\r\nHost: h\r\n\r\n",
      absl::StrCat("GET /", nuls, "x HTTP/1.1\r\nA", nuls, ": b\r\n\r\n"),
      absl::StrCat("GET /", std::string(65'536, 'p'), " HTTP/1.1\r\n\r\n"),
      // Headers.
      absl::StrCat("GET / HTTP/1.1\r\nX: ", std::string(17'000, 'a'),
                   "\r\n\r\n"),
      absl::StrCat(many_headers, "\r\n"),
      "GET / HTTP/1.1\r\nno colon here\r\n\r\n",
      "GET / HTTP/1.1\r\nX: a\r\n folded\r\n\r\n",
      // Bodies.
      "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nabcde",
      ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
       "Content-Length: 4\r\n\r\nffffffffffffffff\r\n"),
      "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      absl::StrCat("POST / HTTP/1.1\r\nContent-Length: 9\r\nContent-Type: "
                   "multipart/form-data; boundary=x\r\n\r\n--x",
                   nuls, "--"),
      "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
      // Other protocols.
      "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
      ("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n"),
      "GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"};
}

TEST_F(HttpServerTest, SurvivesHostileRequests) {
  Start();
  for (const std::string& request : HostileRequests()) {
    SCOPED_TRACE(request.substr(0, 80));
    HttpTestClient client(port_);
    client.Send(request);
    const std::string answer = client.ReadUntil("\r\n\r\n", 200ms);
    EXPECT_THAT(answer, Not(StartsWith("HTTP/1.1 2")));
    client.Close();
    ExpectHealthy();
  }
}

TEST_F(HttpServerTest, TwoClientsMayTalkOverBothFamilies) {
  HttpServerOptions options;
  options.listen_address = ":0";
  Start(options);
  for (const int family : {AF_INET, AF_INET6}) {
    HttpTestClient client(port_, family);
    if (family == AF_INET6 && !client.connected()) {
      GTEST_SKIP() << "this host has no IPv6 loopback";
    }
    client.Send(kHealthyOnce);
    EXPECT_THAT(client.ReadAll(), EndsWith("healthy\n"));
  }
}

// 100 clients that want nothing good, and one that does.
TEST_F(HttpServerTest, AnswersWithinASecondBesidesAHundredBadClients) {
  Start();
  std::vector<HttpTestClient> clients;
  for (int i = 0; i < 100; ++i) {
    clients.emplace_back(port_, AF_INET, 4096);
    ASSERT_TRUE(clients.back().connected());
    if (i % 3 == 1) clients.back().Send("GET /-/healthy HTTP/1.1\r\nX: ");
    if (i % 3 == 2) {
      clients.back().Send("GET /flood HTTP/1.1\r\nHost: h\r\n\r\n");
    }
  }
  while (site_.floods_started() < 33) std::this_thread::sleep_for(10ms);
  for (int round = 0; round < 5; ++round) {
    for (int i = 1; i < 100; i += 3) clients[i].Send("x");
    const auto start = Clock::now();
    ExpectHealthy();
    EXPECT_LT(Clock::now() - start, 1s);
  }
  EXPECT_EQ(site_.floods_cut(), 0);
}

HttpServerOptions Impatient() {
  HttpServerOptions options;
  options.stall_timeout = 300ms;
  options.keep_alive_timeout = 300ms;
  return options;
}

TEST_F(HttpServerTest, CutsAClientThatNeverReads) {
  Start(Impatient());
  HttpTestClient client(port_, AF_INET, 4096);
  client.Send("GET /flood HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto start = Clock::now();
  while (site_.floods_cut() == 0 && Clock::now() - start < 10s) {
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(site_.floods_cut(), 1);
}

// About 10 MB/s, and never a pause: too slow for this deadline.
TEST_F(HttpServerTest, CutsAClientThatReadsTooSlowly) {
  HttpServerOptions options;
  options.response_timeout = 500ms;
  Start(options);
  HttpTestClient client(port_);
  client.Send("GET /flood HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto start = Clock::now();
  while (site_.floods_cut() == 0 && Clock::now() - start < 8s) {
    client.ReadUntil("y", 1ms);
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_EQ(site_.floods_cut(), 1);
}

TEST_F(HttpServerTest, CutsClientsThatDoNotAsk) {
  Start(Impatient());
  HttpTestClient idle(port_);
  HttpTestClient slow(port_);
  HttpTestClient resting(port_);
  slow.Send("GET / HT");
  resting.Send(kHealthy);
  EXPECT_TRUE(idle.IsClosedWithin(5s));
  EXPECT_TRUE(slow.IsClosedWithin(5s));
  EXPECT_TRUE(resting.IsClosedWithin(5s));
}

TEST_F(HttpServerTest, AFewIdlersDoNotGetToKeepAllThreads) {
  HttpServerOptions options;
  options.threads = 4;
  Start(options);
  std::vector<HttpTestClient> resting;
  for (int i = 0; i < 6; ++i) {
    resting.emplace_back(port_);
    resting.back().Send(kHealthy);
    EXPECT_THAT(resting.back().ReadUntil("healthy\n", 5s),
                HasSubstr(i < 2 ? "keep-alive" : "Connection: close"));
  }
  ExpectHealthy();
}

TEST_F(HttpServerTest, StopLetsAnswersFinish) {
  std::atomic<bool> entered = false;
  HttpServerOptions options;
  options.listen_address = "127.0.0.1:0";
  auto server = HttpServer::Start(options, [&entered](const Request&) {
    entered = true;
    std::this_thread::sleep_for(300ms);
    Response response;
    response.body = std::string(100'000, 'x') + "end";
    return response;
  });
  ASSERT_TRUE(server.ok()) << server.status();
  HttpTestClient client((*server)->port());
  client.Send(kHealthy);
  while (!entered) std::this_thread::sleep_for(1ms);
  (*server)->Stop();
  EXPECT_THAT(client.ReadAll(), EndsWith("xend"));
  EXPECT_FALSE(HttpTestClient((*server)->port()).connected());
}

TEST_F(HttpServerTest, StopCutsWhatDoesNotFinish) {
  HttpServerOptions options;
  options.stop_timeout = 200ms;
  Start(options);
  HttpTestClient deaf(port_, AF_INET, 4096);
  HttpTestClient idle(port_);
  deaf.Send("GET /flood HTTP/1.1\r\nHost: h\r\n\r\n");
  while (site_.floods_started() == 0) std::this_thread::sleep_for(1ms);
  const auto start = Clock::now();
  server_->Stop();
  EXPECT_LT(Clock::now() - start, 4s);
  EXPECT_EQ(site_.floods_cut(), 1);
  EXPECT_THAT(deaf.ReadAll(), Not(EndsWith("0\r\n\r\n")));
  server_->Stop();  // once more does nothing
}

TEST_F(HttpServerTest, SaysThatTheAddressIsInUse) {
  Start();
  HttpServerOptions options;
  options.listen_address = absl::StrCat("127.0.0.1:", port_);
  const auto second =
      HttpServer::Start(options, [](const Request&) { return Response(); });
  ASSERT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              AllOf(HasSubstr(options.listen_address),
                    HasSubstr("another process listens there")));
}

TEST_F(HttpServerTest, RefusesAnAddressThatIsNone) {
  HttpServerOptions options;
  options.listen_address = "9435";
  EXPECT_EQ(
      HttpServer::Start(options, [](const Request&) { return Response(); })
          .status()
          .code(),
      absl::StatusCode::kInvalidArgument);
  options.listen_address = "192.0.2.1:0";  // set aside for documentation
  const auto elsewhere =
      HttpServer::Start(options, [](const Request&) { return Response(); });
  EXPECT_THAT(std::string(elsewhere.status().message()),
              HasSubstr("cannot listen on 192.0.2.1:0"));
}

}  // namespace
}  // namespace ebpf_exporter
