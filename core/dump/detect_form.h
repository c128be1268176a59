// DetectForm: which form of dump begins with these bytes.

#ifndef EBPF_EXPORTER_CORE_DUMP_DETECT_FORM_H_
#define EBPF_EXPORTER_CORE_DUMP_DETECT_FORM_H_

#include <cstddef>
#include <string_view>

#include "core/dump/capture_format.h"
#include "core/dump/zstd_source.h"

namespace ebpf_exporter {

enum class DumpForm {
  kEmpty,
  kCapture,
  kZstd,
  kGzip,
  kElf,  // an object file, no dump
  kBpftoolJson,
  kBpftoolText,
  kRaw,
  kUnknown,
};

// With so many bytes, or all there are, every form can be told.
inline constexpr size_t kDetectBytes = 512;

// `sizes_given` says that the user gave the sizes of key and value, so that
// bytes of no other form are raw entries.
DumpForm DetectForm(std::string_view first_bytes, bool sizes_given);

// Implementation below.

namespace internal {

inline std::string_view SkipMarkAndSpace(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const size_t start = text.find_first_not_of(" \t\r\n");
  return start == std::string_view::npos ? std::string_view()
                                         : text.substr(start);
}

// An array of entries or maps, one of them, or an error between entries.
inline bool BeginsJson(std::string_view text) {
  if (text.starts_with('[')) {
    text = SkipMarkAndSpace(text.substr(1));
    if (text.empty() || text[0] == ']' || text.starts_with("key:")) return true;
  }
  if (!text.starts_with('{')) return false;
  text = SkipMarkAndSpace(text.substr(1));
  return text.empty() || text[0] == '"';
}

// `12: hash  name x  flags 0x0`.
inline bool BeginsMapLine(std::string_view text) {
  const size_t digits = text.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos &&
         text.substr(digits).starts_with(": ");
}

inline bool BeginsText(std::string_view text) {
  for (std::string_view word :
       {"key:", "value:", "value (CPU ", "Found ", "Warning: ", "Error: "}) {
    if (text.starts_with(word)) return true;
  }
  return BeginsMapLine(text);
}

}  // namespace internal

inline DumpForm DetectForm(std::string_view first_bytes, bool sizes_given) {
  if (first_bytes.empty()) return DumpForm::kEmpty;
  if (first_bytes.starts_with(kCaptureMagic)) return DumpForm::kCapture;
  if (IsZstd(first_bytes)) return DumpForm::kZstd;
  const std::string_view text = internal::SkipMarkAndSpace(first_bytes);
  if (internal::BeginsJson(text)) return DumpForm::kBpftoolJson;
  if (internal::BeginsText(text)) return DumpForm::kBpftoolText;
  if (sizes_given) return DumpForm::kRaw;
  if (text.empty()) return DumpForm::kEmpty;
  if (first_bytes.starts_with("\x1f\x8b")) return DumpForm::kGzip;
  if (first_bytes.starts_with("\x7f"
                              "ELF"))
    return DumpForm::kElf;
  return DumpForm::kUnknown;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_DETECT_FORM_H_
