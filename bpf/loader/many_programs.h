// Objects that hold any number of programs, made in memory, for tests.

#ifndef EBPF_EXPORTER_BPF_LOADER_MANY_PROGRAMS_H_
#define EBPF_EXPORTER_BPF_LOADER_MANY_PROGRAMS_H_

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

// An object without types and maps: functions f0, f1, ... that return 0, dealt
// out to so many sections `raw_tp/sys_enter`.
std::string ManyPrograms(size_t programs, size_t sections = 1);

inline std::span<const std::byte> BytesOf(const std::string& object) {
  return std::as_bytes(std::span(object));
}

// Implementation below.

namespace internal {

template <typename T>
std::string Raw(const T& value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}

// Puts one section after another behind the header, and their table at the end.
class ElfMaker {
 public:
  ElfMaker() : bytes_(sizeof(Elf64_Ehdr), '\0'), table_(1, Elf64_Shdr{}) {}

  // Its place in the table of names, once for each name.
  uint32_t Name(std::string_view name);
  Elf64_Shdr& Add(std::string_view name, uint32_t type, uint64_t flags,
                  std::string_view content);
  // The last section becomes that of the names.
  std::string Finish();

  size_t next_index() const { return table_.size(); }

 private:
  std::string bytes_;
  std::string names_ = std::string(1, '\0');
  std::vector<Elf64_Shdr> table_;
};

inline uint32_t ElfMaker::Name(std::string_view name) {
  const size_t at = names_.size();
  names_.append(name).push_back('\0');
  return static_cast<uint32_t>(at);
}

inline Elf64_Shdr& ElfMaker::Add(std::string_view name, uint32_t type,
                                 uint64_t flags, std::string_view content) {
  Elf64_Shdr section = {};
  section.sh_name = Name(name);
  section.sh_type = type;
  section.sh_flags = flags;
  section.sh_offset = bytes_.size();
  section.sh_size = content.size();
  section.sh_addralign = 8;
  bytes_ += content;
  bytes_.resize((bytes_.size() + 7) / 8 * 8, '\0');
  table_.push_back(section);
  return table_.back();
}

inline std::string ElfMaker::Finish() {
  const uint32_t name = Name(".strtab");
  Add("", SHT_STRTAB, 0, names_).sh_name = name;
  Elf64_Ehdr header = {};
  header.e_ident[EI_MAG0] = ELFMAG0;
  header.e_ident[EI_MAG1] = ELFMAG1;
  header.e_ident[EI_MAG2] = ELFMAG2;
  header.e_ident[EI_MAG3] = ELFMAG3;
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = EM_BPF;
  header.e_version = EV_CURRENT;
  header.e_shoff = bytes_.size();
  header.e_ehsize = sizeof(header);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = static_cast<uint16_t>(table_.size());
  header.e_shstrndx = static_cast<uint16_t>(table_.size() - 1);
  bytes_.replace(0, sizeof(header), Raw(header));
  for (const Elf64_Shdr& section : table_) bytes_ += Raw(section);
  return bytes_;
}

}  // namespace internal

inline std::string ManyPrograms(size_t programs, size_t sections) {
  // r0 = 0; exit
  static constexpr uint64_t kReturnZero[] = {0xb7, 0x95};
  const std::string code(reinterpret_cast<const char*>(kReturnZero),
                         sizeof(kReturnZero));
  internal::ElfMaker elf;
  elf.Add("license", SHT_PROGBITS, SHF_ALLOC, std::string_view("GPL", 4));
  std::string symbols = internal::Raw(Elf64_Sym{});
  size_t made = 0;
  for (size_t i = 0; i < sections; ++i) {
    const size_t end = programs * (i + 1) / sections;
    std::string content;
    for (; made < end; ++made) {
      Elf64_Sym symbol = {};
      symbol.st_name = elf.Name("f" + std::to_string(made));
      symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
      symbol.st_shndx = static_cast<uint16_t>(elf.next_index());
      symbol.st_value = content.size();
      symbol.st_size = code.size();
      symbols += internal::Raw(symbol);
      content += code;
    }
    elf.Add("raw_tp/sys_enter", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
            content);
  }
  const auto names = static_cast<uint32_t>(elf.next_index() + 1);
  Elf64_Shdr& table = elf.Add(".symtab", SHT_SYMTAB, 0, symbols);
  table.sh_link = names;
  table.sh_info = 1;
  table.sh_entsize = sizeof(Elf64_Sym);
  return elf.Finish();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_MANY_PROGRAMS_H_
