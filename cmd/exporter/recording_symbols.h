// RecordingSymbols: symbols that can be told to remember what they answered, so
// that a capture holds the names that its entries use and no others.
//
//   SymbolRecording recording;           // in the thread that renders
//   table.renderer().Render(key, text);
//   writer.AddSymbols(recording.TakeLines());

#ifndef EBPF_EXPORTER_CMD_EXPORTER_RECORDING_SYMBOLS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_RECORDING_SYMBOLS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

// What all RecordingSymbols answer in this thread while it lives. One at a time
// in a thread.
class SymbolRecording {
 public:
  SymbolRecording() { current_ = this; }
  ~SymbolRecording() { current_ = nullptr; }
  SymbolRecording(const SymbolRecording&) = delete;
  SymbolRecording& operator=(const SymbolRecording&) = delete;

  // The symbols that were found since the last call, each once in all, as lines
  // of /proc/kallsyms.
  std::string TakeLines() { return std::exchange(lines_, ""); }

 private:
  friend class RecordingSymbols;

  void Note(uint64_t address, std::string_view name) {
    if (!noted_.insert(address).second) return;
    absl::StrAppend(&lines_, absl::Hex(address, absl::kZeroPad16), " t ", name,
                    "\n");
  }

  static inline thread_local SymbolRecording* current_ = nullptr;

  std::unordered_set<uint64_t> noted_;
  std::string lines_;
};

class RecordingSymbols final : public SymbolResolver {
 public:
  // `symbols` outlives this.
  explicit RecordingSymbols(const SymbolResolver* symbols)
      : symbols_(symbols) {}

  bool AppendSymbol(uint64_t address, std::string& out) const override {
    const size_t begin = out.size();
    if (!symbols_->AppendSymbol(address, out)) return false;
    if (SymbolRecording::current_ != nullptr) {
      SymbolRecording::current_->Note(address,
                                      std::string_view(out).substr(begin));
    }
    return true;
  }
  uint64_t epoch() const override { return symbols_->epoch(); }

 private:
  const SymbolResolver* const symbols_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_RECORDING_SYMBOLS_H_
