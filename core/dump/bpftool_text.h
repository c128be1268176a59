// BpftoolTextParser: what `bpftool map dump` prints for maps without BTF:
// entries (bpftool_text_entry.h), then `Found 2 elements`, which counts them
// and shows that the dump is whole. Before each of several maps stands a line
// `12: hash  name x  flags 0x0`.

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TEXT_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/dump/bpftool_cursor.h"
#include "core/dump/bpftool_entry.h"
#include "core/dump/bpftool_map_types.h"
#include "core/dump/bpftool_number.h"
#include "core/dump/bpftool_reader.h"
#include "core/dump/bpftool_string.h"
#include "core/dump/bpftool_text_entry.h"
#include "core/dump/byte_source.h"
#include "core/dump/detect_options.h"
#include "core/dump/dump_reader.h"

namespace ebpf_exporter {

class BpftoolTextParser {
 public:
  // The options outlive the parser.
  BpftoolTextParser(std::unique_ptr<ByteSource> source,
                    const DumpOptions& options)
      : in_(std::move(source)), options_(options) {}

  DumpStep NextMap(DumpedMap& map);
  DumpStep NextEntry(DumpedEntry& entry);
  const absl::Status& status() const { return in_.status(); }

 private:
  // Up to the next thing that is neither space nor a warning.
  void SkipBetween();
  // The line before one of several maps.
  bool ReadHeader(DumpedMap& map);
  // `Found 2 elements`, and whether that is so.
  DumpStep ReadCount();
  // The rest of the line, shortened; the cursor stands behind it.
  std::string TakeLine();
  DumpStep Damage(std::string_view expected);

  DumpCursor in_;
  const DumpOptions& options_;
  bool started_ = false;
  uint64_t readable_ = 0;  // entries of the map whose lookup worked
};

static_assert(DumpParser<BpftoolTextParser>);

// Implementation below.

inline DumpStep BpftoolTextParser::NextMap(DumpedMap& map) {
  if (in_.Sees("\xEF\xBB\xBF")) in_.Skip(3);
  SkipBetween();
  readable_ = 0;
  map.shape.name = options_.map_name;
  const bool first = !started_;
  started_ = true;
  const int c = in_.Peek();
  if (internal::IsOneOf(c, "0123456789")) {
    return ReadHeader(map) ? DumpStep::kNext : DumpStep::kDamage;
  }
  if (c == DumpCursor::kEnd && !first && in_.ok()) return DumpStep::kEnd;
  if (first) return DumpStep::kNext;
  return Damage("another map or the end of the dump");
}

inline DumpStep BpftoolTextParser::NextEntry(DumpedEntry& entry) {
  SkipBetween();
  if (in_.Sees("Found ")) return ReadCount();
  if (in_.Sees("Error: ")) {
    const uint64_t start = in_.offset();
    in_.FailAt(start, absl::StrCat("no dump, but an error of bpftool's: ",
                                   absl::Utf8SafeCEscape(TakeLine())));
    return DumpStep::kDamage;
  }
  if (!in_.Sees("key:") && !in_.Sees("value")) {
    return Damage("an entry or the line `Found .. elements`");
  }
  if (!ReadTextEntry(in_, entry)) return DumpStep::kDamage;
  if (!entry.unreadable) ++readable_;
  return DumpStep::kNext;
}

inline void BpftoolTextParser::SkipBetween() {
  for (in_.SkipSpace(); in_.Sees("Warning: "); in_.SkipSpace()) SkipLine(in_);
}

inline DumpStep BpftoolTextParser::Damage(std::string_view expected) {
  in_.FailExpecting(expected);
  return DumpStep::kDamage;
}

inline std::string BpftoolTextParser::TakeLine() {
  constexpr size_t kMaxLine = 200;
  std::string line;
  for (int c = in_.Peek(); c != DumpCursor::kEnd && c != '\n'; c = in_.Peek()) {
    if (line.size() < kMaxLine) line.push_back(static_cast<char>(c));
    in_.Skip();
  }
  return line;
}

inline bool BpftoolTextParser::ReadHeader(DumpedMap& map) {
  const uint64_t start = in_.offset();
  const std::string line = TakeLine();
  const std::vector<std::string_view> words =
      absl::StrSplit(line, ' ', absl::SkipEmpty());
  if (words.size() < 2 || !words[0].ends_with(':')) {
    return in_.FailAt(start, "neither an entry nor the line of a map");
  }
  map.shape.type = MapTypeOfName(words[1]);
  if (words.size() > 3 && words[2] == "name") map.shape.name = words[3];
  return true;
}

inline DumpStep BpftoolTextParser::ReadCount() {
  const uint64_t start = in_.offset();
  const std::string line = TakeLine();
  const std::vector<std::string_view> words =
      absl::StrSplit(line, ' ', absl::SkipEmpty());
  uint64_t count = 0;
  if (words.size() < 3 || !words[2].starts_with("element") ||
      !internal::ParseAll(words[1], 10, count)) {
    in_.FailAt(start, "a line that does not count the entries");
    return DumpStep::kDamage;
  }
  if (count == readable_) return DumpStep::kEnd;
  in_.FailAt(start, absl::StrCat("the dump counts ", count,
                                 " entries of this map, but has ", readable_));
  return DumpStep::kDamage;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_TEXT_H_
