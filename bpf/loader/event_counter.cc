#include "bpf/loader/event_counter.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bpf/loader/errors.h"
#include "bpf/loader/handles.h"
#include "bpf/loader/libbpf.h"
#include "bpf/loader/perf_buffers.h"

namespace ebpf_exporter {

class EventCounter::Buffer {
 public:
  virtual ~Buffer() = default;
  // A descriptor that becomes readable when events wait.
  virtual int epoll_fd() const = 0;
  virtual void Consume() = 0;
  // Brings it up to the CPUs that are online; 0 or an errno.
  virtual int Follow() { return 0; }
};

namespace {

constexpr size_t kHeaderBytes = 8;  // of each event in a ring

using RingBufferPtr =
    std::unique_ptr<ring_buffer, CallOnDelete<ring_buffer__free>>;

}  // namespace

class EventCounter::PerfBuffer final : public Buffer {
 public:
  PerfBuffer(int map, EventCounter* counter)
      : buffers_(
            map, counter->options_.pages, counter->options_.online_cpus,
            {.take =
                 [counter](std::string_view event) { counter->Take(event); },
             .lose = [counter](uint64_t count) { counter->lost_ += count; }}) {}
  int epoll_fd() const override { return buffers_.epoll_fd(); }
  void Consume() override { buffers_.Consume(); }
  int Follow() override { return buffers_.Follow(); }
  bool has_any() const { return buffers_.cpus() > 0; }

 private:
  PerfBuffers buffers_;
};

class EventCounter::RingBuffer final : public Buffer {
 public:
  RingBuffer(int map, size_t bytes, EventCounter* counter)
      : most_events_(bytes / kHeaderBytes),
        buffer_(ring_buffer__new(
            map,
            [](void* to, void* data, size_t size) {
              static_cast<EventCounter*>(to)->Take(
                  {static_cast<const char*>(data), size});
              return 0;
            },
            counter, nullptr)) {}
  bool ok() const { return buffer_ != nullptr; }
  int epoll_fd() const override { return ring_buffer__epoll_fd(buffer_.get()); }
  // At most as many as may wait at once: without a bound it would go on for as
  // long as programs keep pace.
  void Consume() override {
    ring_buffer__consume_n(buffer_.get(), most_events_);
  }

 private:
  const size_t most_events_;
  RingBufferPtr buffer_;
};

EventCounter::EventCounter(const EventCounterOptions& options)
    : options_(options),
      wake_(eventfd(0, EFD_CLOEXEC)),
      flushed_at_(std::chrono::steady_clock::now()) {}

absl::StatusOr<std::unique_ptr<EventCounter>> EventCounter::Make(
    int fd, const MapShape& shape, const EventCounterOptions& options) {
  std::unique_ptr<EventCounter> counter(new EventCounter(options));
  int error = 0;
  if (shape.type == MapType::kPerfEventArray) {
    auto buffer = std::make_unique<PerfBuffer>(fd, counter.get());
    error = buffer->Follow();
    if (buffer->has_any()) error = 0;  // of the rest, the first walk tells
    counter->buffer_ = std::move(buffer);
  } else if (shape.type == MapType::kRingBuf) {
    auto buffer =
        std::make_unique<RingBuffer>(fd, shape.max_entries, counter.get());
    if (!buffer->ok()) error = errno;
    counter->buffer_ = std::move(buffer);
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("map \"", shape.name,
                     "\" is neither a perf event array nor a ring buffer"));
  }
  if (error != 0) {
    return KernelError(error,
                       absl::StrCat("buffer of events \"", shape.name, "\""));
  }
  return counter;
}

EventCounter::~EventCounter() {
  if (!thread_.joinable()) return;
  eventfd_write(wake_.get(), 1);
  thread_.join();
}

void EventCounter::Start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
}

void EventCounter::Run() {
  // Programs may wake the reader for each event: so take a breath after each
  // turn, which lets events gather.
  constexpr int kBreathMilliseconds = 20;
  while (true) {
    std::array<pollfd, 2> ready = {
        {{wake_.get(), POLLIN, 0}, {buffer_->epoll_fd(), POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    if (ready[0].revents != 0) return;
    {
      const std::lock_guard lock(mutex_);
      FlushIfDue();
      FollowIfDue();
      Consume();
    }
    if (poll(ready.data(), 1, kBreathMilliseconds) > 0) return;
  }
}

void EventCounter::Consume() { buffer_->Consume(); }

void EventCounter::FollowIfDue() {
  const auto now = std::chrono::steady_clock::now();
  if (now - followed_at_ < options_.follow_pause) return;
  followed_at_ = now;
  follow_error_ = buffer_->Follow();
}

absl::Status EventCounter::status() const {
  const int error = follow_error_;
  if (error == 0) return absl::OkStatus();
  return KernelError(
      error, absl::StrCat("events of a CPU that came cannot be received",
                          error == EPERM || error == EACCES
                              ? " (keep cap_perfmon, with --capabilities.keep)"
                              : ""));
}

void EventCounter::FlushIfDue() {
  const auto now = std::chrono::steady_clock::now();
  if (now - flushed_at_ < options_.flush_interval) return;
  flushed_at_ = now;
  counts_.clear();
}

// The kernel pads events to 8 bytes: what follows the key is no part of it.
void EventCounter::Take(std::string_view event) {
  if (event.size() < options_.key_size) {
    ++malformed_;
    return;
  }
  event = event.substr(0, options_.key_size);
  const auto known = counts_.find(event);
  if (known != counts_.end()) {
    ++known->second;
  } else if (counts_.size() < options_.max_keys) {
    counts_.emplace(event, 1);
  } else {
    ++lost_;
  }
}

EventCounter::Copy EventCounter::MakeCopy() {
  const std::lock_guard lock(mutex_);
  FlushIfDue();
  FollowIfDue();
  Consume();
  Copy copy;
  if (!idle_.empty()) {
    copy = std::move(idle_.back());
    idle_.pop_back();
  }
  copy.keys.resize(counts_.size() * options_.key_size);
  copy.values.clear();
  copy.values.reserve(counts_.size());
  std::byte* at = copy.keys.data();
  for (const auto& [key, count] : counts_) {
    if (!key.empty()) std::memcpy(at, key.data(), key.size());
    at += key.size();
    copy.values.push_back(count);
  }
  return copy;
}

// For the next walk. More than two at a time are rare.
void EventCounter::KeepMemory(Copy copy) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < 2) idle_.push_back(std::move(copy));
}

void EventCounter::Walk(Receiver receive) {
  Copy copy = MakeCopy();
  EntryBatch batch;
  batch.keys = copy.keys.data();
  batch.values = reinterpret_cast<const std::byte*>(copy.values.data());
  batch.count = copy.values.size();
  batch.key_size = options_.key_size;
  batch.value_size = sizeof(uint64_t);
  batch.value_stride = sizeof(uint64_t);
  if (batch.count > 0) receive(batch);
  KeepMemory(std::move(copy));
}

}  // namespace ebpf_exporter
