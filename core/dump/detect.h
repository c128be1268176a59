// OpenDump: a reader for a dump of any form, told by its first bytes: a
// capture, what bpftool prints, raw entries when their sizes are given; each of
// them packed with zstd or not.

#ifndef EBPF_EXPORTER_CORE_DUMP_DETECT_H_
#define EBPF_EXPORTER_CORE_DUMP_DETECT_H_

#include <memory>
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
#include "core/dump/looked_at_source.h"
#include "core/dump/raw_entries.h"
#include "core/dump/zstd_source.h"

namespace ebpf_exporter {

// An error says what the bytes are instead, and what to do.
absl::StatusOr<std::unique_ptr<DumpReader>> OpenDump(
    std::unique_ptr<ByteSource> source, const DumpOptions& options);

// Implementation below.

namespace internal {

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
  absl::StatusOr<std::string> first = ReadFirstBytes(*source, kDetectBytes);
  if (!first.ok()) return first.status();
  const bool sizes = options.value_size > 0;
  DumpForm form = DetectForm(*first, sizes);
  source = std::make_unique<LookedAtSource>(*first, std::move(source));
  if (form == DumpForm::kZstd) {
    source = std::make_unique<ZstdSource>(std::move(source));
    first = ReadFirstBytes(*source, kDetectBytes);
    if (!first.ok()) return first.status();
    form = DetectForm(*first, sizes);
    source = std::make_unique<LookedAtSource>(*first, std::move(source));
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
