#include "core/table/merge.h"

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Values = std::map<std::string, std::vector<uint64_t>>;

// A column with these series, in order.
Column MakeColumn(const Values& values) {
  Column column;
  auto order = std::make_shared<SeriesOrder>();
  for (const auto& [value, cells] : values) {
    std::string text;
    AppendLabel("l", value, text);
    order->series.push_back({order->text.Add(text),
                             static_cast<uint32_t>(text.size()),
                             static_cast<uint32_t>(column.cells.size())});
    column.cells.insert(column.cells.end(), cells.begin(), cells.end());
  }
  column.order = std::move(order);
  return column;
}

std::vector<std::pair<std::string, std::vector<uint64_t>>> Merge(
    const std::vector<const Column*>& columns, size_t width,
    bool is_signed = false) {
  std::vector<std::pair<std::string, std::vector<uint64_t>>> out;
  ForEachSeries(columns, width, is_signed,
                [&](std::string_view text, const uint64_t* cells) {
                  out.emplace_back(text,
                                   std::vector<uint64_t>(cells, cells + width));
                  return true;
                });
  return out;
}

TEST(MergeTest, EqualSeriesAreSummedAndOrderIsKept) {
  const Column a = MakeColumn({{"a", {1, 2}}, {"c", {3, 4}}});
  const Column b = MakeColumn({{"b", {5, 6}}, {"c", {UINT64_MAX, 1}}});
  const auto merged = Merge({&a, &b}, 2);
  ASSERT_EQ(merged.size(), 3u);
  EXPECT_EQ(merged[0].first, "l=\"a\"");
  EXPECT_EQ(merged[1].second, (std::vector<uint64_t>{5, 6}));
  EXPECT_EQ(merged[2].second, (std::vector<uint64_t>{UINT64_MAX, 5}));
}

TEST(MergeTest, SignedCellsAreSummedSigned) {
  const Column a = MakeColumn({{"a", {static_cast<uint64_t>(-5)}}});
  const Column b = MakeColumn({{"a", {3}}});
  EXPECT_EQ(Merge({&a, &b}, 1, true)[0].second[0], static_cast<uint64_t>(-2));
}

TEST(MergeTest, ColumnsWithoutSeriesGiveNone) {
  const Column none;
  EXPECT_TRUE(Merge({&none}, 1).empty());
  EXPECT_TRUE(Merge({&none, &none}, 1).empty());
}

TEST(MergeTest, StopsWhenTheVisitorDoes) {
  const Column a = MakeColumn({{"a", {1}}, {"b", {2}}});
  const Column b = MakeColumn({{"c", {1}}});
  for (const auto& columns :
       {std::vector<const Column*>{&a}, std::vector<const Column*>{&a, &b}}) {
    int visits = 0;
    EXPECT_FALSE(ForEachSeries(columns, 1, false,
                               [&](std::string_view, const uint64_t*) {
                                 ++visits;
                                 return false;
                               }));
    EXPECT_EQ(visits, 1);
  }
}

TEST(MergeTest, AgreesWithAMap) {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    Values total;
    std::vector<Column> columns;
    for (size_t n = 1 + random() % 4; n > 0; --n) {
      Values values;
      for (size_t i = random() % 6; i > 0; --i) {
        values[std::string(1, static_cast<char>('a' + random() % 6))] = {
            random(), random()};
      }
      for (const auto& [value, cells] : values) {
        std::string text;
        AppendLabel("l", value, text);
        std::vector<uint64_t>& sum = total[text];
        sum.resize(2);
        for (size_t i = 0; i < 2; ++i) sum[i] += cells[i];
      }
      columns.push_back(MakeColumn(values));
    }
    std::vector<const Column*> pointers;
    for (const Column& column : columns) pointers.push_back(&column);
    const auto merged = Merge(pointers, 2);
    ASSERT_TRUE(std::equal(merged.begin(), merged.end(), total.begin(),
                           total.end(), [](const auto& a, const auto& b) {
                             return a.first == b.first && a.second == b.second;
                           }));
  }
}

}  // namespace
}  // namespace ebpf_exporter
