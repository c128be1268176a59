// Every rule of keys, values and series, a row each: a metric as it is written
// in a configuration, the entries of its map, and the lines that come of them,
// or why the layout is refused.

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/read_config.h"
#include "core/decode/decoders.h"
#include "core/dump/entry_batch.h"
#include "core/histogram/buckets.h"
#include "core/layout/build_layout.h"
#include "core/layout/shape.h"
#include "core/table/key_renderer.h"
#include "core/table/metric_table.h"
#include "core/table/series_budget.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;

using Entries = std::vector<std::pair<std::string, std::string>>;

struct Rule {
  std::string_view rule;
  std::string metric;  // as below `metrics:`, in braces
  MapShape map;
  Entries entries;  // key and value as bytes; values of all CPUs in a row
  std::string series;
};

template <typename Integer>
std::string Bytes(Integer value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

std::string U64(uint64_t value) { return Bytes(value); }
std::string U32(uint32_t value) { return Bytes(value); }

MapShape Map(uint32_t key_size, uint32_t value_size,
             MapType type = MapType::kHash) {
  MapShape map;
  map.name = "m";
  map.type = type;
  map.key_size = key_size;
  map.value_size = value_size;
  map.max_entries = 1;
  return map;
}

MapShape PerCpu(uint32_t key_size, uint32_t value_size) {
  return Map(key_size, value_size, MapType::kPerCpuHash);
}

std::string Metric(std::string_view kind, std::string_view more) {
  return absl::StrCat(kind, ": [{name: x, help: h, table: m, ", more, "}]");
}

std::string Counter(std::string_view more) { return Metric("counters", more); }
std::string Gauge(std::string_view more) { return Metric("gauges", more); }
std::string Histogram(std::string_view more) {
  return Metric("histograms", more);
}

std::string Labels(std::string_view labels) {
  return absl::StrCat("labels: [", labels, "]");
}

std::string Label(std::string_view name, int size, std::string_view decoder) {
  return absl::StrCat("{name: ", name, ", size: ", size,
                      ", decoders: [{name: ", decoder, "}]}");
}

// A table over one metric, walked as often as a test likes.
class Subject {
 public:
  Subject(const MetricConfig& metric, MapShape map);

  // Why there is no table; empty when there is one.
  const std::string& error() const { return error_; }
  // A line for each series: its labels, then its numbers.
  std::string Walk(const Entries& entries);
  std::string Errors() const;

 private:
  using Table = MetricTable<KeyRenderer<AnyDecoder>>;

  const MapShape map_;
  SeriesBudget budget_{1000};
  std::optional<Table> table_;
  bool is_signed_ = false;
  std::string error_;
};

Subject::Subject(const MetricConfig& metric, MapShape map)
    : map_(std::move(map)) {
  const LayoutResult built = BuildLayout(metric, map_, "t.yaml", "p");
  if (!built.layout) {
    // Pictures of structs below the first line are the layout's own tests'.
    const std::string& message = built.findings.at(0).message;
    error_ = absl::StrCat("refused: ", message.substr(0, message.find('\n')));
    return;
  }
  std::vector<KeyLabel<AnyDecoder>> labels;
  for (size_t i = 0; i < built.layout->labels.size(); ++i) {
    labels.push_back({.name = metric.labels[i].name,
                      .bytes = built.layout->labels[i],
                      .pipeline = *MakePipeline(metric.labels[i], {},
                                                RegexpMode::kKeepInput)});
  }
  TableSpec spec{.layout = *built.layout, .buckets = {}};
  if (metric.kind == MetricKind::kHistogram) {
    spec.buckets = *Buckets::Make(metric.buckets);
  }
  is_signed_ = built.layout->value.is_signed;
  table_.emplace(std::move(spec), KeyRenderer<AnyDecoder>(std::move(labels)),
                 &budget_);
}

std::string Subject::Walk(const Entries& entries) {
  std::string keys;
  std::string values;
  for (const auto& [key, value] : entries) {
    EXPECT_EQ(key.size(), map_.key_size);
    keys += key;
    values += value;
  }
  EntryBatch batch;
  batch.count = entries.size();
  batch.key_size = map_.key_size;
  batch.value_size = map_.value_size;
  batch.value_stride =
      IsPerCpu(map_.type) ? (map_.value_size + 7) / 8 * 8 : map_.value_size;
  if (!entries.empty()) {
    batch.cpus =
        static_cast<uint32_t>(entries[0].second.size() / batch.value_stride);
  }
  batch.keys = reinterpret_cast<const std::byte*>(keys.data());
  batch.values = reinterpret_cast<const std::byte*>(values.data());
  table_->BeginWalk({}, kNoSource);
  table_->Take(batch);
  const Column column = table_->EndWalk(/*complete=*/true);
  std::string text;
  if (column.order == nullptr) return text;
  const Buckets* buckets = table_->buckets();
  const size_t width = buckets == nullptr ? 1 : buckets->size() + 1;
  for (const SeriesRef& series : column.order->series) {
    absl::StrAppend(&text, "{", series.text(), "}");
    for (size_t i = 0; i < width; ++i) {
      const uint64_t cell = column.cells[series.cell + i];
      absl::StrAppend(&text, " ");
      if (is_signed_) {
        absl::StrAppend(&text, static_cast<int64_t>(cell));
      } else {
        absl::StrAppend(&text, cell);
      }
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

std::string Subject::Errors() const {
  std::string text;
  for (const DecodeErrors& one : table_->errors()) {
    absl::StrAppend(&text, one.reason, ":", one.count, " ");
  }
  return text;
}

MetricConfig Read(std::string_view metric) {
  const ParsedConfig parsed = ReadConfig(
      absl::StrCat("programs: [{name: p, object: o, metrics: {", metric, "}}]"),
      "t.yaml");
  for (const Finding& finding : parsed.findings) {
    EXPECT_NE(finding.severity, Severity::kError) << ToString(finding);
  }
  return parsed.config.programs.at(0).metrics.at(0);
}

void Expect(const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) {
    SCOPED_TRACE(rule.rule);
    Subject subject(Read(rule.metric), rule.map);
    const std::string found =
        subject.error().empty() ? subject.Walk(rule.entries) : subject.error();
    EXPECT_EQ(found, rule.series);
  }
}

TEST(TableRulesTest, Keys) {
  const std::string op = Label("op", 4, "uint");
  const std::string comm = Label("comm", 4, "string");
  Expect({
      {"labels lie one behind the other",
       Counter(Labels(comm + "," + op)),
       Map(8, 8),
       {{"cat\0"s + U32(7), U64(1)}},
       "{comm=\"cat\",op=\"7\"} 1\n"},
      {"they are written in the order of their names",
       Counter(Labels(Label("z", 1, "uint") + "," + Label("a", 1, "uint"))),
       Map(2, 8),
       {{"\1\2", U64(1)}},
       "{a=\"2\",z=\"1\"} 1\n"},
      {"padding is not looked at",
       Counter(Labels("{name: op, size: 1, padding: 3, "
                      "decoders: [{name: uint}]}")),
       Map(4, 8),
       {{"\1\0\0\0"s, U64(1)}, {"\1xyz", U64(2)}},
       "{op=\"1\"} 3\n"},
      {"a key longer than its labels",
       Counter(Labels(op)),
       Map(8, 8),
       {},
       "refused: metric \"x\": label sizes add up to 4 bytes, but the key of "
       "map \"m\" has 8:"},
      {"a key shorter than its labels",
       Counter(Labels(op)),
       Map(2, 8),
       {},
       "refused: metric \"x\": label sizes add up to 4 bytes, but the key of "
       "map \"m\" has 2:"},
      {"no labels: a key of four bytes is one series",
       Counter(""),
       Map(4, 8),
       {{U32(0), U64(5)}},
       "{} 5\n"},
      {"no labels: another key is a mistake",
       Counter(""),
       Map(8, 8),
       {},
       "refused: metric \"x\": the metric has no labels, but the key of map "
       "\"m\" has 8:"},
      {"no labels: all entries are one series",
       Counter(""),
       Map(4, 8),
       {{U32(0), U64(5)}, {U32(1), U64(6)}},
       "{} 11\n"},
  });
}

TEST(TableRulesTest, LabelValues) {
  const std::string comm = Counter(Labels(Label("c", 8, "string")));
  const std::string two =
      Counter(Labels(Label("a", 3, "string") + "," + Label("b", 3, "string")));
  Expect({
      {"quotes, backslashes and newlines are escaped",
       comm,
       Map(8, 8),
       {{"\"\\\n}\t\0\0\0"s, U64(1)}},
       "{c=\"\\\"\\\\\\n}\t\"} 1\n"},
      {"a byte that is no text shows its digits",
       comm,
       Map(8, 8),
       {{"a\xff\0\0\0\0\0\0"s, U64(1)}},
       "{c=\"a\xef\xbf\xbd"
       "ff\"} 1\n"},
      {"half a character at the end too",
       comm,
       Map(8, 8),
       {{"abcdef\xe2\x82", U64(1)}},
       "{c=\"abcdef\xef\xbf\xbd"
       "e2\xef\xbf\xbd"
       "82\"} 1\n"},
      {"overlong forms are no text",
       comm,
       Map(8, 8),
       {{"\xc0\xaf\0\0\0\0\0\0"s, U64(1)}},
       "{c=\"\xef\xbf\xbd"
       "c0\xef\xbf\xbd"
       "af\"} 1\n"},
      {"nor are surrogates",
       comm,
       Map(8, 8),
       {{"\xed\xa0\x80\0\0\0\0\0"s, U64(1)}},
       "{c=\"\xef\xbf\xbd"
       "ed\xef\xbf\xbd"
       "a0\xef\xbf\xbd"
       "80\"} 1\n"},
      {"different bytes stay different series",
       comm,
       Map(8, 8),
       {{"\xff\0\0\0\0\0\0\0"s, U64(1)}, {"\xfe\0\0\0\0\0\0\0"s, U64(2)}},
       "{c=\"\xef\xbf\xbd"
       "fe\"} 2\n{c=\"\xef\xbf\xbd"
       "ff\"} 1\n"},
      {"a label of NULs is empty",
       comm,
       Map(8, 8),
       {{std::string(8, '\0'), U64(1)}},
       "{c=\"\"} 1\n"},
      {"| separates nothing",
       two,
       Map(6, 8),
       {{"a|b"
         "c\0\0"s,
         U64(1)},
        {"a\0\0"
         "b|c"s,
         U64(2)}},
       "{a=\"a\",b=\"b|c\"} 2\n{a=\"a|b\",b=\"c\"} 1\n"},
      {"nor do unit separators and 0xff",
       two,
       Map(6, 8),
       {{"a\x1f"
         "b"
         "c\0\0"s,
         U64(1)},
        {"a\0\0"
         "b\x1f"
         "c"s,
         U64(2)},
        {"a\xff\0"
         "b\0\0"s,
         U64(4)},
        {"a\0\0"
         "\xff"
         "b\0"s,
         U64(8)}},
       "{a=\"a\",b=\"b\x1f"
       "c\"} 2\n"
       "{a=\"a\",b=\"\xef\xbf\xbd"
       "ffb\"} 8\n"
       "{a=\"a\x1f"
       "b\",b=\"c\"} 1\n"
       "{a=\"a\xef\xbf\xbd"
       "ff\",b=\"b\"} 4\n"},
      {"series stand in the bytewise order of their values",
       Counter(Labels(Label("n", 4, "uint"))),
       Map(4, 8),
       {{U32(2), U64(1)}, {U32(10), U64(1)}, {U32(1), U64(1)}},
       "{n=\"1\"} 1\n{n=\"10\"} 1\n{n=\"2\"} 1\n"},
  });
}

TEST(TableRulesTest, Values) {
  const std::string n = Labels(Label("n", 4, "uint"));
  const auto place = [&n](int offset, int size, std::string_view sign) {
    return absl::StrCat(n, ", value: {offset: ", offset, ", size: ", size,
                        ", signed: ", sign, "}");
  };
  Expect({
      {"a u64 in the host's order",
       Counter(n),
       Map(4, 8),
       {{U32(1), U64(258)}},
       "{n=\"1\"} 258\n"},
      {"to the last digit beyond 2^53",
       Counter(n),
       Map(4, 8),
       {{U32(1), U64((uint64_t{1} << 53) + 1)}},
       "{n=\"1\"} 9007199254740993\n"},
      {"up to the largest",
       Counter(n),
       Map(4, 8),
       {{U32(1), U64(UINT64_MAX)}},
       "{n=\"1\"} 18446744073709551615\n"},
      {"another size needs its place",
       Counter(n),
       Map(4, 4),
       {},
       "refused: metric \"x\": the value of map \"m\" has 4 bytes, and without "
       "BTF only one unsigned number of 8 is known: say where the number is, "
       "such as `value: {offset: 0, size: 4}`"},
      {"so does a struct",
       Counter(n),
       Map(4, 4096),
       {},
       "refused: metric \"x\": the value of map \"m\" has 4096 bytes, and "
       "without BTF only one unsigned number of 8 is known: say where the "
       "number is, such as `value: {offset: 0, size: 8}`"},
      {"four bytes",
       Counter(place(0, 4, "false")),
       Map(4, 4),
       {{U32(1), U32(0xfffffffe)}},
       "{n=\"1\"} 4294967294\n"},
      {"two bytes inside",
       Counter(place(4, 2, "false")),
       Map(4, 8),
       {{U32(1), U32(UINT32_MAX) + "\2\1zz"}},
       "{n=\"1\"} 258\n"},
      {"a byte at the end",
       Counter(place(7, 1, "false")),
       Map(4, 8),
       {{U32(1), "xxxxxxx\xfe"}},
       "{n=\"1\"} 254\n"},
      {"a gauge may be below zero",
       Gauge(place(0, 8, "true")),
       Map(4, 8),
       {{U32(1), Bytes(int64_t{-7})}},
       "{n=\"1\"} -7\n"},
      {"also in four bytes",
       Gauge(place(0, 4, "true")),
       Map(4, 4),
       {{U32(1), Bytes(int32_t{-7})}},
       "{n=\"1\"} -7\n"},
      {"a number beyond the value",
       Counter(place(4, 8, "false")),
       Map(4, 8),
       {},
       "refused: metric \"x\": `value` covers bytes 4-11, but the value of map "
       "\"m\" has 8 bytes"},
      {"no entries, no series", Counter(n), Map(4, 8), {}, ""},
      {"zeros of an array are series",
       Counter(n),
       Map(4, 8, MapType::kArray),
       {{U32(0), U64(0)}, {U32(1), U64(3)}},
       "{n=\"0\"} 0\n{n=\"1\"} 3\n"},
  });
}

TEST(TableRulesTest, Cpus) {
  const std::string n = Labels(Label("n", 4, "uint"));
  const std::string signed_n =
      absl::StrCat(n, ", value: {offset: 0, size: 8, signed: true}");
  Expect({
      {"values of all CPUs are summed",
       Counter(n),
       PerCpu(4, 8),
       {{U32(1), U64(1) + U64(20) + U64(300)}},
       "{n=\"1\"} 321\n"},
      {"a CPU that saw nothing adds nothing",
       Counter(n),
       PerCpu(4, 8),
       {{U32(1), U64(0) + U64(0)}},
       "{n=\"1\"} 0\n"},
      {"sums stay at the top",
       Counter(n),
       PerCpu(4, 8),
       {{U32(1), U64(UINT64_MAX) + U64(2)}},
       "{n=\"1\"} 18446744073709551615\n"},
      {"small values lie eight bytes apart",
       Counter(absl::StrCat(n, ", value: {offset: 0, size: 4}")),
       PerCpu(4, 4),
       {{U32(1), U32(1) + "junk" + U32(2) + "junk"}},
       "{n=\"1\"} 3\n"},
      {"signed values are summed as such",
       Gauge(signed_n),
       PerCpu(4, 8),
       {{U32(1), Bytes(int64_t{-5}) + U64(3)}},
       "{n=\"1\"} -2\n"},
      {"and stay at the bottom",
       Gauge(signed_n),
       PerCpu(4, 8),
       {{U32(1), Bytes(INT64_MIN) + Bytes(int64_t{-1})}},
       "{n=\"1\"} -9223372036854775808\n"},
      {"512 CPUs",
       Counter(n),
       PerCpu(4, 8),
       {{U32(1),
         [] {
           std::string all;
           for (int cpu = 0; cpu < 512; ++cpu) all += U64(2);
           return all;
         }()}},
       "{n=\"1\"} 1024\n"},
  });
}

TEST(TableRulesTest, Aggregation) {
  const std::string c = Labels(Label("c", 4, "string"));
  const std::string filtered = Labels(
      "{name: c, size: 4, decoders: [{name: string}, {name: regexp, regexps: "
      "[\"^a\"]}]}");
  Expect({
      {"entries with equal labels are summed",
       Counter(c),
       Map(4, 8),
       {{"a\0xy"s, U64(1)}, {"a\0yz"s, U64(2)}, {"b\0\0\0"s, U64(4)}},
       "{c=\"a\"} 3\n{c=\"b\"} 4\n"},
      {"their sum stays at the top",
       Counter(c),
       Map(4, 8),
       {{"a\0xy"s, U64(UINT64_MAX)}, {"a\0yz"s, U64(2)}},
       "{c=\"a\"} 18446744073709551615\n"},
      {"over CPUs and entries alike",
       Counter(c),
       PerCpu(4, 8),
       {{"a\0xy"s, U64(1) + U64(2)}, {"a\0yz"s, U64(4) + U64(8)}},
       "{c=\"a\"} 15\n"},
      {"a key that a walk meets twice counts once",
       Counter(c),
       Map(4, 8),
       {{"a\0\0\0"s, U64(1)}, {"b\0\0\0"s, U64(2)}, {"a\0\0\0"s, U64(9)}},
       "{c=\"a\"} 1\n{c=\"b\"} 2\n"},
      {"a skipped entry goes alone",
       Counter(filtered),
       Map(4, 8),
       {{"ab\0\0"s, U64(1)}, {"b\0\0\0"s, U64(2)}},
       "{c=\"ab\"} 1\n"},
      {"gauges are summed too",
       Gauge(c),
       Map(4, 8),
       {{"a\0xy"s, U64(1)}, {"a\0yz"s, U64(2)}},
       "{c=\"a\"} 3\n"},
  });
}

TEST(TableRulesTest, Histograms) {
  const std::string buckets = "bucket_type: exp2, bucket_min: 0, bucket_max: 2";
  const std::string linear = "bucket_type: linear, bucket_max: 1";
  const std::string slot = Label("slot", 4, "uint");
  const std::string h = Histogram(absl::StrCat(
      buckets, ", ", Labels(Label("d", 2, "string") + "," + slot)));
  const auto slots = [&buckets](int count) {
    return Histogram(
        absl::StrCat(buckets, ", ", Labels(Label("d", 2, "string")),
                     ", slots: {offset: 0, size: 4, count: ", count, "}"));
  };
  // Numbers of a line: the three slots, then the sum.
  Expect({
      {"the last label is the bucket, the others the series",
       h,
       Map(6, 8),
       {{"a\0"s + U32(0), U64(1)},
        {"b\0"s + U32(2), U64(2)},
        {"a\0"s + U32(1), U64(4)}},
       "{d=\"a\"} 1 4 0 0\n{d=\"b\"} 0 0 2 0\n"},
      {"the key behind the last is the sum",
       h,
       Map(6, 8),
       {{"a\0"s + U32(2), U64(1)}, {"a\0"s + U32(3), U64(50)}},
       "{d=\"a\"} 0 0 1 50\n"},
      {"the sum alone brings all buckets",
       h,
       Map(6, 8),
       {{"a\0"s + U32(3), U64(50)}},
       "{d=\"a\"} 0 0 0 50\n"},
      {"keys outside count nowhere",
       h,
       Map(6, 8),
       {{"a\0"s + U32(1), U64(1)},
        {"a\0"s + U32(4), U64(9)},
        {"a\0"s + U32(UINT32_MAX), U64(9)}},
       "{d=\"a\"} 0 1 0 0\n"},
      {"no entries, no series", h, Map(6, 8), {}, ""},
      {"entries that decode alike add up by bucket",
       h,
       Map(6, 8),
       {{"\0x"s + U32(1), U64(1)},
        {"\0y"s + U32(1), U64(2)},
        {"\0y"s + U32(2), U64(4)}},
       "{d=\"\"} 0 3 4 0\n"},
      {"slots of all CPUs add up",
       h,
       PerCpu(6, 8),
       {{"a\0"s + U32(1), U64(1) + U64(2)}, {"a\0"s + U32(3), U64(9) + U64(8)}},
       "{d=\"a\"} 0 3 0 17\n"},
      {"the bucket alone may be the key",
       Histogram(absl::StrCat(buckets, ", ", Labels(slot))),
       Map(4, 8),
       {{U32(1), U64(7)}},
       "{} 0 7 0 0\n"},
      {"a bucket of one byte",
       Histogram(absl::StrCat(linear, ", ", Labels(Label("s", 1, "uint")))),
       Map(1, 8),
       {{"\1", U64(7)}},
       "{} 0 7 0\n"},
      {"a bucket of eight bytes beyond 2^63",
       Histogram(absl::StrCat(linear, ", ", Labels(Label("s", 8, "uint")))),
       Map(8, 8),
       {{U64(1), U64(7)}, {U64(UINT64_MAX), U64(9)}},
       "{} 0 7 0\n"},
      {"a bucket that is no integer's size",
       Histogram(absl::StrCat(linear, ", ", Labels(Label("s", 3, "uint")))),
       Map(3, 8),
       {},
       "refused: metric \"x\": label \"s\" (key bytes 0-2): uint reads 1, 2, 4 "
       "or 8 bytes, not 3: if the integer has 2 and the rest is padding, say "
       "`size: 2` and `padding: 1`"},
      {"slots in the value, the sum behind them",
       slots(4),
       Map(2, 16),
       {{"a\0"s, U32(1) + U32(2) + U32(3) + U32(50)}},
       "{d=\"a\"} 1 2 3 50\n"},
      {"without a place for it the sum is 0",
       slots(3),
       Map(2, 16),
       {{"a\0"s, U32(1) + U32(2) + U32(3) + U32(50)}},
       "{d=\"a\"} 1 2 3 0\n"},
      {"slots behind the sum are not read",
       slots(5),
       Map(2, 20),
       {{"a\0"s, U32(1) + U32(2) + U32(3) + U32(50) + U32(9)}},
       "{d=\"a\"} 1 2 3 50\n"},
      {"fewer slots than buckets",
       slots(2),
       Map(2, 8),
       {},
       "refused: metric \"x\": the histogram has 3 buckets, but `slots` has 2 "
       "elements: set `bucket_max: 1`, or give the array 4 (one for each "
       "bucket "
       "and one for the sum)"},
      {"slots of all CPUs",
       slots(4),
       PerCpu(2, 16),
       {{"a\0"s, U32(1) + U32(0) + U32(3) + U32(5) + U32(10) + U32(20) +
                     U32(30) + U32(50)}},
       "{d=\"a\"} 11 20 33 55\n"},
  });
}

TEST(TableRulesTest, AnUndecodableEntryCostsItselfAlone) {
  Subject subject(Read(Counter(Labels("{name: n, size: 4, decoders: [{name: "
                                      "string}, {name: uint}]}"))),
                  Map(4, 8));
  const Entries entries = {
      {"1\0\0\0"s, U64(1)}, {"abc\0"s, U64(2)}, {"abcd", U64(4)}};
  for (int walk = 0; walk < 2; ++walk) {
    EXPECT_EQ(subject.Walk(entries), "{n=\"1684234849\"} 4\n{n=\"49\"} 1\n");
    EXPECT_EQ(subject.Errors(), "uint_wrong_size:1 ");
  }
}

// A map is mirrored as it is, whatever the metric calls itself.
TEST(TableRulesTest, NumbersMayFallAndEntriesGo) {
  Subject counter(Read(Counter(Labels(Label("n", 1, "uint")))), Map(1, 8));
  EXPECT_EQ(counter.Walk({{"\1", U64(9)}, {"\2", U64(1)}}),
            "{n=\"1\"} 9\n{n=\"2\"} 1\n");
  EXPECT_EQ(counter.Walk({{"\1", U64(4)}}), "{n=\"1\"} 4\n");
  EXPECT_EQ(counter.Walk({}), "");
  Subject histogram(
      Read(Histogram(absl::StrCat("bucket_type: linear, bucket_max: 1, ",
                                  Labels(Label("s", 1, "uint"))))),
      Map(1, 8));
  EXPECT_EQ(histogram.Walk({{"\0"s, U64(9)}, {"\1", U64(1)}, {"\2", U64(70)}}),
            "{} 9 1 70\n");
  EXPECT_EQ(histogram.Walk({{"\0"s, U64(3)}, {"\2", U64(60)}}), "{} 3 0 60\n");
}

}  // namespace
}  // namespace ebpf_exporter
