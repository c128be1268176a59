#include "cmd/exporter/http_exchange.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Outcome {
  std::string sent;
  bool keep;
};

Outcome Answer(Exchange::Client client, const Response& response) {
  Outcome outcome;
  Exchange exchange(client, "now", [&outcome](std::string_view bytes) {
    outcome.sent.append(bytes);
    return true;
  });
  outcome.keep = exchange.Answer(response);
  return outcome;
}

Response Streaming(std::string body, bool success = true) {
  Response response;
  response.stream = [body = std::move(body), success](BodyWriter& writer) {
    return writer.Write(body) && success;
  };
  return response;
}

TEST(ExchangeTest, KeepsTheConnectionAfterAWholeAnswer) {
  const Outcome fixed = Answer({.keep_alive = true}, PlainAnswer(200, "a"));
  EXPECT_TRUE(fixed.keep);
  EXPECT_THAT(fixed.sent, EndsWith("Connection: keep-alive\r\n\r\na\n"));

  const Outcome chunked = Answer({.keep_alive = true}, Streaming("abc"));
  EXPECT_TRUE(chunked.keep);
  EXPECT_THAT(chunked.sent, EndsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
}

TEST(ExchangeTest, Http10GetsALengthAndIsClosed) {
  const Outcome outcome =
      Answer({.http_1_0 = true, .keep_alive = true}, Streaming("abc"));
  EXPECT_FALSE(outcome.keep);
  EXPECT_THAT(outcome.sent, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(outcome.sent, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(outcome.sent, Not(HasSubstr("chunked")));
  EXPECT_THAT(outcome.sent, EndsWith("\r\n\r\nabc"));
}

TEST(ExchangeTest, Http10IsToldWhenTheAnswerIsTooLarge) {
  Response endless;
  endless.stream = [](BodyWriter& writer) {
    const std::string megabyte(1 << 20, 'x');
    for (int i = 0; i < 100; ++i) {
      if (!writer.Write(megabyte)) return false;
    }
    return true;
  };
  EXPECT_THAT(Answer({.http_1_0 = true}, endless).sent,
              StartsWith("HTTP/1.1 505 "));
}

TEST(ExchangeTest, HeadHasNoBodyAndMakesNone) {
  Response response;
  response.stream = [](BodyWriter&) {
    ADD_FAILURE() << "the body was made";
    return true;
  };
  const Outcome outcome = Answer({.head = true, .keep_alive = true}, response);
  EXPECT_TRUE(outcome.keep);
  EXPECT_THAT(outcome.sent, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(outcome.sent, EndsWith("\r\n\r\n"));

  const Outcome fixed = Answer({.head = true}, PlainAnswer(200, "four"));
  EXPECT_THAT(fixed.sent, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(fixed.sent, EndsWith("\r\n\r\n"));
}

TEST(ExchangeTest, AHeadOfHttp10KnowsNoChunksEither) {
  const Outcome outcome =
      Answer({.http_1_0 = true, .head = true}, Streaming("four"));
  EXPECT_FALSE(outcome.keep);
  EXPECT_THAT(outcome.sent, Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(outcome.sent, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(outcome.sent, EndsWith("\r\n\r\n"));
}

TEST(ExchangeTest, AnAbortBeforeTheFirstChunkIsAnError) {
  for (const bool http_1_0 : {false, true}) {
    const Outcome outcome = Answer({.http_1_0 = http_1_0, .keep_alive = true},
                                   Streaming("a little", false));
    EXPECT_THAT(outcome.sent, StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(outcome.sent, Not(HasSubstr("a little")));
  }
}

TEST(ExchangeTest, ALaterAbortLeavesABodyWithoutItsEnd) {
  const Outcome outcome =
      Answer({.keep_alive = true}, Streaming(std::string(100000, 'x'), false));
  EXPECT_FALSE(outcome.keep);
  EXPECT_THAT(outcome.sent, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(outcome.sent, Not(EndsWith("0\r\n\r\n")));
}

TEST(ExchangeTest, ACutConnectionIsNotKept) {
  Exchange exchange({.keep_alive = true}, "now",
                    [](std::string_view) { return false; });
  EXPECT_FALSE(exchange.Answer(PlainAnswer(200, "a")));
}

}  // namespace
}  // namespace ebpf_exporter
