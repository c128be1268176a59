#include "benchmark/scrape/chunked.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n";

TEST(ChunkedReaderTest, FindsTheBodyHoweverItArrives) {
  for (size_t size = 1; size <= kAnswer.size(); ++size) {
    ChunkedReader reader;
    std::string body;
    for (size_t at = 0; at < kAnswer.size(); at += size) {
      EXPECT_FALSE(reader.done());
      reader.Take(kAnswer.substr(at, size),
                  [&](std::string_view text) { body += text; });
    }
    EXPECT_TRUE(reader.done()) << size;
    EXPECT_EQ(body, "helloabcdefghijklmnopqrstuvwxyz") << size;
    EXPECT_TRUE(reader.head().starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(reader.head().ends_with("chunked\r\n\r\n"));
  }
}

TEST(ChunkedReaderTest, RefusesWhatIsNotChunked) {
  const auto ignore = [](std::string_view) {};
  ChunkedReader no_chunks;
  no_chunks.Take("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", ignore);
  EXPECT_TRUE(no_chunks.failed());
  ChunkedReader no_size;
  no_size.Take("HTTP/1.1 200 OK\r\nx: chunked\r\n\r\nzz\r\n", ignore);
  EXPECT_TRUE(no_size.failed());
}

}  // namespace
}  // namespace ebpf_exporter
