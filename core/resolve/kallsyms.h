// SymbolTable: the kernel's symbols by address, from the text of
// /proc/kallsyms.
//
// A line is `<hex address> <type letter> <name>`; a module's symbols have a tab
// and `[module]` behind the name, and keep them. Other lines are passed over.
// The table costs some 12 bytes a symbol plus the names; it is made in one pass
// over the text, whose memory it takes over for the names.
//
// Which name an address has when several symbols begin there: functions (types
// t, T, w, W) go before data, and among equals the one that the text lists
// first wins.
//
// Address 0 is nobody's: without the right to see addresses the kernel prints
// zeros for all of them (kptr_restrict, CAP_SYSLOG). Such lines are counted and
// dropped, so that no address is ever given a wrong name.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_KALLSYMS_H_
#define EBPF_EXPORTER_CORE_RESOLVE_KALLSYMS_H_

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/resolve/symbols.h"

namespace ebpf_exporter {

class SymbolTable {
 public:
  // A symbol and how far behind its beginning an address lies.
  struct Near {
    std::string_view name;
    uint64_t offset = 0;

    friend bool operator==(const Near&, const Near&) = default;
  };

  SymbolTable() = default;

  // Never fails: text that holds no symbols gives an empty table. Of text
  // beyond 4 GiB the rest is not looked at.
  static SymbolTable Parse(std::string text);

  size_t size() const { return addresses_.size(); }

  // There were symbols, and all their addresses were hidden.
  bool restricted() const { return addresses_.empty() && hidden_ > 0; }

  // The symbol that begins at the address. Views live as long as the table.
  std::optional<std::string_view> Find(uint64_t address) const;

  // The last symbol that begins at or before the address.
  std::optional<Near> FindNearest(uint64_t address) const;

  // Where the symbol begins; the last in the text if the name is not unique.
  // Looks at every name: for load time.
  std::optional<uint64_t> AddressOf(std::string_view name) const;

  // Appends the name for an exact address; see SymbolSource.
  bool AppendSymbol(uint64_t address, std::string& out) const;
  // As SymbolResolver has it.
  std::optional<NearSymbol> AppendNear(uint64_t address, uint64_t reach,
                                       std::string& out) const;

 private:
  struct Line;
  struct Record;

  static std::optional<Line> ParseLine(std::string_view line);
  static bool IsFunction(char type);
  void Index(std::vector<Record> records);
  std::string_view NameAt(size_t index) const;
  // The symbol that wins the last address with symbols at or before this one.
  std::optional<size_t> IndexNear(uint64_t address) const;

  // Sorted by address; the symbol that wins an address comes first.
  std::vector<uint64_t> addresses_;
  std::vector<uint32_t> offsets_;  // into names_, grow in order of the text
  std::vector<bool> data_;         // not functions
  std::string names_;              // each ends with a newline
  size_t hidden_ = 0;              // symbols without an address
};

// Implementation.

struct SymbolTable::Line {
  uint64_t address;
  char type;
  std::string_view name;
};

struct SymbolTable::Record {
  uint64_t address;
  uint32_t offset;
  bool data;  // not a function

  friend bool operator<(const Record& a, const Record& b) {
    if (a.address != b.address) return a.address < b.address;
    if (a.data != b.data) return b.data;
    return a.offset < b.offset;
  }
};

inline bool SymbolTable::IsFunction(char type) {
  return type == 't' || type == 'T' || type == 'w' || type == 'W';
}

inline std::optional<SymbolTable::Line> SymbolTable::ParseLine(
    std::string_view line) {
  Line parsed{};
  const char* end = line.data() + line.size();
  const auto [at, error] =
      std::from_chars(line.data(), end, parsed.address, 16);
  // What follows the address: a space, the type, a space, at least a letter.
  if (error != std::errc() || end - at < 4 || at[0] != ' ' || at[2] != ' ') {
    return std::nullopt;
  }
  parsed.type = at[1];
  parsed.name = std::string_view(at + 3, static_cast<size_t>(end - at) - 3);
  parsed.name = parsed.name.substr(0, parsed.name.find(' '));
  if (parsed.name.empty()) return std::nullopt;
  return parsed;
}

inline SymbolTable SymbolTable::Parse(std::string text) {
  SymbolTable table;
  std::vector<Record> records;
  records.reserve(text.size() / 40);  // the length of a usual line, or less
  const size_t size =
      std::min<size_t>(text.size(), std::numeric_limits<uint32_t>::max());
  const std::string_view lines = text;
  size_t names = 0;  // names found so far lie at the front of the text
  for (size_t begin = 0; begin < size;) {
    const size_t end = std::min(lines.find('\n', begin), size);
    const auto line = ParseLine(lines.substr(begin, end - begin));
    begin = end + 1;
    if (!line.has_value()) continue;
    if (line->address == 0) {
      ++table.hidden_;
      continue;
    }
    records.push_back(
        {line->address, static_cast<uint32_t>(names), !IsFunction(line->type)});
    // A name only moves forward over what has been read: it is shorter than its
    // line, newline included.
    std::char_traits<char>::move(&text[names], line->name.data(),
                                 line->name.size());
    names += line->name.size();
    text[names++] = '\n';
  }
  text.resize(names);
  text.shrink_to_fit();
  table.names_ = std::move(text);
  table.Index(std::move(records));
  return table;
}

inline void SymbolTable::Index(std::vector<Record> records) {
  std::sort(records.begin(), records.end());
  addresses_.reserve(records.size());
  offsets_.reserve(records.size());
  data_.reserve(records.size());
  for (const Record& record : records) {
    addresses_.push_back(record.address);
    offsets_.push_back(record.offset);
    data_.push_back(record.data);
  }
}

inline std::string_view SymbolTable::NameAt(size_t index) const {
  const size_t begin = offsets_[index];
  const std::string_view names = names_;
  return names.substr(begin, names.find('\n', begin) - begin);
}

inline std::optional<std::string_view> SymbolTable::Find(
    uint64_t address) const {
  const auto at =
      std::lower_bound(addresses_.begin(), addresses_.end(), address);
  if (at == addresses_.end() || *at != address) return std::nullopt;
  return NameAt(static_cast<size_t>(at - addresses_.begin()));
}

inline std::optional<size_t> SymbolTable::IndexNear(uint64_t address) const {
  const auto behind =
      std::upper_bound(addresses_.begin(), addresses_.end(), address);
  if (behind == addresses_.begin()) return std::nullopt;
  const auto first =
      std::lower_bound(addresses_.begin(), behind, *(behind - 1));
  return static_cast<size_t>(first - addresses_.begin());
}

inline std::optional<SymbolTable::Near> SymbolTable::FindNearest(
    uint64_t address) const {
  const std::optional<size_t> index = IndexNear(address);
  if (!index) return std::nullopt;
  return Near{NameAt(*index), address - addresses_[*index]};
}

inline std::optional<NearSymbol> SymbolTable::AppendNear(
    uint64_t address, uint64_t reach, std::string& out) const {
  const std::optional<size_t> index = IndexNear(address);
  if (!index) return std::nullopt;
  const uint64_t distance = address - addresses_[*index];
  if (distance > reach) return std::nullopt;
  out += NameAt(*index);
  return NearSymbol{.distance = distance, .is_function = !data_[*index]};
}

inline std::optional<uint64_t> SymbolTable::AddressOf(
    std::string_view name) const {
  std::optional<size_t> found;
  for (size_t i = 0; i < offsets_.size(); ++i) {
    if (found.has_value() && offsets_[i] < offsets_[*found]) continue;
    if (NameAt(i) == name) found = i;
  }
  if (!found.has_value()) return std::nullopt;
  return addresses_[*found];
}

inline bool SymbolTable::AppendSymbol(uint64_t address,
                                      std::string& out) const {
  const std::optional<std::string_view> name = Find(address);
  if (!name.has_value()) return false;
  out += *name;
  return true;
}

static_assert(SymbolSource<SymbolTable>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_KALLSYMS_H_
