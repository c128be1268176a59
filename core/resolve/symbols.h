// Names of kernel addresses, for whoever prints them: the live kernel's symbols
// or those a capture recorded.

#ifndef EBPF_EXPORTER_CORE_RESOLVE_SYMBOLS_H_
#define EBPF_EXPORTER_CORE_RESOLVE_SYMBOLS_H_

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>

namespace ebpf_exporter {

// A SymbolSource knows symbols by the exact address where they begin.
//
//   AppendSymbol  appends the symbol at `address`, as the source spells it, and
//                 returns true; or leaves `out` alone and returns false
//
// It may be asked from several threads at once.
template <typename S>
concept SymbolSource = requires(const S& source, uint64_t address,
                                std::string& out) {
  { source.AppendSymbol(address, out) } -> std::same_as<bool>;
};

// How the symbol that was found lies to the address asked for.
struct NearSymbol {
  uint64_t distance = 0;  // bytes from its beginning
  bool is_function = true;
};

// A SymbolSource chosen at run time, whose symbols may change as modules come
// and go.
class SymbolResolver {
 public:
  virtual ~SymbolResolver() = default;

  virtual bool AppendSymbol(uint64_t address, std::string& out) const = 0;

  // Appends the last symbol that begins at `address` or not more than `reach`
  // bytes before it; or leaves `out` alone. Who knows beginnings alone need not
  // say more.
  virtual std::optional<NearSymbol> AppendNear(uint64_t address,
                                               uint64_t /*reach*/,
                                               std::string& out) const {
    if (!AppendSymbol(address, out)) return std::nullopt;
    return NearSymbol();
  }

  // Grows whenever an answer may have become another. Text made from answers of
  // an older epoch is stale.
  virtual uint64_t epoch() const = 0;
};

static_assert(SymbolSource<SymbolResolver>);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_RESOLVE_SYMBOLS_H_
