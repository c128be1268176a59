// The seam between what the exporter answers and the server that speaks HTTP.
// A Handler turns a Request into a Response; it knows nothing of sockets.
// http_server.h serves a Handler, tests call it directly.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_HTTP_H_
#define EBPF_EXPORTER_CMD_EXPORTER_HTTP_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "cmd/exporter/body_stream.h"

namespace ebpf_exporter {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// A GET or HEAD without a body; the server refuses everything else.
struct Request {
  std::string method = "GET";
  std::string path = "/";  // as sent: not decoded, no query
  std::string query{};     // as sent: after the `?`, empty without one
  HttpHeaders headers{};

  // The value of the first header of that name in any case, empty without one.
  std::string_view Header(std::string_view name) const;
};

// Names are literals. What is usual fits without memory of its own, and so does
// a value of at most 15 bytes.
using ResponseHeaders =
    absl::InlinedVector<std::pair<std::string_view, std::string>, 3>;

// Exactly one of `body` and `stream` is the body.
struct Response {
  int status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";  // a literal
  ResponseHeaders headers{};  // beyond what every response carries
  std::string body{};
  // Writes the body piece by piece. False aborts: the connection is cut, so
  // that nobody takes a part for the whole (or the answer is 500 when nothing
  // has been sent yet). It does not run for HEAD.
  BodyStream stream{};
};

// Called from many threads at once.
using Handler = std::function<Response(const Request&)>;

inline std::string_view Request::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_HTTP_H_
