#include "cmd/exporter/http_rules.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

Request With(std::string method, HttpHeaders headers) {
  Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  return request;
}

TEST(RefusalTest, LetsPlainRequestsPass) {
  EXPECT_FALSE(Refusal(With("GET", {})));
  EXPECT_FALSE(Refusal(With("HEAD", {{"content-length", "0"}})));
}

TEST(RefusalTest, NamesTheMethodsThatAreAllowed) {
  for (const char* method : {"POST", "OPTIONS", "TRACE", "CONNECT", "get"}) {
    SCOPED_TRACE(method);
    const auto refusal = Refusal(With(method, {}));
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 405);
    EXPECT_EQ(refusal->headers, (ResponseHeaders{{"Allow", "GET, HEAD"}}));
  }
}

TEST(RefusalTest, ABodyIsTooMuch) {
  for (const HttpHeaders& headers :
       {HttpHeaders{{"Content-Length", "1"}},
        HttpHeaders{{"Content-Length", "0x"}},
        HttpHeaders{{"Content-Length", "-1"}},
        HttpHeaders{{"Content-Length", "0"}, {"content-length", "5"}},
        HttpHeaders{{"Content-Length", "0"}, {"Content-Length", "0"}},
        HttpHeaders{{"transfer-encoding", "chunked"}}}) {
    const auto refusal = Refusal(With("GET", headers));
    ASSERT_TRUE(refusal) << headers[0].first << ": " << headers[0].second;
    EXPECT_EQ(refusal->status, 413);
    EXPECT_FALSE(MayKeepAlive(With("GET", headers)));
  }
}

TEST(RefusalTest, TooManyHeadersMayHideOne) {
  const Request most = With("GET", HttpHeaders(63, {"A", "b"}));
  EXPECT_FALSE(Refusal(most));
  EXPECT_TRUE(MayKeepAlive(most));
  const Request more = With("GET", HttpHeaders(64, {"A", "b"}));
  ASSERT_TRUE(Refusal(more));
  EXPECT_EQ(Refusal(more)->status, 431);
  EXPECT_FALSE(MayKeepAlive(more));
}

TEST(MayKeepAliveTest, ObeysTheClient) {
  EXPECT_TRUE(MayKeepAlive(With("GET", {})));
  EXPECT_TRUE(MayKeepAlive(With("GET", {{"Connection", "Keep-Alive"}})));
  EXPECT_FALSE(MayKeepAlive(With("GET", {{"Connection", "close"}})));
  EXPECT_FALSE(MayKeepAlive(With("GET", {{"connection", "Upgrade"}})));
}

TEST(PlainAnswerTest, IsOneLineOfText) {
  const Response response = PlainAnswer(404, "no such page");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "no such page\n");
  EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
}

}  // namespace
}  // namespace ebpf_exporter
