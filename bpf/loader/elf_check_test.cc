#include "bpf/loader/elf_check.h"

#include <elf.h>

#include <cstring>
#include <string>
#include <vector>

#include "bpf/loader/many_programs.h"
#include "bpf/loader/test_object.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Bytes = std::vector<std::byte>;

Bytes Healthy() {
  std::span<const std::byte> object = TestObject("healthy");
  return Bytes(object.begin(), object.end());
}

std::string Check(std::span<const std::byte> bytes) {
  const absl::Status status = CheckElf(bytes, "a.bpf.o");
  if (status.ok()) return "ok";
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

Elf64_Ehdr Header(const Bytes& bytes) {
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header;
}

// A healthy object with its header changed.
template <typename Change>
std::string WithHeader(Change change) {
  Bytes bytes = Healthy();
  Elf64_Ehdr header = Header(bytes);
  change(header);
  std::memcpy(bytes.data(), &header, sizeof(header));
  return Check(bytes);
}

// A healthy object with the first section of `type` changed.
template <typename Change>
Bytes WithSection(uint32_t type, Change change) {
  Bytes bytes = Healthy();
  const Elf64_Ehdr header = Header(bytes);
  for (size_t i = 0; i < header.e_shnum; ++i) {
    std::byte* at = bytes.data() + header.e_shoff + i * sizeof(Elf64_Shdr);
    Elf64_Shdr section;
    std::memcpy(&section, at, sizeof(section));
    if (section.sh_type != type) continue;
    change(section, bytes);
    std::memcpy(at, &section, sizeof(section));
    return bytes;
  }
  ADD_FAILURE() << "no such section";
  return bytes;
}

TEST(CheckElf, AcceptsWhatClangMakes) {
  for (const EmbeddedFile& file : TestObjects()) {
    EXPECT_TRUE(CheckElf(file.bytes, file.name).ok()) << file.name;
  }
}

TEST(CheckElf, NamesFileProblemAndMend) {
  EXPECT_EQ(Check({}), "object \"a.bpf.o\" is empty");
  EXPECT_EQ(Check(Bytes(4096, std::byte{0xff})),
            "object \"a.bpf.o\" is not an ELF file; compile it with `clang "
            "-target bpf -O2 -g -c`");
}

TEST(CheckElf, EveryCutIsNoticed) {
  const Bytes whole = Healthy();
  for (size_t size = 0; size < whole.size(); ++size) {
    ASSERT_NE(Check(std::span(whole).first(size)), "ok") << size;
  }
}

TEST(CheckElf, TellsWhatElseAFileIs) {
  EXPECT_THAT(WithHeader([](auto& h) { h.e_machine = EM_X86_64; }),
              HasSubstr("holds code for x86-64, not for BPF"));
  EXPECT_THAT(WithHeader([](auto& h) { h.e_ident[EI_CLASS] = ELFCLASS32; }),
              HasSubstr("not a 64-bit ELF file"));
  EXPECT_THAT(WithHeader([](auto& h) { h.e_ident[EI_DATA] ^= 3; }),
              HasSubstr("byte order; compile it with `clang -target bpf"));
  EXPECT_THAT(WithHeader([](auto& h) { h.e_type = ET_DYN; }),
              HasSubstr("a shared library"));
  EXPECT_THAT(WithHeader([](auto& h) { h.e_type = ET_CORE; }),
              HasSubstr("a core file"));
}

TEST(CheckElf, SectionTableOutside) {
  for (uint64_t offset : {uint64_t{1} << 40, ~uint64_t{0}, ~uint64_t{63}}) {
    EXPECT_THAT(WithHeader([&](auto& h) { h.e_shoff = offset; }),
                HasSubstr("section table outside the file"));
  }
  EXPECT_THAT(WithHeader([](auto& h) { h.e_shnum = 65000; }),
              HasSubstr("section table outside the file"));
  EXPECT_THAT(WithHeader([](auto& h) { h.e_shentsize = 1; }),
              HasSubstr("section table outside the file"));
}

TEST(CheckElf, SectionOutside) {
  for (uint64_t size : {uint64_t{1} << 40, ~uint64_t{0}}) {
    EXPECT_THAT(
        Check(WithSection(SHT_STRTAB, [&](Elf64_Shdr& section,
                                          Bytes&) { section.sh_size = size; })),
        HasSubstr("outside the file"));
  }
}

TEST(CheckElf, SymbolOutsideItsSection) {
  EXPECT_THAT(Check(WithSection(
                  SHT_SYMTAB,
                  [](Elf64_Shdr& section, Bytes& bytes) {
                    for (uint64_t at = section.sh_offset;
                         at < section.sh_offset + section.sh_size;
                         at += sizeof(Elf64_Sym)) {
                      Elf64_Sym symbol;
                      std::memcpy(&symbol, bytes.data() + at, sizeof(symbol));
                      // Their sum overflows to something small.
                      symbol.st_value = ~uint64_t{7};
                      symbol.st_size = 16;
                      std::memcpy(bytes.data() + at, &symbol, sizeof(symbol));
                    }
                  })),
              HasSubstr("symbol outside its section"));
}

constexpr char kTooManyFunctions[] =
    "object \"a.bpf.o\" has 10000 functions; at most 1024 are accepted; split "
    "it into several objects, or name one function for many hooks in an attach "
    "list, such as `raw_tracepoints`";

TEST(CheckElf, TenThousandProgramsAreTooMany) {
  EXPECT_EQ(Check(BytesOf(ManyPrograms(10'000))), kTooManyFunctions);
  EXPECT_EQ(Check(BytesOf(ManyPrograms(10'000, 10'000))), kTooManyFunctions);
  EXPECT_EQ(Check(BytesOf(ManyPrograms(kMaxFunctions))), "ok");
  EXPECT_EQ(Check(BytesOf(ManyPrograms(kMaxFunctions, kMaxFunctions))), "ok");
  EXPECT_THAT(Check(BytesOf(ManyPrograms(kMaxFunctions + 1))),
              HasSubstr("has 1025 functions; at most 1024"));
}

TEST(CheckElf, WhatLibbpfWouldLookAtForeverIsTooMuch) {
  EXPECT_EQ(Check(BytesOf(ManyPrograms(1, 60'000))),
            "object \"a.bpf.o\" has 60004 sections; at most 4096 are "
            "accepted; split it into several objects");
  // All symbols are of the section of no number, which holds no code.
  std::string symbols = ManyPrograms(70'000);
  Elf64_Ehdr header;
  std::memcpy(&header, symbols.data(), sizeof(header));
  const size_t table = header.e_shoff + 3 * sizeof(Elf64_Shdr);
  Elf64_Shdr section;
  std::memcpy(&section, symbols.data() + table, sizeof(section));
  ASSERT_EQ(section.sh_type, static_cast<uint32_t>(SHT_SYMTAB));
  std::memset(symbols.data() + section.sh_offset, 0, section.sh_size);
  EXPECT_EQ(Check(BytesOf(symbols)),
            "object \"a.bpf.o\" has 70001 symbols; at most 65536 are "
            "accepted; take them out with `llvm-strip -g`");
}

TEST(CheckElf, HugeFilesAreNotLookedAt) {
  Bytes huge(kMaxObjectBytes + 1);
  EXPECT_THAT(Check(huge), AllOf(HasSubstr("64 MiB; at most 64"),
                                 Not(HasSubstr("ELF file"))));
}

}  // namespace
}  // namespace ebpf_exporter
