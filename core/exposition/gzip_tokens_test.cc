#include "core/exposition/gzip_tokens.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_row.h"
#include "core/exposition/gzip_rows.h"
#include "core/table/column.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using OrderPtr = GzipTokens::OrderPtr;

// Texts that all orders of a test share, as those of one table do.
class Texts {
 public:
  OrderPtr Order(const std::vector<std::string>& keys) {
    auto order = std::make_shared<SeriesOrder>();
    for (const std::string& key : keys) {
      const std::string text = "key=\"" + key + "\"";
      const auto [place, added] = places_.try_emplace(key, nullptr);
      if (added) place->second = arena_.Add(text);
      order->series.push_back({place->second,
                               static_cast<uint32_t>(text.size()),
                               static_cast<uint32_t>(order->series.size())});
    }
    order->text = arena_;
    return order;
  }

 private:
  TextArena arena_;
  std::map<std::string, const char*> places_;
};

// All rows of tokens, as they lie in memory.
std::vector<std::string> RowsOf(const GzipTokens& tokens) {
  std::vector<std::string> rows;
  for (GzipRows::Cursor cursor(&tokens.rows()); !cursor.done(); cursor.Next()) {
    rows.emplace_back(cursor.row(), SkipRow(cursor.row()));
  }
  return rows;
}

std::shared_ptr<const GzipTokens> Build(const OrderPtr& order,
                                        const GzipTokens* old = nullptr) {
  return GzipTokens::Build(order, "x_total", nullptr, old);
}

TEST(GzipTokensTest, ARowASeriesTheFirstNotCoded) {
  const auto tokens = Build(Texts().Order({"10", "11", "2"}));
  const std::vector<std::string> rows = RowsOf(*tokens);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(tokens->coded(), 2u);
  EXPECT_EQ(ReadRowHead(rows[0].data()).size, 0u);
  constexpr std::string_view kUnit = "\nx_total{key=\"11\"} ";
  EXPECT_EQ(ReadRowHead(rows[1].data()).size, kUnit.size());
  EXPECT_EQ(ReadRowHead(rows[1].data()).crc, GzipCrc::Get().Append(0, kUnit));
}

struct Change {
  std::vector<std::string> before;
  std::vector<std::string> after;
  size_t coded;  // of the rows after
};

TEST(GzipTokensTest, OnlyWhatStandsElsewhereIsCodedAnew) {
  const std::vector<Change> changes = {
      {{"a", "b", "c"}, {"a", "b", "c"}, 0},
      {{"a", "b", "c"}, {"a", "b", "bb", "c"}, 2},
      {{"a", "b", "c"}, {"a", "c"}, 1},
      {{"a", "b", "c", "d"}, {"b", "c", "d"}, 0},
      {{"b", "c"}, {"a", "b", "c"}, 1},
      {{"a", "b"}, {"a", "b", "c", "d"}, 2},
      {{"a", "b", "c", "d"}, {"a"}, 0},
      {{"a", "c", "e"}, {"b", "d", "f"}, 2},
      {{}, {"a", "b"}, 1},
      {{"a", "b"}, {}, 0},
  };
  for (const Change& change : changes) {
    for (const bool same_texts : {true, false}) {
      Texts texts;
      const auto old = Build(texts.Order(change.before));
      if (!same_texts) texts = Texts();
      const OrderPtr order = texts.Order(change.after);
      const auto tokens = Build(order, old.get());
      EXPECT_EQ(tokens->coded(), change.coded)
          << change.before.size() << " " << change.after.size();
      const std::vector<std::string> fresh = RowsOf(*Build(order));
      const std::vector<std::string> rows = RowsOf(*tokens);
      ASSERT_EQ(rows.size(), fresh.size());
      // The first series is known to have nothing before it.
      for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i], fresh[i]);
    }
  }
}

TEST(GzipTokensTest, OfAnotherFamilyAreNotTakenOver) {
  Texts texts;
  const OrderPtr order = texts.Order({"a", "b", "c"});
  const auto old = Build(order);
  EXPECT_EQ(GzipTokens::Build(order, "y_total", nullptr, old.get())->coded(),
            2u);
  EXPECT_TRUE(old->Fit(order, "x_total", nullptr));
  EXPECT_FALSE(old->Fit(order, "y_total", nullptr));
  EXPECT_FALSE(old->Fit(texts.Order({"a", "b", "c"}), "x_total", nullptr));
  const Buckets buckets = *Buckets::Make(BucketConfig{});
  EXPECT_FALSE(old->Fit(order, "x_total", &buckets));
}

TEST(GzipTokensTest, KeepTheOrderAlive) {
  auto order = Texts().Order({"a", "b"});
  const std::weak_ptr<const SeriesOrder> watch = order;
  auto tokens = Build(order);
  order.reset();
  EXPECT_FALSE(watch.expired());
  tokens.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(GzipTokensTest, TakeFewBytesASeries) {
  std::vector<std::string> keys;
  for (int i = 0; i < 50'000; ++i) keys.push_back(std::to_string(100'000 + i));
  EXPECT_LT(Build(Texts().Order(keys))->bytes(), keys.size() * 24);
}

TEST(GzipTokensTest, LongSeriesAreNotCoded) {
  const std::string longest(5'000, 'b');
  const auto tokens = Build(Texts().Order({"a", longest, "c", "d"}));
  const std::vector<std::string> rows = RowsOf(*tokens);
  EXPECT_EQ(ReadRowHead(rows[1].data()).size, 0u);
  EXPECT_EQ(ReadRowHead(rows[2].data()).size, 0u);
  EXPECT_GT(ReadRowHead(rows[3].data()).size, 0u);
}

TEST(GzipTokensTest, HistogramsHaveATableForEachSizeOfLabels) {
  const Buckets buckets = *Buckets::Make(BucketConfig{});
  const auto tokens = GzipTokens::Build(Texts().Order({"a", "b", "cc"}), "y",
                                        &buckets, nullptr);
  EXPECT_EQ(ReadRowHead(RowsOf(*tokens)[1].data()).crc,
            GzipCrc::Get().Append(0, "key=\"b\""));
  EXPECT_TRUE(tokens->histogram(7).coded());
  EXPECT_NE(&tokens->histogram(7), &tokens->histogram(8));
}

}  // namespace
}  // namespace ebpf_exporter
