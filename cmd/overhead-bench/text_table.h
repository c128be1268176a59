// A table of text cells: aligned columns for terminals, or Markdown.

#ifndef EBPF_EXPORTER_CMD_OVERHEAD_BENCH_TEXT_TABLE_H_
#define EBPF_EXPORTER_CMD_OVERHEAD_BENCH_TEXT_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ebpf_exporter {

struct TextTable {
  using Cells = std::vector<std::string>;

  std::vector<bool> right;  // of each column: its cells stand to the right
  Cells heading;
  // A row with fewer cells than the heading ends in one that spans the rest.
  std::vector<Cells> rows;
};

// Columns two spaces apart; lines without blanks at their end.
inline std::string AlignedText(const TextTable& table);

// A table of Markdown; `|` in a cell is escaped.
inline std::string MarkdownText(const TextTable& table);

// Implementation below.

namespace internal {

// Characters, of UTF-8 text.
inline size_t DisplayWidth(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

// On one line, without anything that a terminal would obey.
inline std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

inline std::vector<size_t> ColumnWidths(const TextTable& table) {
  std::vector<size_t> widths(table.heading.size(), 0);
  const auto widen = [&](const TextTable::Cells& cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      const bool spans = i + 1 == cells.size() && i + 1 < widths.size();
      if (!spans) widths[i] = std::max(widths[i], DisplayWidth(cells[i]));
    }
  };
  widen(table.heading);
  for (const TextTable::Cells& cells : table.rows) widen(cells);
  return widths;
}

inline void AppendAligned(const TextTable& table,
                          const std::vector<size_t>& widths,
                          const TextTable::Cells& cells, std::string& out) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += "  ";
    const size_t width = DisplayWidth(cells[i]);
    const std::string pad(widths[i] > width ? widths[i] - width : 0, ' ');
    const std::string cell = OneLine(cells[i]);
    line += table.right[i] ? pad + cell : cell + pad;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

inline void AppendMarkdown(const TextTable::Cells& cells, size_t columns,
                           std::string& out) {
  for (size_t i = 0; i < columns; ++i) {
    out += i == 0 ? "| " : " | ";
    const std::string cell = i < cells.size() ? OneLine(cells[i]) : "";
    for (const char c : cell) {
      if (c == '|') out += '\\';
      out += c;
    }
  }
  out += " |\n";
}

}  // namespace internal

inline std::string AlignedText(const TextTable& table) {
  const std::vector<size_t> widths = internal::ColumnWidths(table);
  std::string out;
  internal::AppendAligned(table, widths, table.heading, out);
  for (const TextTable::Cells& cells : table.rows) {
    // What spans the rest stands to the left.
    if (cells.size() < table.heading.size()) {
      TextTable left = table;
      left.right[cells.size() - 1] = false;
      internal::AppendAligned(left, widths, cells, out);
    } else {
      internal::AppendAligned(table, widths, cells, out);
    }
  }
  return out;
}

inline std::string MarkdownText(const TextTable& table) {
  const size_t columns = table.heading.size();
  std::string out;
  internal::AppendMarkdown(table.heading, columns, out);
  out += "|";
  for (size_t i = 0; i < columns; ++i) out += table.right[i] ? "---:|" : "---|";
  out += "\n";
  for (const TextTable::Cells& cells : table.rows) {
    internal::AppendMarkdown(cells, columns, out);
  }
  return out;
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_OVERHEAD_BENCH_TEXT_TABLE_H_
