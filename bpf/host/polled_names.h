// PolledNames: live names of one kind of thing, from a list that is read whole:
// block devices, interfaces, the PCI database.
//
// The list is read when a name is asked for the first time, and never if none
// is. Afterwards only Refresh(), called before each walk, reads it again, if
// the source says that it may have changed or could not be read the last time:
// however many numbers have no name, asking for them reads nothing. epoch()
// grows when an answer that was given has become another; what went keeps its
// name until another takes its number (NameMemory).
//
// AppendName and epoch may be called by any number of threads while another one
// calls Refresh.

#ifndef EBPF_EXPORTER_BPF_HOST_POLLED_NAMES_H_
#define EBPF_EXPORTER_BPF_HOST_POLLED_NAMES_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/resolve/name_memory.h"
#include "core/resolve/names.h"

namespace ebpf_exporter {

// Where a list of names comes from. Called by one thread at a time.
class NameSource {
 public:
  virtual ~NameSource() = default;

  // The whole list. Nothing if it cannot be read.
  virtual std::optional<NumberedNames> Read() = 0;

  // Whether the list may be another since the last Read(): must be cheap, since
  // it is asked before each walk.
  virtual bool MayHaveChanged() = 0;
};

class PolledNames final : public NameResolver {
 public:
  explicit PolledNames(std::unique_ptr<NameSource> source)
      : source_(std::move(source)) {}

  bool AppendName(uint64_t id, std::string& out) const override;
  uint64_t epoch() const override { return epoch_; }
  // False if the list could not be read the last time.
  bool available() const override;

  void Refresh();

 private:
  // REQUIRES: mutex_ is held.
  void Read() const;

  mutable std::mutex mutex_;  // guards all but the epoch
  const std::unique_ptr<NameSource> source_;
  mutable NameMemory memory_;
  mutable bool asked_ = false;
  mutable bool available_ = false;
  mutable std::atomic<uint64_t> epoch_ = 0;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_POLLED_NAMES_H_
