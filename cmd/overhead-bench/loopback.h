// LoopbackEcho: a thread that accepts connections on 127.0.0.1 and sends back
// each byte, and what connects to it.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_LOOPBACK_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_LOOPBACK_H_

#include <cstdint>
#include <thread>

#include "absl/status/statusor.h"
#include "bpf/loader/file_descriptor.h"

namespace ebpf_exporter {

class LoopbackEcho {
 public:
  static absl::StatusOr<LoopbackEcho> Start();

  LoopbackEcho(LoopbackEcho&&) = default;
  LoopbackEcho& operator=(LoopbackEcho&&) = delete;
  ~LoopbackEcho();

  // A connection, or nothing, with errno.
  FileDescriptor Connect() const;
  // Connects, sends a byte, waits for it, closes. False, with errno, if not.
  bool Exchange() const;

 private:
  LoopbackEcho(FileDescriptor listener, uint16_t port);

  FileDescriptor listener_;
  uint16_t port_;
  std::thread thread_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_LOOPBACK_H_
