// Colours, where a terminal shows them and nobody objects.

#ifndef EBPF_EXPORTER_CMD_TABLEDUMP_STYLE_H_
#define EBPF_EXPORTER_CMD_TABLEDUMP_STYLE_H_

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

class Style {
 public:
  explicit Style(bool colours) : colours_(colours) {}

  // `no_color` and `term` are the environment's NO_COLOR and TERM, or null.
  // NO_COLOR forbids colours whatever it holds, unless it is empty
  // (https://no-color.org).
  static Style For(bool is_terminal, const char* no_color, const char* term) {
    const bool forbidden = no_color != nullptr && *no_color != '\0';
    const bool dumb = term == nullptr || std::string_view(term) == "dumb";
    return Style(is_terminal && !forbidden && !dumb);
  }

  // `text` must be safe already.
  std::string Bold(std::string_view text) const { return In("1", text); }
  std::string Dim(std::string_view text) const { return In("2", text); }
  std::string Bar(std::string_view text) const { return In("32", text); }
  std::string Less(std::string_view text) const { return In("31", text); }
  std::string More(std::string_view text) const { return In("32", text); }

 private:
  std::string In(std::string_view code, std::string_view text) const {
    if (!colours_ || text.empty()) return std::string(text);
    return absl::StrCat("\x1b[", code, "m", text, "\x1b[0m");
  }

  bool colours_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_TABLEDUMP_STYLE_H_
