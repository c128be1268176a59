// JsonEntryReader: one entry of bpftool's JSON, raw or printed by its BTF.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_JSON_ENTRY_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_JSON_ENTRY_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/dump/bpftool_bytes.h"
#include "core/dump/bpftool_cursor.h"
#include "core/dump/bpftool_entry.h"
#include "core/dump/bpftool_formatted.h"
#include "core/dump/bpftool_number.h"
#include "core/dump/bpftool_string.h"
#include "core/dump/bpftool_tree.h"
#include "core/dump/bpftool_walk.h"
#include "core/layout/shape.h"
#include "core/layout/shape_check.h"

namespace ebpf_exporter {

class JsonEntryReader {
 public:
  // The types of the map's entries; numbers of formatted values get the byte
  // order `order`.
  void SetTypes(const MapShape& shape, std::endian order);
  // They are not known; `mend` says what the user can do about it.
  void SetNoTypes(std::string_view mend);

  // Reads the entry whose brace is next.
  bool Read(DumpCursor& in, DumpedEntry& entry);

 private:
  // What has been read of the entry.
  struct Seen {
    bool raw_key = false;
    bool raw_value = false;
  };

  // Members of an entry, or of the object that is its "formatted".
  bool ReadMembers(DumpCursor& in, DumpedEntry& entry, bool raw);
  bool ReadMember(DumpCursor& in, const std::string& name, DumpedEntry& entry,
                  bool raw);
  bool ReadKey(DumpCursor& in, DumpedEntry& entry, bool raw);
  bool ReadValue(DumpCursor& in, DumpedEntry& entry, bool raw, uint32_t cpu);
  bool ReadCpuValues(DumpCursor& in, DumpedEntry& entry, bool raw);
  bool ReadCpuValue(DumpCursor& in, DumpedEntry& entry, bool raw);
  // Reads a value printed by its type and appends its bytes.
  bool ReadFormatted(DumpCursor& in, const std::optional<TypeShape>& type,
                     std::vector<std::byte>& bytes);
  // Whether `{"error":"..."}` comes, which stands in place of a raw value.
  bool SeesError(DumpCursor& in) const;
  // Whether an array of plain numbers is one of bytes, as far as `type` tells.
  static bool NumbersAreBytes(const std::optional<TypeShape>& type);
  // Notes why formatted text gave no bytes; raw bytes may yet come.
  void Defer(std::string_view why);

  std::optional<TypeShape> key_type_;
  std::optional<TypeShape> value_type_;
  std::string mend_;  // for types that are not known
  std::endian order_ = std::endian::native;
  Seen seen_;
  std::string deferred_;  // why formatted text is no use
  std::string word_;
  FormattedTree tree_;
};

// Implementation below.

inline void JsonEntryReader::SetTypes(const MapShape& shape,
                                      std::endian order) {
  const auto sound = [](const std::optional<TypeShape>& type) {
    return type.has_value() && type->size <= kMaxEntryBytes &&
           CheckShape(*type).ok();
  };
  SetNoTypes("the object does not describe the map's types");
  order_ = order;
  if (sound(shape.key)) key_type_ = shape.key;
  if (sound(shape.value)) value_type_ = shape.value;
}

inline void JsonEntryReader::SetNoTypes(std::string_view mend) {
  key_type_.reset();
  value_type_.reset();
  mend_ = std::string(mend);
}

inline bool JsonEntryReader::Read(DumpCursor& in, DumpedEntry& entry) {
  entry.offset = in.offset();
  seen_ = Seen();
  deferred_.clear();
  if (!ReadMembers(in, entry, /*raw=*/true)) return false;
  const bool raw = seen_.raw_key && seen_.raw_value;
  if (deferred_.empty() || raw || entry.unreadable) return true;
  return in.FailAt(entry.offset, deferred_);
}

inline bool JsonEntryReader::ReadMembers(DumpCursor& in, DumpedEntry& entry,
                                         bool raw) {
  if (!in.Take('{')) return in.FailExpecting("an opening brace");
  in.SkipSpace();
  if (in.Take('}')) return true;
  std::string name;
  while (true) {
    if (!ReadName(in, name)) return false;
    in.SkipSpace();
    if (!ReadMember(in, name, entry, raw)) return false;
    in.SkipSpace();
    if (in.Take('}')) return true;
    if (!in.Take(',')) return in.FailExpecting("a comma");
  }
}

inline bool JsonEntryReader::ReadMember(DumpCursor& in, const std::string& name,
                                        DumpedEntry& entry, bool raw) {
  if (name == "key") return ReadKey(in, entry, raw);
  if (name == "value") {
    entry.values.clear();
    entry.parts.clear();
    entry.per_cpu = false;
    return ReadValue(in, entry, raw, 0);
  }
  if (name == "values") return ReadCpuValues(in, entry, raw);
  const bool needed = raw && !seen_.raw_key && !seen_.raw_value;
  if (name == "formatted" && needed && in.Peek() == '{') {
    return ReadMembers(in, entry, /*raw=*/false);
  }
  return SkipValue(in, Inside::kObject);
}

inline bool JsonEntryReader::ReadKey(DumpCursor& in, DumpedEntry& entry,
                                     bool raw) {
  entry.key.clear();
  seen_.raw_key = raw && SeesByteArray(in, NumbersAreBytes(key_type_));
  if (seen_.raw_key) return ReadByteArray(in, entry.key);
  return ReadFormatted(in, key_type_, entry.key);
}

inline bool JsonEntryReader::ReadValue(DumpCursor& in, DumpedEntry& entry,
                                       bool raw, uint32_t cpu) {
  const size_t begin = entry.values.size();
  seen_.raw_value = raw && SeesByteArray(in, NumbersAreBytes(value_type_));
  if (seen_.raw_value) {
    if (!ReadByteArray(in, entry.values)) return false;
  } else if (seen_.raw_key && SeesError(in)) {
    entry.unreadable = true;
    return SkipValue(in, Inside::kObject);
  } else if (!ReadFormatted(in, value_type_, entry.values)) {
    return false;
  }
  if (entry.parts.size() == kMaxCpus) return in.Fail("too many CPUs");
  entry.parts.push_back({cpu, begin, entry.values.size()});
  return true;
}

inline bool JsonEntryReader::ReadCpuValues(DumpCursor& in, DumpedEntry& entry,
                                           bool raw) {
  entry.values.clear();
  entry.parts.clear();
  entry.per_cpu = true;
  if (!in.Take('[')) return in.FailExpecting("an array of values");
  in.SkipSpace();
  if (in.Take(']')) return true;
  while (true) {
    in.SkipSpace();
    if (in.Peek() != '{') return in.FailExpecting("the value of a CPU");
    if (!ReadCpuValue(in, entry, raw)) return false;
    in.SkipSpace();
    if (in.Take(']')) return true;
    if (!in.Take(',')) return in.FailExpecting("a comma");
  }
}

inline bool JsonEntryReader::ReadCpuValue(DumpCursor& in, DumpedEntry& entry,
                                          bool raw) {
  const uint64_t start = in.offset();
  const size_t part = entry.parts.size();
  uint32_t cpu = kMaxCpus;
  std::string name;
  do {
    in.Skip();
    if (!ReadName(in, name)) return false;
    in.SkipSpace();
    if (name == "cpu") {
      if (!ReadWord(in, word_)) return false;
      if (!internal::ParseAll(word_, 10, cpu) || cpu >= kMaxCpus) {
        return in.FailAt(start, "a value of a CPU that no host has");
      }
    } else if (!(name == "value" ? ReadValue(in, entry, raw, 0)
                                 : SkipValue(in, Inside::kObject))) {
      return false;
    }
    in.SkipSpace();
  } while (in.Peek() == ',');
  if (!in.Take('}')) return in.FailExpecting("the end of a CPU's value");
  if (cpu == kMaxCpus) return in.FailAt(start, "a value without its \"cpu\"");
  if (entry.parts.size() > part) entry.parts.back().cpu = cpu;
  return true;
}

inline bool JsonEntryReader::ReadFormatted(DumpCursor& in,
                                           const std::optional<TypeShape>& type,
                                           std::vector<std::byte>& bytes) {
  const uint64_t start = in.offset();
  tree_.Clear();
  if (!WalkValue(in, Inside::kObject, tree_)) return false;
  if (!type.has_value()) {
    Defer(absl::StrCat("printed by its BTF, without raw bytes: ", mend_,
                       ", or dump with `bpftool -j`"));
    return true;
  }
  if (bytes.size() + type->size > kMaxEntryBytes) {
    return in.FailAt(start, "an entry larger than any map's");
  }
  absl::Status status = AppendFormatted(tree_, *type, order_, bytes);
  if (!status.ok()) Defer(status.message());
  return true;
}

inline bool JsonEntryReader::SeesError(DumpCursor& in) const {
  if (in.Peek() != '{') return false;
  const size_t at = in.PastSpace(1);
  return in.Ahead().substr(at).starts_with("\"error\"");
}

inline bool JsonEntryReader::NumbersAreBytes(
    const std::optional<TypeShape>& type) {
  return !type.has_value() || type->members.size() != 1 ||
         type->members[0].element_size == 1;
}

inline void JsonEntryReader::Defer(std::string_view why) {
  if (deferred_.empty()) {
    deferred_ = absl::StrCat("an entry cannot be read: ", why);
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_JSON_ENTRY_H_
