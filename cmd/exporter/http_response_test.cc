#include "cmd/exporter/http_response.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kDate[] = "Thu, 01 Jan 1970 00:00:00 GMT";

TEST(ResponseHeadTest, IsExactlyThis) {
  Response response;
  response.headers = {{"Vary", "Accept"}};
  response.body = "ok\n";
  EXPECT_EQ(ResponseHead(response, BodyFraming::kLength, true, kDate),
            "HTTP/1.1 200 OK\r\n"
            "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Vary: Accept\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Content-Length: 3\r\n"
            "Connection: keep-alive\r\n"
            "\r\n");
}

TEST(ResponseHeadTest, ChunkedHasNoLength) {
  const std::string head =
      ResponseHead(Response{}, BodyFraming::kChunked, false, kDate);
  EXPECT_THAT(head, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
}

TEST(ResponseHeadTest, AValueCannotStartAnotherHeader) {
  Response response;
  response.headers = {{"X-Name", "a\r\nSet-Cookie: b"}};
  EXPECT_THAT(ResponseHead(response, BodyFraming::kLength, true, kDate),
              HasSubstr("\r\nX-Name: a  Set-Cookie: b\r\n"));
}

TEST(ReasonPhraseTest, KnowsTheUsualAndSurvivesTheRest) {
  EXPECT_EQ(ReasonPhrase(405), "Method Not Allowed");
  EXPECT_EQ(ReasonPhrase(418), "Error");
}

// Undoes the chunks of `bytes`, which must end with the end mark.
std::string Unchunk(std::string_view bytes) {
  std::string body;
  while (true) {
    const size_t line_end = bytes.find("\r\n");
    const size_t size = std::strtoul(
        std::string(bytes.substr(0, line_end)).c_str(), nullptr, 16);
    bytes.remove_prefix(line_end + 2);
    body.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    EXPECT_EQ(bytes.substr(0, 2), "\r\n");
    bytes.remove_prefix(2);
    if (size == 0) break;
  }
  EXPECT_EQ(bytes, "");
  return body;
}

TEST(ChunkedBodyTest, SmallWritesGoOutAsOneSendWithTheHead) {
  std::vector<std::string> sent;
  ChunkedBody body("HEAD", [&sent](std::string_view bytes) {
    sent.emplace_back(bytes);
    return true;
  });
  EXPECT_TRUE(body.Write("abc"));
  EXPECT_TRUE(body.Write(""));
  EXPECT_TRUE(body.Write("defghijklmnop"));
  EXPECT_FALSE(body.started());
  EXPECT_TRUE(body.Finish());
  EXPECT_TRUE(body.started());
  EXPECT_EQ(sent, std::vector<std::string>{
                      "HEAD10\r\nabcdefghijklmnop\r\n0\r\n\r\n"});
}

TEST(ChunkedBodyTest, AnEmptyBodyIsTheEndMarkAlone) {
  std::string sent;
  ChunkedBody body("H", [&sent](std::string_view b) {
    sent.append(b);
    return true;
  });
  EXPECT_TRUE(body.Finish());
  EXPECT_EQ(sent, "H0\r\n\r\n");
}

TEST(ChunkedBodyTest, AnySplitOfTheBodyArrivesWhole) {
  std::string whole;
  for (int i = 0; whole.size() < 300000; ++i) absl::StrAppend(&whole, i, "\n");
  for (size_t step : {size_t{777}, size_t{65535}, size_t{65536}, size_t{65537},
                      whole.size()}) {
    std::string sent;
    ChunkedBody body("", [&sent](std::string_view b) {
      sent.append(b);
      return true;
    });
    for (size_t at = 0; at < whole.size(); at += step) {
      ASSERT_TRUE(body.Write(std::string_view(whole).substr(at, step)));
    }
    ASSERT_TRUE(body.Finish());
    EXPECT_TRUE(Unchunk(sent) == whole) << "in steps of " << step;
  }
}

TEST(ChunkedBodyTest, BlocksAreFramedInPlace) {
  const auto block = std::make_unique<TextBlock>();
  std::vector<const char*> sends;
  std::string sent;
  ChunkedBody body("H", [&](std::string_view bytes) {
    sends.push_back(bytes.data());
    sent.append(bytes);
    return true;
  });
  for (const size_t size :
       {TextBlock::kSize, size_t{1}, TextBlock::kSize / 2, TextBlock::kSize}) {
    std::memset(block->bytes(), 'x', size);
    ASSERT_TRUE(body.WriteBlock(*block, size));
    if (size == 1) ASSERT_TRUE(body.Write(std::string(70'000, 'y')));
  }
  ASSERT_TRUE(body.Finish());
  EXPECT_EQ(Unchunk(std::string_view(sent).substr(1)),
            std::string(TextBlock::kSize, 'x') + "x" +
                std::string(70'000, 'y') +
                std::string(TextBlock::kSize + TextBlock::kSize / 2, 'x'));
  EXPECT_EQ(std::count_if(sends.begin(), sends.end(),
                          [&](const char* at) {
                            return at >= block->memory && at < block->bytes();
                          }),
            2);
}

TEST(ChunkedBodyTest, StopsAfterAFailedSend) {
  int sends = 0;
  ChunkedBody body("H", [&sends](std::string_view) {
    ++sends;
    return false;
  });
  EXPECT_FALSE(body.Write(std::string(200000, 'x')));
  EXPECT_FALSE(body.Write("y"));
  EXPECT_FALSE(body.Finish());
  EXPECT_EQ(sends, 1);
}

TEST(BufferedBodyTest, KeepsUpToItsLimit) {
  BufferedBody body(5);
  EXPECT_TRUE(body.Write("abc"));
  EXPECT_TRUE(body.Write("de"));
  EXPECT_FALSE(body.overflowed());
  EXPECT_FALSE(body.Write("f"));
  EXPECT_TRUE(body.overflowed());
  EXPECT_FALSE(body.Write(""));
  EXPECT_EQ(body.body(), "abcde");
}

}  // namespace
}  // namespace ebpf_exporter
