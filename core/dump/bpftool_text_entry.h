// ReadTextEntry: one entry as `bpftool map dump` prints it without -j for maps
// without BTF:
//
//   key: 0f 00 00 00  value: 01 00 00 00 00 00 00 00
//
// each of the two, and their bytes, on lines of their own when they are long,
// and `value (CPU 00): ..` for each CPU. A lookup that failed has a text
// instead of the value's bytes: `<no entry>`.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TEXT_ENTRY_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TEXT_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/dump/bpftool_bytes.h"
#include "core/dump/bpftool_cursor.h"
#include "core/dump/bpftool_entry.h"
#include "core/dump/bpftool_string.h"

namespace ebpf_exporter {

// Reads the entry whose `key:` (or `value`, for maps without keys) is next, up
// to what does not belong to it.
bool ReadTextEntry(DumpCursor& in, DumpedEntry& entry);

// Goes to the end of the line.
void SkipLine(DumpCursor& in);

// Implementation below.

inline void SkipLine(DumpCursor& in) {
  while (in.Peek() != DumpCursor::kEnd && in.Peek() != '\n') in.Skip();
}

namespace internal {

inline constexpr std::string_view kKeyWord = "key:";
inline constexpr std::string_view kValueWord = "value:";
inline constexpr std::string_view kCpuWord = "value (CPU ";

// Two digits that stand alone.
inline bool SeesHexByte(DumpCursor& in) {
  const int behind = in.PeekAt(2);
  return HexDigit(in.Peek()) >= 0 && HexDigit(in.PeekAt(1)) >= 0 &&
         (behind == DumpCursor::kEnd || IsSpace(behind));
}

inline bool ReadHexBytes(DumpCursor& in, std::vector<std::byte>& bytes) {
  for (in.SkipSpace(); SeesHexByte(in); in.SkipSpace()) {
    if (bytes.size() == kMaxEntryBytes) {
      return in.Fail("an entry larger than any map's");
    }
    bytes.push_back(
        std::byte(HexDigit(in.Peek()) * 16 + HexDigit(in.PeekAt(1))));
    in.Skip(2);
  }
  return true;
}

// The bytes behind `value:`, or the text that stands for them.
inline bool ReadTextValue(DumpCursor& in, uint32_t cpu, DumpedEntry& entry) {
  const size_t begin = entry.values.size();
  if (!ReadHexBytes(in, entry.values)) return false;
  if (entry.values.size() == begin) {
    if (in.Peek() == DumpCursor::kEnd) return in.FailExpecting("a value");
    entry.unreadable = true;
    SkipLine(in);
    return true;
  }
  if (entry.parts.size() == kMaxCpus) return in.Fail("too many CPUs");
  entry.parts.push_back({cpu, begin, entry.values.size()});
  return true;
}

// `03):`, which ends the words before a CPU's value.
inline bool ReadCpuNumber(DumpCursor& in, uint32_t& cpu) {
  cpu = 0;
  while (IsOneOf(in.Peek(), "0123456789")) {
    cpu = cpu * 10 + static_cast<uint32_t>(in.Peek() - '0');
    if (cpu >= kMaxCpus) return in.Fail("a CPU that no host has");
    in.Skip();
  }
  return (in.Take(')') && in.Take(':')) || in.FailExpecting("`):`");
}

}  // namespace internal

inline bool ReadTextEntry(DumpCursor& in, DumpedEntry& entry) {
  entry.offset = in.offset();
  if (in.Sees(internal::kKeyWord)) {
    in.Skip(internal::kKeyWord.size());
    if (!internal::ReadHexBytes(in, entry.key)) return false;
  }
  if (in.Sees(internal::kValueWord)) {
    in.Skip(internal::kValueWord.size());
    return internal::ReadTextValue(in, 0, entry);
  }
  while (in.Sees(internal::kCpuWord)) {
    in.Skip(internal::kCpuWord.size());
    entry.per_cpu = true;
    uint32_t cpu = 0;
    if (!internal::ReadCpuNumber(in, cpu) ||
        !internal::ReadTextValue(in, cpu, entry)) {
      return false;
    }
    in.SkipSpace();
  }
  if (entry.per_cpu) return true;
  // Maps of maps print the number of the inner one.
  if (!in.Sees("id:") && !in.Sees("inner_map_id:")) {
    return in.FailExpecting("a byte or a value");
  }
  SkipLine(in);
  return true;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TEXT_ENTRY_H_
