// A file that the build put into this program; `embed` in bpf.bzl makes them.
#ifndef EBPF_EXPORTER_TOOLS_BUILD_EMBEDDED_FILE_H_
#define EBPF_EXPORTER_TOOLS_BUILD_EMBEDDED_FILE_H_

#include <cstddef>
#include <span>
#include <string_view>

namespace ebpf_exporter {

struct EmbeddedFile {
  // The base name the file had, e.g. "bio.bpf.o".
  std::string_view name;
  // Its bytes: 16-byte aligned, there for as long as the program runs, and
  // followed by a NUL that is not part of them.
  std::span<const std::byte> bytes;

  // The bytes as characters.
  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_EMBEDDED_FILE_H_
