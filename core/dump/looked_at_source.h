// LookedAtSource: bytes of which the first were taken to see what they are.
//
//   absl::StatusOr<std::string> first = ReadFirstBytes(*source, 4);
//   source = std::make_unique<LookedAtSource>(*first, std::move(source));

#ifndef EBPF_EXPORTER_CORE_DUMP_LOOKED_AT_SOURCE_H_
#define EBPF_EXPORTER_CORE_DUMP_LOOKED_AT_SOURCE_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "core/dump/byte_source.h"

namespace ebpf_exporter {

// The first `count` bytes, fewer if there are no more.
absl::StatusOr<std::string> ReadFirstBytes(ByteSource& source, size_t count);

// Gives the bytes that were taken, then the rest.
class LookedAtSource final : public ByteSource {
 public:
  LookedAtSource(std::string first, std::unique_ptr<ByteSource> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  absl::StatusOr<size_t> Read(std::span<char> to) override;

 private:
  const std::string first_;
  const std::unique_ptr<ByteSource> rest_;
  size_t at_ = 0;
};

// Implementation below.

inline absl::StatusOr<std::string> ReadFirstBytes(ByteSource& source,
                                                  size_t count) {
  std::string first(count, '\0');
  size_t filled = 0;
  while (filled < first.size()) {
    absl::StatusOr<size_t> got =
        source.Read(std::span(first.data() + filled, first.size() - filled));
    if (!got.ok()) return got.status();
    if (*got == 0) break;
    filled += *got;
  }
  first.resize(filled);
  return first;
}

inline absl::StatusOr<size_t> LookedAtSource::Read(std::span<char> to) {
  if (at_ == first_.size()) return rest_->Read(to);
  const size_t count = std::min(to.size(), first_.size() - at_);
  std::copy_n(first_.data() + at_, count, to.data());
  at_ += count;
  return count;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_LOOKED_AT_SOURCE_H_
