// Fields of comma-separated values, by RFC 4180.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_CSV_TEXT_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_CSV_TEXT_H_

#include <string>
#include <string_view>

namespace ebpf_exporter {

// Appends `text`, in quotes where it has to be.
inline void AppendCsvField(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_CSV_TEXT_H_
