// EventCounter: counts events that programs send through a perf event array or
// a ring buffer, by the bytes they begin with.
//
// It keeps in user space what a map would keep in the kernel, and lends it out
// in the same form: an entry for each key, with a count of 8 bytes. A thread of
// its own takes events in as they come; from time to time all entries are
// forgotten, so that the memory of what came once is bounded. Events that the
// kernel had no room for are counted as lost, events that are too short to hold
// a key as malformed. Keys beyond `max_keys` count as lost as well.
//
//   absl::StatusOr<std::unique_ptr<EventCounter>> events =
//       EventCounter::Make(fd, shape, {.key_size = 20});
//   (*events)->Start();
//   (*events)->Walk([](const EntryBatch& batch) { ... });
//
// Opening needs CAP_PERFMON for perf event arrays; what follows needs nothing.

#ifndef EBPF_EXPORTER_BPF_LOADER_EVENT_COUNTER_H_
#define EBPF_EXPORTER_BPF_LOADER_EVENT_COUNTER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/loader/file_descriptor.h"
#include "core/dump/entry_batch.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

struct EventCounterOptions {
  uint32_t key_size = 0;
  std::chrono::nanoseconds flush_interval = std::chrono::hours(1);
  size_t max_keys = 1'000'000;
  // Pages of each CPU's buffer; a power of two. The original takes 1024, which
  // is half a GiB on a host with 128 CPUs.
  size_t pages = 64;
  // The kernel's list; perf event arrays have a buffer for each CPU in it.
  std::string online_cpus = "/sys/devices/system/cpu/online";
  // Between two looks at them, which cost a call to each CPU.
  std::chrono::nanoseconds follow_pause = std::chrono::seconds(1);
};

class EventCounter {
 public:
  using Receiver = absl::FunctionRef<void(const EntryBatch& batch)>;

  // `shape` tells the kind of map; InvalidArgument if it holds no events.
  static absl::StatusOr<std::unique_ptr<EventCounter>> Make(
      int fd, const MapShape& shape, const EventCounterOptions& options);

  ~EventCounter();
  EventCounter(const EventCounter&) = delete;
  EventCounter& operator=(const EventCounter&) = delete;

  // Begins to take in events, on a thread. Before, they wait in the buffers.
  void Start();

  // Takes in what waits, then calls `receive` with a copy of all entries. From
  // any thread; however long `receive` takes, nobody else waits for it.
  void Walk(Receiver receive);

  // Why events of a CPU that came online cannot be received, if so.
  absl::Status status() const;

  uint64_t lost() const { return lost_; }
  uint64_t malformed() const { return malformed_; }

 private:
  class Buffer;
  class PerfBuffer;
  class RingBuffer;

  // All entries at one moment: what Walk lends.
  struct Copy {
    std::vector<std::byte> keys;
    std::vector<uint64_t> values;
  };

  explicit EventCounter(const EventCounterOptions& options);

  void Run();
  Copy MakeCopy();
  void KeepMemory(Copy copy);
  // All with `mutex_` held.
  void Consume();
  void FollowIfDue();
  void FlushIfDue();
  void Take(std::string_view event);

  const EventCounterOptions options_;
  std::unique_ptr<Buffer> buffer_;
  FileDescriptor wake_;  // an eventfd that ends the thread
  std::thread thread_;
  std::atomic<uint64_t> lost_ = 0;
  std::atomic<uint64_t> malformed_ = 0;
  std::atomic<int> follow_error_ = 0;

  std::mutex mutex_;  // guards what follows, and the buffer's consumer side
  absl::flat_hash_map<std::string, uint64_t> counts_;
  std::chrono::steady_clock::time_point flushed_at_;
  std::chrono::steady_clock::time_point followed_at_;
  std::vector<Copy> idle_;  // memory of former walks
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_EVENT_COUNTER_H_
