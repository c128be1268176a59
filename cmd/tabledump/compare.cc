#include "cmd/tabledump/compare.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cmd/tabledump/bars.h"
#include "cmd/tabledump/key_hex.h"
#include "cmd/tabledump/safe_text.h"
#include "core/exposition/number.h"
#include "core/exposition/prometheus_text.h"
#include "core/table/label_text.h"
#include "core/table/merge.h"

namespace ebpf_exporter {
namespace {

using Cells = std::vector<uint64_t>;

struct Series {
  std::string labels;
  Cells cells;
};

size_t WidthOfFamily(const MetricFamily& family) {
  return family.buckets == nullptr ? 1 : family.buckets->size() + 1;
}

// In canonical order.
std::vector<Series> SeriesOf(const MetricFamily* family) {
  std::vector<Series> all;
  if (family == nullptr) return all;
  const size_t width = WidthOfFamily(*family);
  ForEachSeries(family->columns, width, family->is_signed,
                [&](std::string_view labels, const uint64_t* cells) {
                  all.push_back({std::string(labels), {cells, cells + width}});
                  return true;
                });
  return all;
}

// What a family is in either dump; one may be missing.
struct FamilyPair {
  const MetricFamily* before = nullptr;
  const MetricFamily* after = nullptr;

  const MetricFamily& any() const { return after ? *after : *before; }
};

std::string Signed(uint64_t before, uint64_t after, bool is_signed) {
  // Of numbers of either sign the difference fits 64 bits and a sign.
  const bool grew =
      is_signed ? static_cast<int64_t>(after) >= static_cast<int64_t>(before)
                : after >= before;
  return grew ? absl::StrCat("+", after - before)
              : absl::StrCat("-", before - after);
}

double Difference(uint64_t before, uint64_t after, bool is_signed) {
  if (is_signed) {
    return static_cast<double>(static_cast<int64_t>(after)) -
           static_cast<double>(static_cast<int64_t>(before));
  }
  return after >= before ? static_cast<double>(after - before)
                         : -static_cast<double>(before - after);
}

class Comparison {
 public:
  Comparison(const FamilyPair& pair, std::optional<double> seconds,
             const Style& style, TextBuffer& buffer)
      : family_(pair.any()),
        before_(SeriesOf(pair.before)),
        after_(SeriesOf(pair.after)),
        seconds_(seconds),
        style_(style),
        buffer_(buffer) {}

  void Write();

 private:
  void WriteOne(char sign, const Series& series);
  void WriteBoth(const Series& before, const Series& after);
  void WriteBuckets(const Cells& before, const Cells& after);
  uint64_t CountOf(const Cells& cells) const;
  std::string NumberText(uint64_t number) const;
  std::string RateText(double difference) const;
  // `+3  0.3/s`
  std::string GrowthText(uint64_t before, uint64_t after) const;

  const MetricFamily& family_;
  const std::vector<Series> before_;
  const std::vector<Series> after_;
  const std::optional<double> seconds_;
  const Style& style_;
  TextBuffer& buffer_;
};

std::string Braced(std::string_view labels) {
  return absl::StrCat("{", SafeText(labels), "}");
}

std::string Comparison::NumberText(uint64_t number) const {
  std::string text;
  if (family_.is_signed) {
    AppendSigned(static_cast<int64_t>(number), text);
  } else {
    AppendUnsigned(number, text);
  }
  return text;
}

uint64_t Comparison::CountOf(const Cells& cells) const {
  if (family_.buckets == nullptr) return cells[0];
  uint64_t count = 0;
  for (size_t i = 0; i < family_.buckets->size(); ++i) {
    count = SaturatingAdd(count, cells[i]);
  }
  return count;
}

std::string Comparison::RateText(double difference) const {
  if (!seconds_) return "";
  return absl::StrFormat("  %.6g/s", difference / *seconds_);
}

std::string Comparison::GrowthText(uint64_t before, uint64_t after) const {
  return absl::StrCat(Signed(before, after, family_.is_signed),
                      RateText(Difference(before, after, family_.is_signed)));
}

void Comparison::WriteOne(char sign, const Series& series) {
  const std::string line =
      absl::StrCat("  ", std::string(1, sign), " ", Braced(series.labels), "  ",
                   family_.buckets == nullptr ? "" : "count ",
                   NumberText(CountOf(series.cells)));
  buffer_.Append(
      absl::StrCat(sign == '+' ? style_.More(line) : style_.Less(line), "\n"));
}

void Comparison::WriteBoth(const Series& before, const Series& after) {
  const uint64_t from = CountOf(before.cells);
  const uint64_t to = CountOf(after.cells);
  buffer_.Append(absl::StrCat("  = ", Braced(after.labels), "  ",
                              family_.buckets == nullptr ? "" : "count ",
                              NumberText(from), " -> ", NumberText(to), "  ",
                              GrowthText(from, to), "\n"));
  if (family_.buckets != nullptr) WriteBuckets(before.cells, after.cells);
}

void Comparison::WriteBuckets(const Cells& before, const Cells& after) {
  const Buckets& buckets = *family_.buckets;
  size_t width = 0;
  for (size_t i = 0; i < buckets.size(); ++i) {
    if (before[i] != after[i])
      width = std::max(width, RangeOf(buckets, i).size());
  }
  for (size_t i = 0; i < buckets.size(); ++i) {
    if (before[i] == after[i]) continue;
    std::string line = "      ";
    internal::AppendRight(RangeOf(buckets, i), width, line);
    buffer_.Append(absl::StrCat(line, "  ", before[i], " -> ", after[i], "  ",
                                GrowthText(before[i], after[i]), "\n"));
  }
  const size_t sum = buckets.size();
  if (before[sum] == after[sum]) return;
  std::string grown;
  const double scaled =
      Difference(before[sum], after[sum], false) * buckets.multiplier();
  AppendGoDouble(scaled, grown);
  buffer_.Append(absl::StrCat("      sum ", scaled < 0 ? "" : "+", grown,
                              RateText(scaled), "\n"));
}

void Comparison::Write() {
  buffer_.Append(absl::StrCat(style_.Bold(SafeText(family_.header->name)), "  ",
                              internal::TypeName(family_.header->type), "\n"));
  size_t same = 0;
  auto before = before_.begin();
  auto after = after_.begin();
  while (before != before_.end() || after != after_.end()) {
    const int order = before == before_.end() ? 1
                      : after == after_.end()
                          ? -1
                          : CompareLabelText(before->labels, after->labels);
    if (order < 0) {
      WriteOne('-', *before++);
    } else if (order > 0) {
      WriteOne('+', *after++);
    } else {
      if (before->cells == after->cells) {
        ++same;
      } else {
        WriteBoth(*before, *after);
      }
      ++before;
      ++after;
    }
  }
  if (same > 0)
    buffer_.Append(absl::StrCat("  unchanged series: ", same, "\n"));
}

void WriteKeys(const KeySet& before, const KeySet& after, TextBuffer& buffer) {
  std::vector<std::string_view> came;
  std::vector<std::string_view> went;
  for (const std::string& key : after) {
    if (!before.contains(key)) came.push_back(key);
  }
  for (const std::string& key : before) {
    if (!after.contains(key)) went.push_back(key);
  }
  if (came.empty() && went.empty()) return;
  std::sort(came.begin(), came.end());
  std::sort(went.begin(), went.end());
  buffer.Append(
      absl::StrCat("  keys: ", came.size(), " came, ", went.size(), " went\n"));
  for (const std::string_view key : came) {
    buffer.Append(absl::StrCat("  + ", HexBytes(key), "\n"));
  }
  for (const std::string_view key : went) {
    buffer.Append(absl::StrCat("  - ", HexBytes(key), "\n"));
  }
}

}  // namespace

void WriteComparison(const Decoded& before, const Decoded& after,
                     std::optional<double> seconds, const Style& style,
                     TextSink* sink) {
  std::map<std::string_view, FamilyPair> pairs;
  for (const MetricFamily& family : before.families()) {
    pairs[family.header->name].before = &family;
  }
  for (const MetricFamily& family : after.families()) {
    pairs[family.header->name].after = &family;
  }
  TextBuffer buffer(sink);
  bool first = true;
  for (const auto& [name, pair] : pairs) {
    if (!std::exchange(first, false)) buffer.Append("\n");
    Comparison(pair, seconds, style, buffer).Write();
    WriteKeys(before.keys(name), after.keys(name), buffer);
  }
  buffer.Flush();
}

}  // namespace ebpf_exporter
