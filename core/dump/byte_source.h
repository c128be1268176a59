// ByteSource: bytes of a file, a pipe or a string, in order, once. The edge
// that opens files models it; readers of dumps pull from it.

#ifndef EBPF_EXPORTER_CORE_DUMP_BYTE_SOURCE_H_
#define EBPF_EXPORTER_CORE_DUMP_BYTE_SOURCE_H_

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace ebpf_exporter {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Fills some of `to`, at least a byte; 0 at the end.
  virtual absl::StatusOr<size_t> Read(std::span<char> to) = 0;
};

// For tests, and for dumps that are in memory already.
class StringSource : public ByteSource {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}

  absl::StatusOr<size_t> Read(std::span<char> to) override {
    const size_t count = std::min(to.size(), bytes_.size() - at_);
    std::copy_n(bytes_.data() + at_, count, to.data());
    at_ += count;
    return count;
  }

 private:
  const std::string bytes_;
  size_t at_ = 0;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BYTE_SOURCE_H_
