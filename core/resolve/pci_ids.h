// The names of the database pci.ids (https://pci-ids.ucw.cz), by PciId():
//
//   8086  Intel Corporation          a vendor
//   <tab>1533  I210 Gigabit ...      a device of the vendor above
//   C 02  Network controller         a class
//   <tab>00  Ethernet controller     a subclass of the class above
//
// Subsystems and programming interfaces (two tabs), comments (#) and other
// lists are passed over. Of names that stand twice the first counts.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_PCI_IDS_H_
#define EBPF_EXPORTER_CORE_RESOLVE_PCI_IDS_H_

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_split.h"
#include "core/resolve/names.h"
#include "core/resolve/pci_id.h"

namespace ebpf_exporter {

NumberedNames ParsePciIds(std::string_view text);

// Implementation below.

namespace internal {

class PciIdsParser {
 public:
  void TakeLine(std::string_view line);
  NumberedNames Take() && { return std::move(names_); }

 private:
  enum class Below { kNothing, kVendor, kClass };

  struct Entry {
    uint64_t number = 0;
    std::string_view name;
  };

  // `digits` hexadecimal digits, two spaces, a name.
  static std::optional<Entry> Parse(std::string_view text, size_t digits);
  void Add(PciKind kind, uint64_t number, std::string_view name);
  void TakeTop(std::string_view line);

  NumberedNames names_;
  Below below_ = Below::kNothing;
  uint64_t above_ = 0;  // the vendor or class that lines with a tab belong to
};

inline std::optional<PciIdsParser::Entry> PciIdsParser::Parse(
    std::string_view text, size_t digits) {
  Entry entry;
  if (text.size() < digits + 3 || text.substr(digits, 2) != "  ") {
    return std::nullopt;
  }
  const char* const end = text.data() + digits;
  const auto [at, error] = std::from_chars(text.data(), end, entry.number, 16);
  if (error != std::errc() || at != end) return std::nullopt;
  entry.name = text.substr(digits + 2);
  if (entry.name.ends_with('\r')) entry.name.remove_suffix(1);
  if (entry.name.empty()) return std::nullopt;
  return entry;
}

inline void PciIdsParser::Add(PciKind kind, uint64_t number,
                              std::string_view name) {
  names_.push_back({*PciId(kind, number), std::string(name)});
}

inline void PciIdsParser::TakeTop(std::string_view line) {
  below_ = Below::kNothing;
  if (const auto vendor = Parse(line, 4)) {
    below_ = Below::kVendor;
    above_ = vendor->number;
    return Add(PciKind::kVendor, above_, vendor->name);
  }
  if (!line.starts_with("C ")) return;
  if (const auto one = Parse(line.substr(2), 2)) {
    below_ = Below::kClass;
    above_ = one->number;
    Add(PciKind::kClass, above_, one->name);
  }
}

inline void PciIdsParser::TakeLine(std::string_view line) {
  if (line.empty() || line[0] == '#') return;
  if (line[0] != '\t') return TakeTop(line);
  line.remove_prefix(1);
  if (below_ == Below::kVendor) {
    if (const auto device = Parse(line, 4)) {
      Add(PciKind::kDevice, above_ << 16 | device->number, device->name);
    }
  } else if (below_ == Below::kClass) {
    if (const auto subclass = Parse(line, 2)) {
      Add(PciKind::kSubclass, above_ << 8 | subclass->number, subclass->name);
    }
  }
}

}  // namespace internal

inline NumberedNames ParsePciIds(std::string_view text) {
  internal::PciIdsParser parser;
  for (const std::string_view line : absl::StrSplit(text, '\n')) {
    parser.TakeLine(line);
  }
  return std::move(parser).Take();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_PCI_IDS_H_
