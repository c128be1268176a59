#include "core/table/sort_series.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/table/label_text.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Text(const std::vector<std::string>& values) {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    AppendLabel("label" + std::to_string(i), values[i], text);
  }
  return text;
}

std::vector<std::string> Sorted(const std::vector<std::string>& texts) {
  std::vector<SeriesRef> series;
  for (const std::string& text : texts) {
    const auto cell = static_cast<uint32_t>(series.size());
    series.push_back({text.data(), static_cast<uint32_t>(text.size()), cell});
  }
  SortSeries(series);
  std::vector<std::string> sorted;
  for (const SeriesRef& one : series) {
    EXPECT_EQ(one.text(), texts[one.cell]);  // moved whole
    sorted.emplace_back(one.text());
  }
  return sorted;
}

TEST(SortSeriesTest, NoneAndOne) {
  EXPECT_TRUE(Sorted({}).empty());
  EXPECT_EQ(Sorted({""}), std::vector<std::string>{""});
}

TEST(SortSeriesTest, AValueThatEndsComesFirst) {
  const std::vector<std::string> sorted = {
      Text({"", "z"}),   Text({"a", "z"}),        Text({"a!", "b"}),
      Text({"aa", "a"}), Text({"aaaaaaaa", "b"}), Text({"aaaaaaaaa", "a"})};
  std::vector<std::string> texts(sorted.rbegin(), sorted.rend());
  EXPECT_EQ(Sorted(texts), sorted);
}

TEST(SortSeriesTest, EscapedBytesSortAsWhatTheyMean) {
  const std::vector<std::string> sorted = {Text({std::string(1, '\0')}),
                                           Text({"\n"}),
                                           Text({"!"}),
                                           Text({"\""}),
                                           Text({"#"}),
                                           Text({"[a"}),
                                           Text({"\\n"}),
                                           Text({"]"}),
                                           Text({"\xf4\x8f\xbf\xbf"})};
  std::vector<std::string> texts(sorted.rbegin(), sorted.rend());
  EXPECT_EQ(Sorted(texts), sorted);
}

TEST(SortSeriesTest, AgreesWithCompareLabelText) {
  std::mt19937 random(23);
  const std::string alphabet("ab\"\\\n\0n}, ", 10);
  for (int round = 0; round < 2000; ++round) {
    const size_t labels = 1 + random() % 3;
    const std::string prefix(random() % 20, 'p');
    std::vector<std::string> texts;
    for (size_t count = random() % 40; count > 0; --count) {
      std::vector<std::string> values(labels);
      for (std::string& value : values) {
        if (random() % 2 == 0) value = prefix;
        for (size_t size = random() % 12; size > 0; --size) {
          value += alphabet[random() % alphabet.size()];
        }
      }
      texts.push_back(Text(values));
    }
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    std::vector<std::string> expected = texts;
    std::sort(expected.begin(), expected.end(),
              [](const std::string& a, const std::string& b) {
                return CompareLabelText(a, b) < 0;
              });
    std::shuffle(texts.begin(), texts.end(), random);
    ASSERT_EQ(Sorted(texts), expected);
  }
}

}  // namespace
}  // namespace ebpf_exporter
