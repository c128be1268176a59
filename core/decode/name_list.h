// Names by number, written as one text: `NameList<3>("read - open")` are the
// names of 0 and 2, and 1 has none.

#ifndef EBPF_EXPORTER_CORE_DECODE_NAME_LIST_H_
#define EBPF_EXPORTER_CORE_DECODE_NAME_LIST_H_

#include <array>
#include <cstddef>
#include <string_view>

namespace ebpf_exporter {

// Names of `text`, which must outlive the list; a hyphen leaves one empty. That
// there are N of them is checked when it is compiled.
template <size_t N>
consteval std::array<std::string_view, N> NameList(std::string_view text) {
  std::array<std::string_view, N> names;
  for (size_t i = 0; i < N; ++i) {
    const std::string_view name = text.substr(0, text.find(' '));
    if (name.empty()) throw "too few names";
    names[i] = name == "-" ? std::string_view() : name;
    text.remove_prefix(name.size() < text.size() ? name.size() + 1
                                                 : name.size());
  }
  if (!text.empty()) throw "too many names";
  return names;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_DECODE_NAME_LIST_H_
