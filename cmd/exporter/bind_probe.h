// Tries an address before the server takes it, for the sake of the error: the
// server library only says that its ports failed.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_BIND_PROBE_H_
#define EBPF_EXPORTER_CMD_EXPORTER_BIND_PROBE_H_

#include "absl/status/statusor.h"
#include "cmd/exporter/listen_address.h"

namespace ebpf_exporter {

// Binds to the address and lets it go. Returns the address to listen on: the
// same, or 0.0.0.0 in place of all addresses on a host without IPv6. An error
// names the address; FailedPrecondition is one in use.
absl::StatusOr<ListenAddress> ProbeBind(const ListenAddress& address);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_BIND_PROBE_H_
