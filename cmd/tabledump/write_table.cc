#include "cmd/tabledump/write_table.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cmd/tabledump/bars.h"
#include "cmd/tabledump/labels.h"
#include "cmd/tabledump/safe_text.h"
#include "core/exposition/number.h"
#include "core/exposition/prometheus_text.h"
#include "core/table/merge.h"

namespace ebpf_exporter {
namespace {

// A column wider than this no longer pushes the others aside.
constexpr size_t kWidest = 60;

void AppendLeft(std::string_view text, size_t width, std::string& out) {
  out += text;
  const size_t own = WidthOf(text);
  if (own < width) out.append(width - own, ' ');
}

std::string NumberText(const MetricFamily& family, uint64_t cell) {
  std::string text;
  if (family.is_signed) {
    AppendSigned(static_cast<int64_t>(cell), text);
  } else {
    AppendUnsigned(cell, text);
  }
  return text;
}

// Writes one family.
class FamilyTable {
 public:
  FamilyTable(const MetricFamily& family, const Style& style,
              TextBuffer& buffer)
      : family_(family), style_(style), buffer_(buffer) {}

  // False if it has no series.
  bool Write(bool is_first);

 private:
  size_t CellsPerSeries() const {
    return family_.buckets == nullptr ? 1 : family_.buckets->size() + 1;
  }
  // Calls `visit(labels, cells)` for each series.
  template <typename Visit>
  void ForEach(Visit visit) const {
    ForEachSeries(family_.columns, CellsPerSeries(), family_.is_signed,
                  [&](std::string_view labels, const uint64_t* cells) {
                    visit(labels, cells);
                    return buffer_.ok();
                  });
  }
  void Measure();
  void WriteHeading(bool is_first);
  void WriteLines();
  void WriteHistogram(std::string_view labels, const uint64_t* cells);

  const MetricFamily& family_;
  const Style& style_;
  TextBuffer& buffer_;
  std::vector<std::string> names_;
  std::vector<size_t> widths_;  // of the columns of labels
  size_t value_width_ = std::string_view("value").size();
  bool empty_ = true;
};

bool FamilyTable::Write(bool is_first) {
  Measure();
  if (empty_) return false;
  WriteHeading(is_first);
  if (family_.buckets == nullptr) {
    WriteLines();
  } else {
    ForEach([this](std::string_view labels, const uint64_t* cells) {
      WriteHistogram(labels, cells);
    });
  }
  return true;
}

void FamilyTable::Measure() {
  ForEach([this](std::string_view labels, const uint64_t* cells) {
    const bool first = empty_;
    empty_ = false;
    size_t at = 0;
    ForEachLabel(labels, [&](std::string_view name, std::string_view value) {
      if (first) {
        names_.push_back(SafeText(name));
        widths_.push_back(WidthOf(names_.back()));
      }
      const size_t width = std::min(WidthOf(SafeText(value)), kWidest);
      widths_[at] = std::max(widths_[at], width);
      ++at;
    });
    if (family_.buckets != nullptr) return;
    value_width_ = std::max(value_width_, NumberText(family_, *cells).size());
  });
}

void FamilyTable::WriteHeading(bool is_first) {
  const FamilyHeader& header = *family_.header;
  buffer_.Append(absl::StrCat(
      is_first ? "" : "\n", style_.Bold(SafeText(header.name)), "  ",
      internal::TypeName(header.type), "  ", SafeText(header.help), "\n"));
}

void FamilyTable::WriteLines() {
  std::string line = "  ";
  for (size_t i = 0; i < names_.size(); ++i) {
    AppendLeft(names_[i], widths_[i] + 2, line);
  }
  internal::AppendRight("value", value_width_, line);
  buffer_.Append(absl::StrCat(style_.Dim(line), "\n"));
  ForEach([&](std::string_view labels, const uint64_t* cells) {
    line = "  ";
    size_t at = 0;
    ForEachLabel(labels, [&](std::string_view, std::string_view value) {
      AppendLeft(SafeText(value), widths_[at++], line);
      line += "  ";
    });
    internal::AppendRight(NumberText(family_, *cells), value_width_, line);
    buffer_.Append(absl::StrCat(line, "\n"));
  });
}

void FamilyTable::WriteHistogram(std::string_view labels,
                                 const uint64_t* cells) {
  const Buckets& buckets = *family_.buckets;
  std::string text = "\n  ";
  ForEachLabel(labels, [&](std::string_view name, std::string_view value) {
    absl::StrAppend(&text, SafeText(name), "=\"", SafeText(value), "\" ");
  });
  uint64_t count = 0;
  for (size_t i = 0; i < buckets.size(); ++i) {
    count = SaturatingAdd(count, cells[i]);
  }
  absl::StrAppend(&text, "count ", count, ", sum ");
  if (buckets.multiplier() == 1) {
    AppendUnsigned(cells[buckets.size()], text);
  } else {
    AppendGoDouble(
        static_cast<double>(cells[buckets.size()]) * buckets.multiplier(),
        text);
  }
  text += '\n';
  AppendBars(buckets, {cells, buckets.size()}, UnitOf(family_.header->name),
             style_, text);
  buffer_.Append(text);
}

}  // namespace

void WriteTable(std::span<const MetricFamily> families, const Style& style,
                TextSink* sink) {
  TextBuffer buffer(sink);
  bool first = true;
  for (const MetricFamily& family : families) {
    if (FamilyTable(family, style, buffer).Write(first)) first = false;
  }
  if (first) buffer.Append("(no series)\n");
  buffer.Flush();
}

}  // namespace ebpf_exporter
