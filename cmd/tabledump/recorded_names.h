// RecordedNames answer from what a dump recorded, and from nothing else: the
// symbols, disks and cgroups of the host that decodes mean nothing there.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_RECORDED_NAMES_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_RECORDED_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "core/decode/decoders.h"
#include "core/dump/dump_reader.h"
#include "core/resolve/names.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

// What is recorded does not change: all epochs stay 0, rows are rendered once.

class RecordedSymbols final : public SymbolResolver {
 public:
  // `reader` outlives this; null knows no symbols.
  explicit RecordedSymbols(const DumpReader* reader) : reader_(reader) {}

  bool AppendSymbol(uint64_t address, std::string& out) const override {
    return AppendNear(address, 0, out).has_value();
  }
  std::optional<NearSymbol> AppendNear(uint64_t address, uint64_t reach,
                                       std::string& out) const override {
    const SymbolTable* symbols =
        reader_ == nullptr ? nullptr : reader_->symbols();
    if (symbols == nullptr) return std::nullopt;
    return symbols->AppendNear(address, reach, out);
  }
  uint64_t epoch() const override { return 0; }

 private:
  const DumpReader* const reader_;
};

class RecordedNamesOf final : public NameResolver {
 public:
  // `reader` outlives this; null knows no names.
  RecordedNamesOf(const DumpReader* reader, NameKind kind)
      : reader_(reader), kind_(kind) {}

  bool AppendName(uint64_t id, std::string& out) const override {
    const NameTable* const names = table();
    return names != nullptr && names->AppendName(id, out);
  }
  uint64_t epoch() const override { return 0; }
  bool available() const override { return table() != nullptr; }

 private:
  const NameTable* table() const {
    return reader_ == nullptr ? nullptr : reader_->names(kind_);
  }

  const DumpReader* const reader_;
  const NameKind kind_;
};

// All of them.
class RecordedNames {
 public:
  // `reader` outlives this; null knows no names.
  explicit RecordedNames(const DumpReader* reader)
      : reader_(reader),
        symbols_(reader),
        block_devices_(reader, NameKind::kBlockDevices),
        interfaces_(reader, NameKind::kInterfaces),
        cgroups_(reader, NameKind::kCgroups),
        pci_(reader, NameKind::kPci) {}
  RecordedNames(const RecordedNames&) = delete;
  RecordedNames& operator=(const RecordedNames&) = delete;

  // Good as long as this. The machine is known once a map has been reached.
  Resolvers resolvers() const {
    const DumpOrigin* const origin =
        reader_ == nullptr ? nullptr : reader_->origin();
    return {.symbols = &symbols_,
            .block_devices = &block_devices_,
            .interfaces = &interfaces_,
            .cgroups = &cgroups_,
            .pci = &pci_,
            .machine = origin == nullptr ? "" : origin->machine};
  }

 private:
  const DumpReader* const reader_;
  const RecordedSymbols symbols_;
  const RecordedNamesOf block_devices_;
  const RecordedNamesOf interfaces_;
  const RecordedNamesOf cgroups_;
  const RecordedNamesOf pci_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_RECORDED_NAMES_H_
