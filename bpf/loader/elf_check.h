// A first look at an object file, before libbpf and libelf trust it: is it a
// 64-bit little- or big-endian (as this host is) relocatable ELF file for BPF,
// does everything it points at lie inside it, and is it of a size that libbpf
// goes through in about a second?

#ifndef EBPF_EXPORTER_BPF_LOADER_ELF_CHECK_H_
#define EBPF_EXPORTER_BPF_LOADER_ELF_CHECK_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "absl/status/status.h"

namespace ebpf_exporter {

// Objects of the catalogue have some ten KiB, big ones elsewhere a few MiB.
inline constexpr size_t kMaxObjectBytes = 64 << 20;

// Programs and what they call. An attached program takes two descriptors, and
// many processes may have 1024.
inline constexpr size_t kMaxFunctions = 1024;
// For each section with code, libbpf looks at every symbol.
inline constexpr size_t kMaxSections = 4096;
inline constexpr size_t kMaxSymbols = 65536;

// InvalidArgument names the file, what is wrong and, where it can be told, what
// the file is instead and how to make a right one.
absl::Status CheckElf(std::span<const std::byte> elf, std::string_view name);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ELF_CHECK_H_
