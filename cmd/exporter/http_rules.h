// What the server demands of a request before a Handler sees it.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_HTTP_RULES_H_
#define EBPF_EXPORTER_CMD_EXPORTER_HTTP_RULES_H_

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/http.h"

namespace ebpf_exporter {

// The server library forgets the headers after the 64th, so one that is full
// may be short of the very header that matters.
inline constexpr size_t kMaxRequestHeaders = 63;

// A plain-text answer of one line.
Response PlainAnswer(int status, std::string_view line);

// Whether bytes that are no request may follow. More than one length is a sign
// of a smuggled request, so it counts.
bool MayHaveBody(const Request& request);

// Whether the connection may be kept for another request. HTTP/1.1 keeps it
// unless the client names an option other than keep-alive.
bool MayKeepAlive(const Request& request);

// The answer to a request that no handler may see; nullopt for all others.
std::optional<Response> Refusal(const Request& request);

inline Response PlainAnswer(int status, std::string_view line) {
  Response response;
  response.status = status;
  response.body = absl::StrCat(line, "\n");
  return response;
}

inline bool MayHaveBody(const Request& request) {
  const auto lengths = std::count_if(
      request.headers.begin(), request.headers.end(), [](const auto& header) {
        return absl::EqualsIgnoreCase(header.first, "Content-Length");
      });
  return lengths > 1 ||
         (lengths == 1 && request.Header("Content-Length") != "0") ||
         !request.Header("Transfer-Encoding").empty();
}

inline bool MayKeepAlive(const Request& request) {
  const std::string_view connection = request.Header("Connection");
  const bool wanted =
      connection.empty() ||
      absl::StrContains(absl::AsciiStrToLower(connection), "keep-alive");
  return wanted && !MayHaveBody(request) &&
         request.headers.size() <= kMaxRequestHeaders;
}

inline std::optional<Response> Refusal(const Request& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = PlainAnswer(405, "only GET and HEAD are answered");
    response.headers = {{"Allow", "GET, HEAD"}};
    return response;
  }
  if (request.headers.size() > kMaxRequestHeaders) {
    return PlainAnswer(431, "a request must not have so many headers");
  }
  if (MayHaveBody(request)) {
    return PlainAnswer(413, "a request must not have a body");
  }
  return std::nullopt;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_HTTP_RULES_H_
