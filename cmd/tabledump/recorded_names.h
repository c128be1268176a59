// RecordedSymbols answers from what a dump recorded, and from nothing else: the
// symbols of the host that decodes mean nothing there.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_RECORDED_NAMES_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_RECORDED_NAMES_H_

#include <cstdint>
#include <string>

#include "core/dump/dump_reader.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

class RecordedSymbols : public SymbolResolver {
 public:
  // `reader` outlives this; null knows no symbols.
  explicit RecordedSymbols(const DumpReader* reader) : reader_(reader) {}

  bool AppendSymbol(uint64_t address, std::string& out) const override {
    const SymbolTable* symbols =
        reader_ == nullptr ? nullptr : reader_->symbols();
    return symbols != nullptr && symbols->AppendSymbol(address, out);
  }

  // Rows are rendered once: what was recorded does not change.
  uint64_t epoch() const override { return 0; }

 private:
  const DumpReader* const reader_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_RECORDED_NAMES_H_
