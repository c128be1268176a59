// The network interfaces by index, of the network namespace that this process
// is in.
//
// A netlink socket is told of every interface that comes, goes or is renamed:
// before each walk it is looked into, which is one system call, and only then
// is the list read again. Without such a socket the list is read before each
// walk.

#ifndef EBPF_EXPORTER_BPF_HOST_INTERFACES_H_
#define EBPF_EXPORTER_BPF_HOST_INTERFACES_H_

#include <optional>

#include "bpf/host/polled_names.h"

namespace ebpf_exporter {

class InterfaceSource final : public NameSource {
 public:
  InterfaceSource() = default;
  ~InterfaceSource() override;
  InterfaceSource(const InterfaceSource&) = delete;
  InterfaceSource& operator=(const InterfaceSource&) = delete;

  std::optional<NumberedNames> Read() override;
  bool MayHaveChanged() override;

 private:
  // Opened before the first list is read, so that no change is between them.
  void Listen();

  int socket_ = -1;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_INTERFACES_H_
