// Names with wildcards: `*` for any text, `?` for one character.

#ifndef EBPF_EXPORTER_BPF_LOADER_GLOB_H_
#define EBPF_EXPORTER_BPF_LOADER_GLOB_H_

#include <cstddef>
#include <string_view>

namespace ebpf_exporter {

inline bool HasWildcard(std::string_view pattern) {
  return pattern.find_first_of("*?") != std::string_view::npos;
}

// Takes time in proportion to the product of both lengths at worst: a mismatch
// goes back to the last `*` only.
inline bool MatchesGlob(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t behind_star = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      behind_star = t;
    } else if (p < pattern.size() &&
               (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++behind_star;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_GLOB_H_
