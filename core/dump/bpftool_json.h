// BpftoolJsonParser: what `bpftool -j map dump`, `-p map dump` and, for maps
// with BTF, `map dump` alone print (the last only looks like JSON):
//
//   [ENTRY, ..]                                           one map
//   [{"id":7,"type":"hash","name":"x","elements":[ENTRY, ..]}, ..]   several
//   ENTRY ENTRY ..                           as jq writes the elements of both
//
//   ENTRY = {"key":BYTES, "value":BYTES | "values":[{"cpu":0,"value":BYTES},
//   ..]
//            | "value":{"error":TEXT}, "formatted":{"key":.., "value":..}}
//
// "formatted" is passed over where raw bytes stand beside it. Where it stands
// alone, or where key and value are printed by their BTF instead of as bytes,
// they are turned back by the shapes in the options (bpftool_formatted.h).

#ifndef EBPF_EXPORTER_CORE_DUMP_BPFTOOL_JSON_H_
#define EBPF_EXPORTER_CORE_DUMP_BPFTOOL_JSON_H_

#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/dump/bpftool_cursor.h"
#include "core/dump/bpftool_entry.h"
#include "core/dump/bpftool_json_entry.h"
#include "core/dump/bpftool_map_types.h"
#include "core/dump/bpftool_number.h"
#include "core/dump/bpftool_reader.h"
#include "core/dump/bpftool_string.h"
#include "core/dump/bpftool_text_entry.h"
#include "core/dump/bpftool_walk.h"
#include "core/dump/byte_source.h"
#include "core/dump/detect_options.h"
#include "core/dump/dump_reader.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

class BpftoolJsonParser {
 public:
  // The options outlive the parser.
  BpftoolJsonParser(std::unique_ptr<ByteSource> source,
                    const DumpOptions& options)
      : in_(std::move(source)), options_(options) {}

  DumpStep NextMap(DumpedMap& map);
  DumpStep NextEntry(DumpedEntry& entry);
  const absl::Status& status() const { return in_.status(); }

 private:
  // What a list is made of.
  enum class Items { kUnknown, kEntries, kMaps };
  struct List {
    bool array = false;  // else values one behind the other, up to the end
    bool first = true;
  };

  // Opens the outermost list and looks at its first item.
  bool Start();
  bool Classify();
  // Goes up to the brace of the list's next item.
  DumpStep NextItem(List& list);
  // Nothing may follow the outermost list.
  DumpStep Finish();

  // Reads a map's members up to the bracket of its elements.
  bool OpenMap(DumpedMap& map);
  bool ReadMapMember(const std::string& name, DumpedMap& map);
  bool ReadNumberMember(uint32_t& number);
  // Reads what follows the elements.
  bool CloseMap();
  // The shapes of key and value, if the options have them.
  void FindTypes(DumpedMap& map);

  DumpStep Step(bool done) {
    return done ? DumpStep::kNext : DumpStep::kDamage;
  }

  DumpCursor in_;
  const DumpOptions& options_;
  Items items_ = Items::kUnknown;
  List outer_;
  List elements_;
  bool map_open_ = false;
  bool single_given_ = false;  // the only map has been given
  std::string word_;
  JsonEntryReader entries_;
};

static_assert(DumpParser<BpftoolJsonParser>);

// Implementation below.

inline DumpStep BpftoolJsonParser::NextMap(DumpedMap& map) {
  if (items_ == Items::kUnknown && !Start()) return DumpStep::kDamage;
  map.shape.name = options_.map_name;
  if (items_ == Items::kEntries) {
    if (single_given_) return Finish();
    single_given_ = true;
    FindTypes(map);
    return DumpStep::kNext;
  }
  if (map_open_ && !CloseMap()) return DumpStep::kDamage;
  const DumpStep step = NextItem(outer_);
  if (step == DumpStep::kEnd) return Finish();
  if (step == DumpStep::kDamage || !OpenMap(map)) return DumpStep::kDamage;
  FindTypes(map);
  return DumpStep::kNext;
}

inline DumpStep BpftoolJsonParser::NextEntry(DumpedEntry& entry) {
  List& list = items_ == Items::kEntries ? outer_ : elements_;
  in_.SkipSpace();
  // Without -j, failed lookups are lines of text between the entries.
  if (in_.Peek() == 'k') return Step(ReadTextEntry(in_, entry));
  const DumpStep step = NextItem(list);
  if (step != DumpStep::kNext) return step;
  return Step(entries_.Read(in_, entry));
}

inline bool BpftoolJsonParser::Start() {
  if (in_.Sees("\xEF\xBB\xBF")) in_.Skip(3);
  in_.SkipSpace();
  outer_.array = in_.Take('[');
  in_.SkipSpace();
  return Classify();
}

inline bool BpftoolJsonParser::Classify() {
  items_ = Items::kEntries;
  if (in_.Peek() == ']' || in_.Peek() == 'k') return true;
  if (in_.Peek() != '{') return in_.FailExpecting("an entry of a map");
  const size_t at = in_.PastSpace(1);
  const std::string_view ahead = in_.Ahead().substr(at);
  for (std::string_view name : {"\"key\"", "\"value", "\"formatted\""}) {
    if (ahead.starts_with(name)) return true;
  }
  items_ = Items::kMaps;
  return true;
}

inline DumpStep BpftoolJsonParser::NextItem(List& list) {
  in_.SkipSpace();
  if (list.array && in_.Take(']')) return DumpStep::kEnd;
  if (!list.array && in_.Peek() == DumpCursor::kEnd) return DumpStep::kEnd;
  if (list.array && !list.first && !in_.Take(',')) {
    in_.FailExpecting("a comma or the end of the array");
    return DumpStep::kDamage;
  }
  list.first = false;
  in_.SkipSpace();
  return Step(in_.Peek() == '{' || in_.FailExpecting("an opening brace"));
}

inline DumpStep BpftoolJsonParser::Finish() {
  in_.SkipSpace();
  const int c = in_.Peek();
  if (c == DumpCursor::kEnd) {
    return in_.ok() ? DumpStep::kEnd : DumpStep::kDamage;
  }
  in_.Fail(c == '[' || c == '{'
               ? "a second dump begins here: give each its own file"
               : "something follows the end of the dump");
  return DumpStep::kDamage;
}

inline bool BpftoolJsonParser::OpenMap(DumpedMap& map) {
  in_.Skip();
  while (true) {
    if (!ReadName(in_, word_)) return false;
    in_.SkipSpace();
    if (word_ == "elements") break;
    if (!ReadMapMember(word_, map)) return false;
    in_.SkipSpace();
    if (!in_.Take(',')) {
      return in_.FailExpecting("a comma and the map's \"elements\"");
    }
  }
  if (!in_.Take('[')) return in_.FailExpecting("an array of entries");
  elements_ = {.array = true};
  map_open_ = true;
  return true;
}

inline bool BpftoolJsonParser::ReadMapMember(const std::string& name,
                                             DumpedMap& map) {
  if (name == "bytes_key") return ReadNumberMember(map.shape.key_size);
  if (name == "bytes_value") return ReadNumberMember(map.shape.value_size);
  if (name == "max_entries") return ReadNumberMember(map.shape.max_entries);
  if (in_.Peek() != '"') return SkipValue(in_, Inside::kObject);
  const uint64_t start = in_.offset();
  const bool error = name == "error";
  const bool is_name = name == "name";
  const bool is_type = name == "type";
  if (!ReadString(in_, Inside::kObject, word_)) return false;
  if (error) {
    return in_.FailAt(
        start, absl::StrCat("no dump, but an error of bpftool's: ",
                            absl::Utf8SafeCEscape(word_.substr(0, 200))));
  }
  if (is_name) map.shape.name = word_;
  if (is_type) map.shape.type = MapTypeOfName(word_);
  return true;
}

inline bool BpftoolJsonParser::ReadNumberMember(uint32_t& number) {
  const uint64_t start = in_.offset();
  if (!ReadWord(in_, word_)) return false;
  if (internal::ParseAll(word_, 10, number)) return true;
  return in_.FailAt(start, "a size that is no number of 32 bits");
}

inline bool BpftoolJsonParser::CloseMap() {
  map_open_ = false;
  in_.SkipSpace();
  while (in_.Take(',')) {
    const uint64_t start = in_.offset();
    if (!ReadName(in_, word_)) return false;
    if (word_ == "name" || word_ == "elements") {
      return in_.FailAt(start, "the name of a map must precede its elements");
    }
    if (!SkipValue(in_, Inside::kObject)) return false;
    in_.SkipSpace();
  }
  return in_.Take('}') || in_.FailExpecting("the end of the map");
}

inline void BpftoolJsonParser::FindTypes(DumpedMap& map) {
  const MapShape* shape = FindShape(options_.shapes, map.shape.name);
  if (shape != nullptr) {
    entries_.SetTypes(*shape, options_.endian.value_or(std::endian::native));
    map.shape.key = shape->key;
    map.shape.value = shape->value;
  } else if (options_.shapes.empty()) {
    entries_.SetNoTypes("give the object with the map's types (--object)");
  } else if (map.shape.name.empty()) {
    entries_.SetNoTypes("say which of the object's maps it is");
  } else {
    entries_.SetNoTypes(absl::StrCat("the object has no map `",
                                     absl::CHexEscape(map.shape.name), "`"));
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DUMP_BPFTOOL_JSON_H_
