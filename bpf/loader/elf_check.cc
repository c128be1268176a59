#include "bpf/loader/elf_check.h"

#include <elf.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

namespace ebpf_exporter {
namespace {

constexpr std::string_view kMend =
    "; compile it with `clang -target bpf -O2 -g -c`";
constexpr std::string_view kCut = ": the file is cut short or damaged";

using Bytes = std::span<const std::byte>;

// The T at `offset`, or nothing if it is not all inside.
template <typename T>
std::optional<T> At(Bytes bytes, uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) {
    return std::nullopt;
  }
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

bool Inside(uint64_t offset, uint64_t size, uint64_t end) {
  return offset <= end && size <= end - offset;
}

std::string MachineName(uint16_t machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "arm64";
    case EM_386:
      return "i386";
    case EM_NONE:
      return "no machine";
    default:
      return absl::StrCat("machine ", machine);
  }
}

std::string KindName(uint16_t type) {
  switch (type) {
    case ET_EXEC:
      return "an executable";
    case ET_DYN:
      return "a shared library or executable";
    case ET_CORE:
      return "a core file";
    default:
      return absl::StrCat("of ELF type ", type);
  }
}

// What is wrong with the header, without the file's name; empty if nothing.
std::string HeaderProblem(Bytes elf) {
  if (elf.empty()) return "is empty";
  if (elf.size() > kMaxObjectBytes) {
    return absl::StrCat("has ", elf.size() >> 20, " MiB; at most ",
                        kMaxObjectBytes >> 20, " are accepted");
  }
  if (elf.size() < SELFMAG || std::memcmp(elf.data(), ELFMAG, SELFMAG) != 0) {
    return absl::StrCat("is not an ELF file", kMend);
  }
  const std::optional<Elf64_Ehdr> header = At<Elf64_Ehdr>(elf, 0);
  if (!header.has_value()) {
    return absl::StrCat("has only ", elf.size(), " bytes", kCut);
  }
  if (header->e_ident[EI_CLASS] != ELFCLASS64) {
    return absl::StrCat("is not a 64-bit ELF file", kMend);
  }
  constexpr bool kBigHost = std::endian::native == std::endian::big;
  if (header->e_ident[EI_DATA] != (kBigHost ? ELFDATA2MSB : ELFDATA2LSB)) {
    return absl::StrCat(
        "is not in this machine's byte order; compile it with "
        "`clang -target ",
        kBigHost ? "bpfeb" : "bpfel", "`");
  }
  if (header->e_machine != EM_BPF) {
    return absl::StrCat("holds code for ", MachineName(header->e_machine),
                        ", not for BPF", kMend);
  }
  if (header->e_type != ET_REL) {
    return absl::StrCat("is ", KindName(header->e_type), ", not an object file",
                        kMend);
  }
  if (header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shnum == 0 ||
      !Inside(header->e_shoff, header->e_shnum * sizeof(Elf64_Shdr),
              elf.size())) {
    return absl::StrCat("has its section table outside the file", kCut);
  }
  return "";
}

Elf64_Shdr Section(Bytes elf, const Elf64_Ehdr& header, size_t index) {
  return *At<Elf64_Shdr>(elf, header.e_shoff + index * sizeof(Elf64_Shdr));
}

constexpr std::string_view kSplit = "; split it into several objects";

// "has 5000 WHATs; at most 1024 are accepted" if they are too many; else empty.
std::string TooMany(uint64_t count, uint64_t limit, std::string_view what,
                    std::string_view mend) {
  if (count <= limit) return "";
  return absl::StrCat("has ", count, " ", what, "; at most ", limit,
                      " are accepted", mend);
}

bool HoldsCode(Bytes elf, const Elf64_Ehdr& header, uint16_t section) {
  return section < header.e_shnum &&
         (Section(elf, header, section).sh_flags & SHF_EXECINSTR) != 0;
}

// The symbol tables' sizes were found to be sound.
std::string SizeProblem(Bytes elf, const Elf64_Ehdr& header) {
  uint64_t symbols = 0;
  uint64_t functions = 0;
  for (size_t i = 0; i < header.e_shnum; ++i) {
    const Elf64_Shdr table = Section(elf, header, i);
    if (table.sh_type != SHT_SYMTAB) continue;
    const uint64_t count = table.sh_size / sizeof(Elf64_Sym);
    symbols += count;
    for (uint64_t j = 0; j < count; ++j) {
      const auto symbol =
          *At<Elf64_Sym>(elf, table.sh_offset + j * sizeof(Elf64_Sym));
      functions += ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
                   HoldsCode(elf, header, symbol.st_shndx);
    }
  }
  std::string problem = TooMany(
      functions, kMaxFunctions, "functions",
      "; split it into several objects, or name one function for many hooks in "
      "an attach list, such as `raw_tracepoints`");
  if (problem.empty()) {
    problem = TooMany(header.e_shnum, kMaxSections, "sections", kSplit);
  }
  if (problem.empty()) {
    problem = TooMany(symbols, kMaxSymbols, "symbols",
                      "; take them out with `llvm-strip -g`");
  }
  return problem;
}

// Functions and variables of `table` must lie inside their sections: libbpf 1.5
// adds their place and size without looking for overflow.
bool SymbolsInside(Bytes elf, const Elf64_Ehdr& header,
                   const Elf64_Shdr& table) {
  const uint64_t count = table.sh_size / sizeof(Elf64_Sym);
  for (uint64_t i = 0; i < count; ++i) {
    const auto symbol =
        *At<Elf64_Sym>(elf, table.sh_offset + i * sizeof(Elf64_Sym));
    const int type = ELF64_ST_TYPE(symbol.st_info);
    if (type != STT_FUNC && type != STT_OBJECT) continue;
    if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE) {
      continue;
    }
    if (symbol.st_shndx >= header.e_shnum) return false;
    const Elf64_Shdr section = Section(elf, header, symbol.st_shndx);
    if (!Inside(symbol.st_value, symbol.st_size, section.sh_size)) return false;
  }
  return true;
}

std::string ContentProblem(Bytes elf) {
  const auto header = *At<Elf64_Ehdr>(elf, 0);
  for (size_t i = 0; i < header.e_shnum; ++i) {
    const Elf64_Shdr section = Section(elf, header, i);
    if (section.sh_type == SHT_NOBITS || section.sh_type == SHT_NULL) continue;
    if (!Inside(section.sh_offset, section.sh_size, elf.size())) {
      return absl::StrCat("has section ", i, " outside the file", kCut);
    }
  }
  for (size_t i = 0; i < header.e_shnum; ++i) {
    const Elf64_Shdr section = Section(elf, header, i);
    if (section.sh_type == SHT_SYMTAB && !SymbolsInside(elf, header, section)) {
      return absl::StrCat("has a symbol outside its section", kCut);
    }
  }
  return SizeProblem(elf, header);
}

}  // namespace

absl::Status CheckElf(Bytes elf, std::string_view name) {
  std::string problem = HeaderProblem(elf);
  if (problem.empty()) problem = ContentProblem(elf);
  if (problem.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("object \"", name, "\" ", problem));
}

}  // namespace ebpf_exporter
