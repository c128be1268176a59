// One C file out of translated code and what it needs, for clang to compile.

#ifndef EBPF_EXPORTER_CORE_INLINE_ASSEMBLE_H_
#define EBPF_EXPORTER_CORE_INLINE_ASSEMBLE_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/inline/own_prelude.h"
#include "core/inline/prelude.h"

namespace ebpf_exporter {

struct SourceParts {
  std::string_view contexts;              // of the kernel's types
  std::string_view types;                 // ... that are relocated
  std::vector<std::string_view> headers;  // texts of libbpf's, in order
  std::string_view macros;                // that BTF does not know
  std::string_view events;                // structs of tracepoints
  std::vector<std::string> kaddrs;
  std::string_view code;
  std::string_view tail;  // behind the code, in lines of its own
  bool has_license = false;
};

struct SourceText {
  std::string text;
  int code_starts = 0;  // lines before the code's first
};

SourceText Assemble(const SourceParts& parts);

namespace internal {

// They stand in one file, so they include each other no more.
inline void AppendHeader(std::string_view header, std::string& out) {
  for (std::string_view line : absl::StrSplit(header, '\n')) {
    if (!absl::StartsWith(line, "#include")) absl::StrAppend(&out, line, "\n");
  }
}

}  // namespace internal

inline SourceText Assemble(const SourceParts& parts) {
  SourceText source;
  std::string& out = source.text;
  absl::StrAppend(&out, "#define __VMLINUX_H__\n", kBaseTypes,
                  "struct bpf_raw_tracepoint_args { u64 args[0]; };\n",
                  parts.contexts,
                  "#pragma clang attribute push(__attribute__(("
                  "preserve_access_index)), apply_to = record)\n",
                  parts.types, "#pragma clang attribute pop\n");
  for (std::string_view header : parts.headers) {
    internal::AppendHeader(header, out);
  }
  absl::StrAppend(&out, PreludeFor(parts.code), parts.macros, parts.events);
  for (const std::string& symbol : parts.kaddrs) {
    absl::StrAppend(&out, "const volatile u64 kaddr_", symbol, ";\n");
  }
  if (!parts.has_license) {
    absl::StrAppend(&out, "char bcc_license_[] SEC(\"license\") = \"GPL\";\n");
  }
  source.code_starts =
      static_cast<int>(std::count(out.begin(), out.end(), '\n'));
  absl::StrAppend(&out, parts.code, "\n", parts.tail);
  return source;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_ASSEMBLE_H_
