// Addresses of kernel symbols that a configuration asks for by `kaddrs:`, as
// constants `kaddr_SYMBOL` of its object.

#ifndef EBPF_EXPORTER_BPF_LOADER_KADDRS_H_
#define EBPF_EXPORTER_BPF_LOADER_KADDRS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

// `kallsyms` is the text of /proc/kallsyms. Of several symbols with one name
// the last wins; a module's symbol is found with and without the `[module]`
// behind it. NotFound names a symbol that the kernel lacks, PermissionDenied
// says that it hides its addresses, and the mend.
absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> ResolveKaddrs(
    const std::vector<std::string>& symbols, std::string_view kallsyms);

namespace internal {

// The address of one symbol; nothing where there is none.
inline std::optional<uint64_t> FindSymbol(std::string_view kallsyms,
                                          std::string_view symbol) {
  const std::string behind = absl::StrCat(" ", symbol);
  for (size_t at = kallsyms.rfind(behind); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : kallsyms.rfind(behind, at - 1)) {
    const std::string_view rest = kallsyms.substr(at + behind.size());
    if (!rest.empty() && rest[0] != '\n' && rest[0] != '\t') continue;
    const size_t newline = kallsyms.rfind('\n', at);
    const size_t start = newline == std::string_view::npos ? 0 : newline + 1;
    const std::string_view line = kallsyms.substr(start, at - start);
    uint64_t address = 0;
    if (absl::SimpleHexAtoi(line.substr(0, line.find(' ')), &address)) {
      return address;
    }
  }
  return std::nullopt;
}

}  // namespace internal

inline absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>>
ResolveKaddrs(const std::vector<std::string>& symbols,
              std::string_view kallsyms) {
  std::vector<std::pair<std::string, uint64_t>> out;
  for (const std::string& symbol : symbols) {
    const std::optional<uint64_t> address =
        internal::FindSymbol(kallsyms, symbol);
    if (!address.has_value()) {
      return absl::NotFoundError(
          absl::StrCat("kaddrs: this kernel has no symbol \"", symbol,
                       "\"; symbols of data need CONFIG_KALLSYMS_ALL"));
    }
    if (*address == 0) {
      return absl::PermissionDeniedError(absl::StrCat(
          "kaddrs: the kernel hides the address of \"", symbol,
          "\"; grant CAP_SYSLOG, and set the sysctl kernel.kptr_restrict to 0 "
          "or 1"));
    }
    out.emplace_back(absl::StrCat("kaddr_", symbol), *address);
  }
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_KADDRS_H_
