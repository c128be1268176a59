// The names of the functions that an ELF file defines: what a pattern of a
// uprobe.multi section is matched with.

#ifndef EBPF_EXPORTER_BPF_LOADER_ELF_FUNCTIONS_H_
#define EBPF_EXPORTER_BPF_LOADER_ELF_FUNCTIONS_H_

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// From .symtab and .dynsym of a 64-bit file of this host's byte order; empty
// if it is none or has neither. What lies outside the file is passed over.
std::set<std::string> ElfFunctions(std::string_view file);

namespace internal {

// The record of type T at `offset`; false if the file ends before that.
template <typename T>
bool ReadRecord(std::string_view file, uint64_t offset, T& out) {
  if (offset > file.size() || file.size() - offset < sizeof(T)) return false;
  std::memcpy(&out, file.data() + offset, sizeof(T));
  return true;
}

inline bool ReadSection(std::string_view file, const Elf64_Ehdr& header,
                        uint64_t index, Elf64_Shdr& out) {
  return index < header.e_shnum && header.e_shentsize == sizeof(out) &&
         header.e_shoff <= file.size() &&
         ReadRecord(file, header.e_shoff + index * sizeof(out), out);
}

inline std::string_view NameAt(std::string_view file, const Elf64_Shdr& strings,
                               uint64_t offset) {
  if (strings.sh_offset > file.size()) return "";
  std::string_view names = file.substr(strings.sh_offset, strings.sh_size);
  if (offset >= names.size()) return "";
  names = names.substr(offset);
  return names.substr(0, names.find('\0'));
}

inline void AddFunctions(std::string_view file, const Elf64_Shdr& symbols,
                         const Elf64_Shdr& strings,
                         std::set<std::string>& out) {
  Elf64_Sym symbol;
  for (uint64_t at = 0; at + sizeof(symbol) <= symbols.sh_size;
       at += sizeof(symbol)) {
    if (symbols.sh_offset > file.size() ||
        !ReadRecord(file, symbols.sh_offset + at, symbol)) {
      return;
    }
    if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_value == 0) {
      continue;
    }
    const std::string_view name = NameAt(file, strings, symbol.st_name);
    if (!name.empty()) out.emplace(name);
  }
}

}  // namespace internal

inline std::set<std::string> ElfFunctions(std::string_view file) {
  constexpr int kOrder =
      __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
  std::set<std::string> names;
  Elf64_Ehdr header;
  if (!internal::ReadRecord(file, 0, header) ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != kOrder) {
    return names;
  }
  for (uint64_t i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr symbols;
    Elf64_Shdr strings;
    if (!internal::ReadSection(file, header, i, symbols)) break;
    if (symbols.sh_type != SHT_SYMTAB && symbols.sh_type != SHT_DYNSYM) {
      continue;
    }
    if (internal::ReadSection(file, header, symbols.sh_link, strings)) {
      internal::AddFunctions(file, symbols, strings, names);
    }
  }
  return names;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_ELF_FUNCTIONS_H_
