// LiveSymbols: the running kernel's symbols, for decoders.
//
// /proc/kallsyms (some 10 MB of text) is read when a decoder asks for the first
// time, and never if none does. The kernel does not say when it changes, so
// Refresh(), called before each walk, finds out:
//   - /proc/modules lists other modules, or the same ones elsewhere: their
//     addresses may mean something else now;
//   - an address was not found, or inside a BPF program, behind which there may
//     be a new one by now: read again after a back-off of 1 s that doubles up
//     to 5 min while nothing changes.
// epoch() grows when an answer may have changed.
//
// AppendSymbol and epoch may be called by any number of threads while another
// one calls Refresh. A table in use stays until its last reader is done.

#ifndef EBPF_EXPORTER_BPF_HOST_SYMBOLS_H_
#define EBPF_EXPORTER_BPF_HOST_SYMBOLS_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "bpf/host/read_file.h"
#include "core/resolve/kallsyms.h"
#include "core/resolve/symbols.h"

namespace ebpf_exporter {

struct LiveSymbolsOptions {
  std::string kallsyms = "/proc/kallsyms";
  std::string modules = "/proc/modules";
  std::string kptr_restrict = "/proc/sys/kernel/kptr_restrict";
  // Fills `text` with a file; leaves it empty if that cannot be read.
  std::function<void(const std::string& path, std::string& text)> read =
      ReadFileInto;
  std::function<std::chrono::steady_clock::time_point()> now =
      std::chrono::steady_clock::now;
};

class LiveSymbols final : public SymbolResolver {
 public:
  explicit LiveSymbols(LiveSymbolsOptions options = {});

  bool AppendSymbol(uint64_t address, std::string& out) const override;
  std::optional<NearSymbol> AppendNear(uint64_t address, uint64_t reach,
                                       std::string& out) const override;
  uint64_t epoch() const override { return epoch_; }

  // Reads the symbols unless they were: before privileges are given up.
  void Prepare();

  // Reads the symbols again where they may have changed.
  void Refresh();

  // Why symbols cannot be resolved and the mend, in one line; once for each
  // cause, else empty.
  std::string TakeWarning();

 private:
  using Table = std::shared_ptr<const SymbolTable>;

  Table table() const;
  Table FirstTable() const;
  void Read() const;
  void Keep(std::string text) const;
  size_t HashOfModules() const;
  std::string Text(const std::string& path) const;
  void Warn(std::string text) const;
  std::string Hidden(bool known_before) const;

  const LiveSymbolsOptions options_;
  mutable std::atomic<bool> missed_ = false;
  mutable std::atomic<uint64_t> epoch_ = 0;

  mutable std::mutex table_mutex_;  // guards the pointer alone
  mutable Table table_;             // null until somebody asks

  mutable std::mutex read_mutex_;  // guards the rest, while files are read
  mutable size_t text_hash_ = 0;
  mutable size_t modules_hash_ = 0;
  mutable std::string modules_text_;  // scratch, read before each walk
  mutable std::chrono::steady_clock::time_point read_at_;
  mutable std::chrono::steady_clock::duration back_off_;
  mutable std::string warning_;
  mutable std::string last_warning_;
};

namespace internal {

// A hash of /proc/modules that ignores what changes all the time, such as
// reference counts: of each module's name, size and address.
size_t HashModules(std::string_view modules);

}  // namespace internal
}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_HOST_SYMBOLS_H_
