// Sends a Response to a client in the way that this client understands, so
// that a part of a body is never taken for the whole.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_HTTP_EXCHANGE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_HTTP_EXCHANGE_H_

#include <string>
#include <string_view>
#include <utility>

#include "cmd/exporter/http.h"
#include "cmd/exporter/http_response.h"
#include "cmd/exporter/http_rules.h"

namespace ebpf_exporter {

class Exchange {
 public:
  struct Client {
    bool http_1_0 = false;  // knows no chunks
    bool head = false;      // wants no body
    bool keep_alive = false;
  };

  // `date` is for the Date header.
  Exchange(Client client, std::string date, SendFunction send)
      : client_(client), date_(std::move(date)), send_(std::move(send)) {
    client_.keep_alive = client.keep_alive && !client.http_1_0;
  }

  // Returns whether the connection may serve another request; if not, it must
  // be closed, which is also how an answer is cut.
  bool Answer(const Response& response);

 private:
  // An answer of unknown length is kept whole for a client without chunks.
  static constexpr size_t kBufferedBodyBytes = 64 << 20;

  // Each returns whether all was sent.
  bool AnswerWithLength(const Response& response);
  bool AnswerInChunks(const Response& response);
  bool AnswerBuffered(const Response& response);
  bool AnswerFailure();

  Client client_;
  std::string date_;
  SendFunction send_;
};

inline bool Exchange::Answer(const Response& response) {
  const bool whole = !response.stream   ? AnswerWithLength(response)
                     : client_.http_1_0 ? AnswerBuffered(response)
                                        : AnswerInChunks(response);
  return whole && client_.keep_alive;
}

inline bool Exchange::AnswerWithLength(const Response& response) {
  std::string bytes =
      ResponseHead(response, BodyFraming::kLength, client_.keep_alive, date_);
  if (!client_.head) bytes.append(response.body);
  return send_(bytes);
}

inline bool Exchange::AnswerInChunks(const Response& response) {
  std::string head =
      ResponseHead(response, BodyFraming::kChunked, client_.keep_alive, date_);
  if (client_.head) return send_(head);
  ChunkedBody body(std::move(head), send_);
  if (response.stream(body)) return body.Finish();
  return !body.started() && AnswerFailure();
}

inline bool Exchange::AnswerBuffered(const Response& response) {
  BufferedBody body(kBufferedBodyBytes);
  const bool whole = response.stream(body);
  if (body.overflowed()) {
    return AnswerWithLength(
        PlainAnswer(505, "this answer is too large for HTTP/1.0"));
  }
  if (!whole) return AnswerFailure();
  Response buffered = response;
  buffered.body = std::move(body.body());
  return AnswerWithLength(buffered);
}

inline bool Exchange::AnswerFailure() {
  return AnswerWithLength(PlainAnswer(500, "the answer could not be made"));
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_HTTP_EXCHANGE_H_
