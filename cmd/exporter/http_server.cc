#include "cmd/exporter/http_server.h"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "civetweb.h"
#include "cmd/exporter/bind_probe.h"
#include "cmd/exporter/http_exchange.h"
#include "cmd/exporter/http_rules.h"
#include "cmd/exporter/listen_address.h"

namespace ebpf_exporter {
namespace {

using Clock = std::chrono::steady_clock;

// The server library reads a request's head into a buffer of this size.
constexpr char kRequestHeadBytes[] = "16384";

// Enough for a handler, and small as there are many threads.
constexpr size_t kThreadStackBytes = 512 << 10;

// Between two looks at the deadline.
constexpr size_t kSendBytes = 512 << 10;

// As RFC 9110, 5.6.7 wants it.
std::string HttpDate() {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(),
                          absl::UTCTimeZone());
}

Request ToRequest(const mg_request_info& info) {
  const auto text = [](const char* s) { return std::string(s ? s : ""); };
  Request request;
  request.method = text(info.request_method);
  request.path = text(info.local_uri_raw);
  request.query = text(info.query_string);
  for (int i = 0; i < info.num_headers; ++i) {
    request.headers.emplace_back(text(info.http_headers[i].name),
                                 text(info.http_headers[i].value));
  }
  return request;
}

// Sends until the deadline; each piece must make progress within the stall
// timeout, which is the server library's own.
SendFunction SinkTo(mg_connection* connection, Clock::time_point deadline) {
  return [connection, deadline](std::string_view bytes) {
    while (!bytes.empty()) {
      if (Clock::now() > deadline) return false;
      const std::string_view part = bytes.substr(0, kSendBytes);
      const int sent = mg_write(connection, part.data(), part.size());
      if (sent < 0 || static_cast<size_t>(sent) != part.size()) return false;
      bytes.remove_prefix(part.size());
    }
    return true;
  };
}

// While it lives, new threads get small stacks by default: the server library
// takes the default for its own.
class SmallThreadStacks {
 public:
  SmallThreadStacks() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t small;
    pthread_getattr_default_np(&small);
    pthread_attr_setstacksize(&small, kThreadStackBytes);
    pthread_setattr_default_np(&small);
    pthread_attr_destroy(&small);
  }
  ~SmallThreadStacks() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  SmallThreadStacks(const SmallThreadStacks&) = delete;
  SmallThreadStacks& operator=(const SmallThreadStacks&) = delete;

 private:
  pthread_attr_t before_;
};

// In the server library's own syntax, where `+` is IPv4 and IPv6.
std::string PortSpec(const ListenAddress& address) {
  return address.family == ListenAddress::Family::kAny
             ? absl::StrCat("+", address.port)
             : address.ToString();
}

// Names and values in turn. No directory is named, so no file can be served;
// paths stay as they were sent; no other origin is invited.
std::vector<std::string> Settings(const HttpServerOptions& options,
                                  const ListenAddress& address) {
  const auto number = [](auto n) { return absl::StrCat(n); };
  std::vector<std::string> settings;
  const auto set = [&settings](const char* name, std::string value) {
    settings.insert(settings.end(), {name, std::move(value)});
  };
  set("listening_ports", PortSpec(address));
  set("enable_directory_listing", "no");
  set("enable_auth_domain_check", "no");
  set("decode_url", "no");
  set("access_control_allow_origin", "");
  set("access_control_allow_methods", "");
  set("access_control_allow_headers", "");
  set("max_request_size", kRequestHeadBytes);
  set("num_threads", number(options.threads));
  set("connection_queue", number(options.threads));
  set("listen_backlog", "1024");
  set("tcp_nodelay", "1");
  set("enable_keep_alive", "yes");
  set("request_timeout_ms", number(options.stall_timeout.count()));
  set("keep_alive_timeout_ms", number(options.keep_alive_timeout.count()));
  return settings;
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, Handler handler)
      : options_(std::move(options)), handler_(std::move(handler)) {}

  absl::Status Listen();
  int port() const { return port_; }
  void Stop();

 private:
  // What the server library calls.
  static Impl& Of(const mg_connection* connection);
  static int OnOpen(const mg_connection* connection, void** data);
  static int OnRequest(mg_connection* connection);
  static int OnError(mg_connection* connection, int status, const char* text);
  static int OnLog(const mg_connection* connection, const char* message);
  static void OnClosed(const mg_connection* connection);

  absl::Status StartServer(const ListenAddress& address);
  void Serve(mg_connection* connection);
  Response Respond(const Request& request);
  // Idle connections keep a thread each; with many, they are not kept.
  bool HasRoomForIdlers() const { return open_ <= options_.threads / 2; }

  // A request is under way from Enter to Leave. False: we are stopping.
  bool Enter();
  void Leave();

  const HttpServerOptions options_;
  const Handler handler_;
  mg_context* context_ = nullptr;
  std::atomic<int> port_ = 0;  // 0 until the server listens
  std::atomic<int> open_ = 0;  // connections

  std::once_flag stopped_;
  std::mutex mutex_;
  std::condition_variable idle_;
  int under_way_ = 0;                        // guarded by mutex_
  bool stopping_ = false;                    // guarded by mutex_
  std::vector<std::string> start_messages_;  // guarded by mutex_
};

absl::Status HttpServer::Impl::Listen() {
  absl::StatusOr<ListenAddress> address =
      ParseListenAddress(options_.listen_address);
  if (address.ok()) address = ProbeBind(*address);
  return address.ok() ? StartServer(*address) : address.status();
}

absl::Status HttpServer::Impl::StartServer(const ListenAddress& address) {
  mg_callbacks callbacks = {};
  callbacks.init_connection = OnOpen;
  callbacks.begin_request = OnRequest;
  callbacks.http_error = OnError;
  callbacks.log_message = OnLog;
  callbacks.connection_closed = OnClosed;
  const std::vector<std::string> settings = Settings(options_, address);
  std::vector<const char*> pointers;
  pointers.reserve(settings.size() + 1);
  for (const std::string& text : settings) pointers.push_back(text.c_str());
  pointers.push_back(nullptr);
  mg_init_data init = {&callbacks, this, pointers.data()};

  const SmallThreadStacks small_stacks;
  mg_init_library(MG_FEATURES_DEFAULT);
  context_ = mg_start2(&init, nullptr);
  if (context_ == nullptr) {
    mg_exit_library();
    const std::lock_guard lock(mutex_);
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", options_.listen_address, ": ",
                     absl::StrJoin(start_messages_, "; ")));
  }
  mg_server_port listening = {};
  mg_get_server_ports(context_, 1, &listening);
  port_ = listening.port;
  return absl::OkStatus();
}

HttpServer::Impl& HttpServer::Impl::Of(const mg_connection* connection) {
  return *static_cast<Impl*>(mg_get_user_data(mg_get_context(connection)));
}

int HttpServer::Impl::OnOpen(const mg_connection* connection, void**) {
  ++Of(connection).open_;
  return 0;
}

void HttpServer::Impl::OnClosed(const mg_connection* connection) {
  --Of(connection).open_;
}

int HttpServer::Impl::OnLog(const mg_connection* connection,
                            const char* message) {
  Impl& impl = Of(connection);
  if (impl.port_ != 0) {
    impl.options_.log(message);
  } else {
    const std::lock_guard lock(impl.mutex_);
    impl.start_messages_.emplace_back(message);
  }
  return 1;
}

// For what never becomes a request. The text is the library's own.
int HttpServer::Impl::OnError(mg_connection* connection, int status,
                              const char* text) {
  const auto deadline = Clock::now() + Of(connection).options_.stall_timeout;
  Exchange exchange({}, HttpDate(), SinkTo(connection, deadline));
  exchange.Answer(PlainAnswer(status, text));
  mg_disable_connection_keep_alive(connection);
  return 0;
}

int HttpServer::Impl::OnRequest(mg_connection* connection) {
  Of(connection).Serve(connection);
  return 200;  // done; the number would go to an access log
}

void HttpServer::Impl::Serve(mg_connection* connection) {
  const bool running = Enter();
  const absl::Cleanup leave = [this] { Leave(); };
  const mg_request_info& info = *mg_get_request_info(connection);
  bool keep = false;
  try {  // exceptions must not reach the C code that calls us
    const Request request = ToRequest(info);
    const Exchange::Client client = {
        .http_1_0 = std::string_view(info.http_version) == "1.0",
        .head = request.method == "HEAD",
        .keep_alive = running && HasRoomForIdlers() && MayKeepAlive(request)};
    const auto deadline = Clock::now() + options_.response_timeout;
    Exchange exchange(client, HttpDate(), SinkTo(connection, deadline));
    keep =
        exchange.Answer(running ? Respond(request)
                                : PlainAnswer(503, "the exporter is stopping"));
  } catch (const std::exception& error) {
    options_.log(absl::StrCat("a request failed: ", error.what()));
  }
  if (!keep) mg_disable_connection_keep_alive(connection);
}

Response HttpServer::Impl::Respond(const Request& request) {
  std::optional<Response> refusal = Refusal(request);
  return refusal ? *std::move(refusal) : handler_(request);
}

bool HttpServer::Impl::Enter() {
  const std::lock_guard lock(mutex_);
  ++under_way_;
  return !stopping_;
}

void HttpServer::Impl::Leave() {
  const std::lock_guard lock(mutex_);
  if (--under_way_ == 0) idle_.notify_all();
}

void HttpServer::Impl::Stop() {
  std::call_once(stopped_, [this] {
    if (context_ == nullptr) return;
    {
      std::unique_lock lock(mutex_);
      stopping_ = true;
      idle_.wait_for(lock, options_.stop_timeout,
                     [this] { return under_way_ == 0; });
    }
    mg_stop(context_);
    mg_exit_library();
  });
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Stop(); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    HttpServerOptions options, Handler handler) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  if (absl::Status status = impl->Listen(); !status.ok()) return status;
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

int HttpServer::port() const { return impl_->port(); }

void HttpServer::Stop() { impl_->Stop(); }

}  // namespace ebpf_exporter
