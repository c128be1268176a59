// Serves a Handler over HTTP/1.1 until it is stopped.
//
// Only whole, plain requests reach the handler: GET or HEAD, no body, one
// path. The rest is refused here: other methods 405, bodies 413 (unread),
// what cannot be parsed 400, HTTP other than 1.0 and 1.1 505.
//
// Each connection has a thread while it lasts, so the limits below are what
// keeps strangers from holding all of them: a client that is idle, or slow to
// ask, or does not read its answer is cut. An HTTP/1.0 client gets its answer
// with a length, never in chunks, and a closed connection.
//
// Thread-safe, except that nothing may be called during or after the
// destructor.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_HTTP_SERVER_H_
#define EBPF_EXPORTER_CMD_EXPORTER_HTTP_SERVER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "cmd/exporter/http.h"

namespace ebpf_exporter {

struct HttpServerOptions {
  // See listen_address.h. ":PORT" is IPv4 alone on a host without IPv6.
  std::string listen_address = ":9435";
  // Connections served at once. More of them wait in a queue of that length.
  int threads = 104;
  // For a request to arrive whole, and for a client to read a byte.
  std::chrono::milliseconds stall_timeout{10'000};
  // For the next request on a connection.
  std::chrono::milliseconds keep_alive_timeout{75'000};
  // For a client to read all of an answer.
  std::chrono::milliseconds response_timeout{120'000};
  // For answers that are under way when Stop() is called.
  std::chrono::milliseconds stop_timeout{3'000};
  // Told what the server has to complain of, a line at a time, from any thread.
  std::function<void(std::string_view)> log = [](std::string_view) {};
};

class HttpServer {
 public:
  // Listens when it returns. InvalidArgument: bad syntax; FailedPrecondition:
  // the address is in use; other codes as the system says.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      HttpServerOptions options, Handler handler);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  // The port that is really listened on.
  int port() const;

  // Refuses new requests with 503, lets answers that are under way finish for
  // a while, then cuts what is left. Takes at most `stop_timeout` and 2 s,
  // provided that the handler returns by then.
  void Stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_HTTP_SERVER_H_
