// The bytes of an HTTP/1.1 response (RFC 9112): its head, and its body in
// chunks. Where they go is a SendFunction, so none of this knows a socket.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_HTTP_RESPONSE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_HTTP_RESPONSE_H_

#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/http.h"
#include "core/exposition/text_block.h"

namespace ebpf_exporter {

// Sends all of the bytes; false when that failed and nothing more can be sent.
using SendFunction = std::function<bool(std::string_view)>;

// How a reader knows where the body ends.
enum class BodyFraming {
  kLength,   // Content-Length
  kChunked,  // Transfer-Encoding: chunked
};

// Status line and headers with the empty line that ends them. `date` is in the
// form of RFC 9110, 5.6.7.
std::string ResponseHead(const Response& response, BodyFraming framing,
                         bool keep_alive, std::string_view date);

// "OK" for 200; a status that the exporter does not use is "Error".
std::string_view ReasonPhrase(int status);

// Turns what a Response writes into chunks of a size that is worth sending.
// The head goes out with the first chunk: until then nothing is lost.
class ChunkedBody final : public BodyWriter {
 public:
  ChunkedBody(std::string head, SendFunction sink)
      : head_(std::move(head)), sink_(std::move(sink)) {}

  bool Write(std::string_view chunk) override;
  bool WriteBlock(TextBlock& block, size_t size) override;

  // Sends what is left and the end mark; call it once, only after success.
  bool Finish();

  // Whether any byte, so the status too, is on its way.
  bool started() const { return started_; }

 private:
  static constexpr size_t kChunkBytes = 64 << 10;

  // Sends a chunk (none if it is empty) and what ends it.
  bool Send(std::string_view chunk, std::string_view end_mark);

  std::string head_;
  SendFunction sink_;
  std::string pending_;  // body bytes of the next chunk
  std::string frame_;    // what is sent, kept for its memory
  bool started_ = false;
  bool failed_ = false;
};

// Keeps a body for a client that knows no chunks, up to a limit.
class BufferedBody final : public BodyWriter {
 public:
  explicit BufferedBody(size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  bool Write(std::string_view chunk) override;

  bool overflowed() const { return overflowed_; }
  std::string& body() { return body_; }

 private:
  size_t limit_bytes_;
  std::string body_;
  bool overflowed_ = false;
};

inline std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

namespace internal {

// A line break in a value would start a header, or a body, of its own.
inline std::string HeaderValue(std::string_view value) {
  std::string clean(value);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return clean;
}

}  // namespace internal

inline std::string ResponseHead(const Response& response, BodyFraming framing,
                                bool keep_alive, std::string_view date) {
  std::string head = absl::StrCat("HTTP/1.1 ", response.status, " ",
                                  ReasonPhrase(response.status), "\r\n");
  const auto add = [&head](std::string_view name, std::string_view value) {
    absl::StrAppend(&head, name, ": ", internal::HeaderValue(value), "\r\n");
  };
  add("Date", date);
  add("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) add(name, value);
  add("X-Content-Type-Options", "nosniff");
  if (framing == BodyFraming::kChunked) {
    add("Transfer-Encoding", "chunked");
  } else {
    add("Content-Length", absl::StrCat(response.body.size()));
  }
  add("Connection", keep_alive ? "keep-alive" : "close");
  return head.append("\r\n");
}

inline bool ChunkedBody::Write(std::string_view chunk) {
  // Writers that gather text themselves hand on as much as a chunk.
  if (pending_.empty() && chunk.size() >= kChunkBytes / 2) {
    return Send(chunk, "");
  }
  while (!chunk.empty() && !failed_) {
    const std::string_view part =
        chunk.substr(0, kChunkBytes - pending_.size());
    pending_.append(part);
    chunk.remove_prefix(part.size());
    if (pending_.size() < kChunkBytes) break;
    Send(pending_, "");
    pending_.clear();
  }
  return !failed_;
}

inline bool ChunkedBody::WriteBlock(TextBlock& block, size_t size) {
  if (!head_.empty() || size < kChunkBytes / 2) {
    return Write({block.bytes(), size});
  }
  if (!pending_.empty()) Send(std::exchange(pending_, {}), "");
  if (failed_) return false;
  const absl::AlphaNum length{absl::Hex(size)};
  char* const begin = block.bytes() - length.size() - 2;
  length.Piece().copy(begin, length.size());
  std::memcpy(block.bytes() - 2, "\r\n", 2);
  std::memcpy(block.bytes() + size, "\r\n", 2);
  failed_ = !sink_({begin, length.size() + 2 + size + 2});
  return !failed_;
}

inline bool ChunkedBody::Finish() { return Send(pending_, "0\r\n\r\n"); }

// One send for all: small packets of their own would wait for each other.
inline bool ChunkedBody::Send(std::string_view chunk,
                              std::string_view end_mark) {
  if (failed_) return false;
  if (!head_.empty()) frame_.swap(head_);  // it goes with the first chunk
  head_.clear();
  if (!chunk.empty()) {
    absl::StrAppend(&frame_, absl::Hex(chunk.size()), "\r\n", chunk, "\r\n");
  }
  frame_.append(end_mark);
  started_ = true;
  failed_ = !sink_(frame_);
  frame_.clear();
  return !failed_;
}

inline bool BufferedBody::Write(std::string_view chunk) {
  overflowed_ = overflowed_ || chunk.size() > limit_bytes_ - body_.size();
  if (!overflowed_) body_.append(chunk);
  return !overflowed_;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_HTTP_RESPONSE_H_
