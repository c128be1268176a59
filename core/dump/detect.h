// OpenDump: a reader for a dump of any form, told by its first bytes: a
// capture, what bpftool prints, raw entries when their sizes are given; each of
// them packed with zstd or not.

#ifndef EBPF_EXPORTER_CORE_DUMP_DETECT_H_
#define EBPF_EXPORTER_CORE_DUMP_DETECT_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/dump/bpftool_json.h"
#include "core/dump/bpftool_reader.h"
#include "core/dump/bpftool_text.h"
#include "core/dump/byte_source.h"
#include "core/dump/capture_reader.h"
#include "core/dump/detect_form.h"
#include "core/dump/detect_options.h"
#include "core/dump/dump_reader.h"
#include "core/dump/raw_entries.h"
#include "core/dump/zstd_source.h"

namespace ebpf_exporter {

// An error says what the bytes are instead, and what to do.
absl::StatusOr<std::unique_ptr<DumpReader>> OpenDump(
    std::unique_ptr<ByteSource> source, const DumpOptions& options);

// Implementation below.

namespace internal {

// Gives the bytes that were taken for a look at them, then the rest.
class LookedAtSource final : public ByteSource {
 public:
  LookedAtSource(std::string first, std::unique_ptr<ByteSource> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  absl::StatusOr<size_t> Read(std::span<char> to) override {
    if (at_ == first_.size()) return rest_->Read(to);
    const size_t count = std::min(to.size(), first_.size() - at_);
    std::copy_n(first_.data() + at_, count, to.data());
    at_ += count;
    return count;
  }

 private:
  const std::string first_;
  const std::unique_ptr<ByteSource> rest_;
  size_t at_ = 0;
};

// The first kDetectBytes, fewer if there are no more.
inline absl::StatusOr<std::string> ReadFirstBytes(ByteSource& source) {
  std::string first(kDetectBytes, '\0');
  size_t filled = 0;
  while (filled < first.size()) {
    absl::StatusOr<size_t> count =
        source.Read(std::span(first.data() + filled, first.size() - filled));
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    filled += *count;
  }
  first.resize(filled);
  return first;
}

inline absl::Status NoDump(DumpForm form, std::string_view first) {
  switch (form) {
    case DumpForm::kEmpty:
      return absl::InvalidArgumentError("the dump is empty");
    case DumpForm::kGzip:
      return absl::InvalidArgumentError(
          "byte 0: packed with gzip: unpack it first, e.g. `gunzip -c FILE | "
          "tabledump decode .. -`");
    case DumpForm::kElf:
      return absl::InvalidArgumentError(
          "byte 0: an ELF file is no dump: give an object with --object");
    case DumpForm::kZstd:
      return absl::InvalidArgumentError("byte 0: packed with zstd twice");
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          "byte 0: `", absl::CHexEscape(first.substr(0, 16)),
          "` begins no form of dump that is known: neither a capture nor what "
          "`bpftool map dump` prints; for raw entries give --key-size and "
          "--value-size"));
  }
}

}  // namespace internal

inline absl::StatusOr<std::unique_ptr<DumpReader>> OpenDump(
    std::unique_ptr<ByteSource> source, const DumpOptions& options) {
  absl::StatusOr<std::string> first = internal::ReadFirstBytes(*source);
  if (!first.ok()) return first.status();
  const bool sizes = options.value_size > 0;
  DumpForm form = DetectForm(*first, sizes);
  source =
      std::make_unique<internal::LookedAtSource>(*first, std::move(source));
  if (form == DumpForm::kZstd) {
    source = std::make_unique<ZstdSource>(std::move(source));
    first = internal::ReadFirstBytes(*source);
    if (!first.ok()) return first.status();
    form = DetectForm(*first, sizes);
    source =
        std::make_unique<internal::LookedAtSource>(*first, std::move(source));
  }
  switch (form) {
    case DumpForm::kCapture:
      return std::make_unique<CaptureReader>(
          std::move(source), CaptureOptions{.lenient = options.lenient});
    case DumpForm::kBpftoolJson:
      return std::make_unique<BpftoolReader<BpftoolJsonParser>>(
          std::move(source), options);
    case DumpForm::kBpftoolText:
      return std::make_unique<BpftoolReader<BpftoolTextParser>>(
          std::move(source), options);
    case DumpForm::kRaw:
      return std::make_unique<RawReader>(std::move(source), options);
    default:
      return internal::NoDump(form, *first);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_DETECT_H_
