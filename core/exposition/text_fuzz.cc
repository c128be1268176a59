// Pages of any families, labels and values read back, through a parser that
// shares nothing with the writer, as what went in: every value to its last
// digit, series of several columns summed, all in canonical order.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/decode/utf8.h"
#include "core/exposition/family.h"
#include "core/exposition/prometheus_text.h"
#include "core/exposition/text_parser.h"
#include "core/histogram/buckets.h"
#include "core/table/column.h"
#include "core/table/label_text.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

// In bytewise order, as the renderer of keys gives them.
constexpr std::string_view kLabelNames[] = {"Z", "_",   "a", "a1",
                                            "b", "le_", "x"};

using Names = std::vector<std::string_view>;
using Values = std::vector<std::string>;  // a label set without its names
using Cells = std::vector<uint64_t>;
using Series = std::map<Values, Cells>;  // canonical order is the map's

struct StringSink {
  std::string text;

  bool Write(std::string_view chunk) {
    text += chunk;
    return true;
  }
};

std::string AnyText(FuzzInput& input) {
  const size_t size = input.Below(24);
  std::string text;
  AppendRepaired(input.Bytes(size), text);
  // Rarely one that does not fit the writer's block.
  if (size == 23 && text[0] == 'L') text.append(70000, 'y');
  return text;
}

Names LabelNames(FuzzInput& input) {
  Names names;
  const uint8_t chosen = input.Byte();
  for (size_t i = 0; i < std::size(kLabelNames); ++i) {
    if ((chosen >> i & 1) != 0) names.push_back(kLabelNames[i]);
  }
  return names;
}

Series AnySeries(FuzzInput& input, size_t labels, size_t width) {
  Series series;
  for (size_t count = input.Below(5); count > 0; --count) {
    Values values(labels);
    for (std::string& value : values) value = AnyText(input);
    Cells& cells = series[values];
    cells.resize(width);
    for (uint64_t& cell : cells) {
      const uint8_t number = input.Byte();
      cell = number == 255 ? input.Number() : number;
    }
  }
  return series;
}

std::string LabelText(const Names& names, const Values& values) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    AppendLabel(names[i], values[i], text);
  }
  return text;
}

// Series in the order of their texts, cells in the map's.
Column ColumnOf(const Names& names, const Series& series) {
  Column column;
  auto order = std::make_shared<SeriesOrder>();
  for (const auto& [values, cells] : series) {
    const std::string text = LabelText(names, values);
    order->series.insert(
        order->series.begin(),
        {order->text.Add(text), static_cast<uint32_t>(text.size()),
         static_cast<uint32_t>(column.cells.size())});
    column.cells.insert(column.cells.end(), cells.begin(), cells.end());
  }
  std::sort(order->series.begin(), order->series.end(),
            [](const SeriesRef& a, const SeriesRef& b) {
              return CompareLabelText(a.text(), b.text()) < 0;
            });
  column.order = std::move(order);
  return column;
}

uint64_t SumOf(uint64_t a, uint64_t b, bool is_signed) {
  if (!is_signed) return a > UINT64_MAX - b ? UINT64_MAX : a + b;
  const __int128 sum =
      __int128{static_cast<int64_t>(a)} + static_cast<int64_t>(b);
  const __int128 least = std::numeric_limits<int64_t>::min();
  const __int128 most = std::numeric_limits<int64_t>::max();
  return static_cast<uint64_t>(
      static_cast<int64_t>(std::min(std::max(sum, least), most)));
}

struct Expected {
  std::string suffix;
  Values values;
  std::string le;
  // As text where it is an integer, to the last digit.
  std::variant<std::string, double> value;
};

// A family and all that a reader should find of it.
struct Family {
  FamilyHeader header;
  Names names;
  std::optional<Buckets> buckets;
  bool is_signed = false;
  std::list<Column> columns;
  PlainFamily plain;
  bool is_plain = false;
  std::vector<Expected> expected;

  MetricFamily Metric() const;
};

MetricFamily Family::Metric() const {
  MetricFamily metric{.header = &header,
                      .buckets = buckets ? &*buckets : nullptr,
                      .is_signed = is_signed,
                      .columns = {}};
  for (const Column& column : columns) metric.columns.push_back(&column);
  return metric;
}

std::optional<Buckets> AnyBuckets(FuzzInput& input) {
  constexpr double kMultipliers[] = {1, 1e-6, 1024, 0.3};
  BucketConfig config;
  config.type = static_cast<BucketType>(input.Below(3));
  config.min = static_cast<int64_t>(input.Below(4));
  config.max = config.min + static_cast<int64_t>(input.Below(5));
  config.multiplier = kMultipliers[input.Below(4)];
  absl::StatusOr<Buckets> buckets = Buckets::Make(config);
  FuzzCheck(buckets.ok(), "good buckets");
  return *std::move(buckets);
}

void ExpectHistogram(Family& family, const Values& values, const Cells& cells) {
  uint64_t count = 0;
  for (size_t slot = 0; slot + 1 < cells.size(); ++slot) {
    count = SumOf(count, cells[slot], false);
    family.expected.push_back({"_bucket", values,
                               std::string(family.buckets->le(slot)),
                               std::to_string(count)});
  }
  family.expected.push_back({"_bucket", values, "+Inf", std::to_string(count)});
  const double multiplier = family.buckets->multiplier();
  Expected sum{"_sum", values, "", std::to_string(cells.back())};
  if (multiplier != 1) {
    sum.value = static_cast<double>(cells.back()) * multiplier;
  }
  family.expected.push_back(std::move(sum));
  family.expected.push_back({"_count", values, "", std::to_string(count)});
}

void FillMetric(FuzzInput& input, Family& family) {
  if (family.header.type == FamilyType::kHistogram) {
    family.buckets = AnyBuckets(input);
  }
  family.is_signed = family.header.type == FamilyType::kGauge && input.Coin();
  const size_t width = family.buckets ? family.buckets->size() + 1 : 1;
  Series sums;
  for (size_t count = 1 + input.Below(3); count > 0; --count) {
    const Series series = AnySeries(input, family.names.size(), width);
    family.columns.push_back(ColumnOf(family.names, series));
    for (const auto& [values, cells] : series) {
      Cells& sum = sums[values];
      sum.resize(width);
      for (size_t i = 0; i < width; ++i) {
        sum[i] = SumOf(sum[i], cells[i], family.is_signed);
      }
    }
  }
  for (const auto& [values, cells] : sums) {
    if (family.buckets) {
      ExpectHistogram(family, values, cells);
      continue;
    }
    const auto number = static_cast<int64_t>(cells[0]);
    family.expected.push_back(
        {"", values, "",
         family.is_signed ? std::to_string(number) : std::to_string(cells[0])});
  }
}

void FillPlain(FuzzInput& input, Family& family) {
  family.is_plain = true;
  family.plain.header = family.header;
  for (const auto& [values, cells] : AnySeries(input, family.names.size(), 1)) {
    PlainSample sample{LabelText(family.names, values), cells[0]};
    Expected expected{"", values, "", std::to_string(cells[0])};
    if (input.Coin()) {
      double number = 0;
      std::memcpy(&number, &cells[0], sizeof(number));
      sample.value = number;
      expected.value = number;
    }
    family.plain.samples.push_back(std::move(sample));
    family.expected.push_back(std::move(expected));
  }
}

void CheckSample(const ParsedSample& found, const Family& family,
                 const Expected& expected) {
  FuzzCheckEqual(found.name, family.header.name + expected.suffix, "name");
  std::vector<std::pair<std::string, std::string>> labels;
  for (size_t i = 0; i < family.names.size(); ++i) {
    labels.emplace_back(family.names[i], expected.values[i]);
  }
  if (!expected.le.empty()) labels.emplace_back("le", expected.le);
  FuzzCheck(found.labels == labels, "labels");
  if (const auto* text = std::get_if<std::string>(&expected.value)) {
    FuzzCheckEqual(found.value, *text, "integer");
    return;
  }
  const double number = std::get<double>(expected.value);
  FuzzCheck(found.number() == number ||
                (std::isnan(found.number()) && std::isnan(number)),
            "double");
}

std::string Unescaped(std::string_view help) {
  std::string text;
  for (size_t i = 0; i < help.size(); ++i) {
    if (help[i] != '\\') {
      text += help[i];
      continue;
    }
    ++i;
    FuzzCheck(i < help.size() && (help[i] == '\\' || help[i] == 'n'),
              "an escape of the help");
    text += help[i] == 'n' ? '\n' : '\\';
  }
  return text;
}

void CheckFamily(const ParsedPage& page, const Family& family) {
  const auto found = page.find(family.header.name);
  FuzzCheck((found == page.end()) == family.expected.empty(),
            "a family without samples, or none");
  if (found == page.end()) return;
  FuzzCheckEqual(Unescaped(found->second.help), family.header.help, "help");
  const std::vector<ParsedSample>& samples = found->second.samples;
  FuzzCheck(samples.size() == family.expected.size(), "number of samples");
  for (size_t i = 0; i < samples.size(); ++i) {
    CheckSample(samples[i], family, family.expected[i]);
  }
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ebpf_exporter;  // NOLINT(google-build-using-namespace)
  FuzzInput input(data, size);
  std::list<Family> families;
  StringSink sink;
  PrometheusTextWriter<StringSink> writer(&sink);
  for (char name = 'a'; name < 'e' && !input.empty(); ++name) {
    Family& family = families.emplace_back();
    family.header.name = std::string("ebpf_exporter_") + name;
    family.header.help = AnyText(input);
    family.header.type = static_cast<FamilyType>(input.Below(3));
    family.names = LabelNames(input);
    if (family.header.type != FamilyType::kHistogram && input.Coin()) {
      FillPlain(input, family);
      writer.Write(family.plain);
    } else {
      FillMetric(input, family);
      writer.Write(family.Metric());
    }
  }
  writer.Finish();
  FuzzCheck(writer.ok(), "the sink took all");
  const absl::StatusOr<ParsedPage> page = ParsePrometheusText(sink.text);
  if (!page.ok()) FuzzCheckEqual(sink.text, "", page.status().message());
  for (const Family& family : families) CheckFamily(*page, family);
  return 0;
}
