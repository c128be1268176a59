// The label text of a series, taken apart again: names, and values without
// their escapes.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_LABELS_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_LABELS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// Calls `visit(name, value)` for each label of `text`, which AppendLabel
// (core/table/label_text.h) made. Views live as long as the call.
template <typename Visit>
void ForEachLabel(std::string_view text, Visit visit) {
  std::string value;
  while (!text.empty()) {
    const size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    text.remove_prefix(equals + 2);  // and the quote
    value.clear();
    while (text[0] != '"') {
      const bool escaped = text[0] == '\\';
      if (escaped) text.remove_prefix(1);
      value += escaped && text[0] == 'n' ? '\n' : text[0];
      text.remove_prefix(1);
    }
    visit(name, std::string_view(value));
    text.remove_prefix(text.size() > 1 ? 2 : 1);  // and the comma
  }
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_LABELS_H_
