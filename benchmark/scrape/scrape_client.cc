#include "benchmark/scrape/scrape_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <zlib.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "benchmark/scrape/body_check.h"
#include "benchmark/scrape/chunked.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kBufferBytes = 256 << 10;

// Unpacks gzip as it arrives.
class Gunzip {
 public:
  Gunzip() : text_(kBufferBytes) { inflateInit2(&stream_, 15 + 16); }
  ~Gunzip() { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  void Take(std::string_view packed, BodyCheck& check) {
    stream_.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    while (good_ && !done_) {
      stream_.next_out = reinterpret_cast<Bytef*>(text_.data());
      stream_.avail_out = static_cast<uInt>(text_.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      check.Take({text_.data(), text_.size() - stream_.avail_out});
      done_ = result == Z_STREAM_END;
      good_ = done_ || result == Z_OK || result == Z_BUF_ERROR;
      if (stream_.avail_out > 0) return;
    }
  }

  // Checksum and length fit.
  bool done() const { return done_; }

 private:
  z_stream stream_ = {};
  std::vector<char> text_;
  bool good_ = true;
  bool done_ = false;
};

}  // namespace

ScrapeClient::ScrapeClient(FileDescriptor fd, std::string metric,
                           std::string prefix)
    : fd_(std::move(fd)),
      metric_(std::move(metric)),
      prefix_(std::move(prefix)),
      buffer_(kBufferBytes) {}

absl::StatusOr<ScrapeClient> ScrapeClient::Connect(int port, std::string metric,
                                                   std::string prefix) {
  FileDescriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd.get(), reinterpret_cast<sockaddr*>(&address),
              sizeof(address)) != 0) {
    return absl::ErrnoToStatus(errno, "connecting");
  }
  return ScrapeClient(std::move(fd), std::move(metric), std::move(prefix));
}

absl::Status ScrapeClient::Ask(bool gzip) const {
  const std::string request =
      absl::StrCat("GET /metrics HTTP/1.1\r\nHost: localhost\r\n",
                   gzip ? "Accept-Encoding: gzip\r\n" : "", "\r\n");
  const ssize_t sent =
      send(fd_.get(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(request.size())) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, "asking");
}

absl::StatusOr<std::string_view> ScrapeClient::Receive() {
  const ssize_t size = recv(fd_.get(), buffer_.data(), buffer_.size(), 0);
  if (size < 0) return absl::ErrnoToStatus(errno, "receiving");
  if (size == 0) return absl::DataLossError("the answer ends too early");
  return std::string_view(buffer_.data(), static_cast<size_t>(size));
}

absl::StatusOr<ScrapeClient::Reply> ScrapeClient::Scrape(bool gzip) {
  if (absl::Status asked = Ask(gzip); !asked.ok()) return asked;
  Reply reply;
  ChunkedReader reader;
  BodyCheck check(metric_, prefix_);
  Gunzip gunzip;
  bool begun = false;
  while (!reader.done()) {
    const absl::StatusOr<std::string_view> bytes = Receive();
    if (!bytes.ok()) return bytes.status();
    reader.Take(*bytes, [&](std::string_view text) {
      if (!std::exchange(begun, true)) {
        reply.gzip = absl::StrContains(reader.head(), "Encoding: gzip");
      }
      reply.sent_bytes += text.size();
      reply.gzip ? gunzip.Take(text, check) : check.Take(text);
    });
    if (reader.failed()) {
      return absl::DataLossError(absl::StrCat("not metrics:\n", reader.head()));
    }
  }
  if (reply.gzip && !gunzip.done()) {
    return absl::DataLossError("the body is not gzip as a whole");
  }
  reply.bytes = check.bytes();
  reply.lines = check.lines();
  reply.sum = check.sum();
  reply.digest = check.digest();
  return reply;
}

}  // namespace ebpf_exporter
