// The text of a label set as the Prometheus text format writes it between the
// braces, `device="sda",operation="read"`, and its canonical order: by the
// tuple of label values, bytewise. Label names are the same for all series of a
// family and stand in bytewise order, so two texts differ in values alone.

#ifndef EBPF_EXPORTER_CORE_TABLE_LABEL_TEXT_H_
#define EBPF_EXPORTER_CORE_TABLE_LABEL_TEXT_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// Appends `name="value"` with the value escaped as the format wants it, after a
// comma unless `out` is empty.
void AppendLabel(std::string_view name, std::string_view value,
                 std::string& out);

// Negative, zero or positive as the label values of `a` sort before, equal or
// after those of `b`. Both come from AppendLabel with the same names.
int CompareLabelText(std::string_view a, std::string_view b);

namespace internal {

// The byte of a label value that starts at `at`; -1 where the value ends. A
// value that ends sorts before any that goes on.
inline int ValueByteAt(std::string_view text, size_t at, bool escaped) {
  if (at >= text.size()) return -1;
  if (!escaped) {
    if (text[at] == '"') return -1;
    if (text[at] != '\\') return static_cast<unsigned char>(text[at]);
    if (++at >= text.size()) return -1;
  }
  return text[at] == 'n' ? '\n' : static_cast<unsigned char>(text[at]);
}

// True if the byte at `at` is the second of an escape sequence.
inline bool IsEscaped(std::string_view text, size_t at) {
  size_t backslashes = 0;
  while (backslashes < at && text[at - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

}  // namespace internal

inline void AppendLabel(std::string_view name, std::string_view value,
                        std::string& out) {
  if (!out.empty()) out.push_back(',');
  out.append(name).append("=\"");
  for (size_t start = 0; start < value.size();) {
    const size_t stop =
        std::min(value.find_first_of("\\\"\n", start), value.size());
    out.append(value.substr(start, stop - start));
    if (stop < value.size()) {
      out.push_back('\\');
      out.push_back(value[stop] == '\n' ? 'n' : value[stop]);
    }
    start = stop + 1;
  }
  out.push_back('"');
}

inline int CompareLabelText(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] =
      std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const size_t at = static_cast<size_t>(in_a - a.begin());
  if (at == a.size() && at == b.size()) return 0;
  const bool escaped = internal::IsEscaped(a, at);
  return internal::ValueByteAt(a, at, escaped) -
         internal::ValueByteAt(b, at, escaped);
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_TABLE_LABEL_TEXT_H_
