#include "core/exposition/prometheus_layout.h"

#include <string>
#include <string_view>
#include <vector>

#include "core/exposition/family.h"
#include "core/exposition/number.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Keeps text, and puts numbers in brackets.
class BracketOutput {
 public:
  void Append(std::string_view text) { text_ += text; }
  template <typename Number, typename... Pieces>
  void AppendLine(Number number, Pieces... pieces) {
    char text[kMaxNumberLength];
    (Append(pieces), ...);
    text_ += "[" + std::string(text, number.Write(text)) + "]\n";
  }
  bool ok() const { return true; }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

static_assert(TextOutput<BracketOutput>);
static_assert(!TextOutput<std::string>);

struct Pieces {
  std::string before;
  std::string after;
  std::string all;
};

Pieces PiecesOf(const SeriesText& text) {
  Pieces pieces;
  text.BeforeLabels([&](std::string_view t) { pieces.before += t; });
  text.AfterLabels([&](std::string_view t) { pieces.after += t; });
  text.All([&](std::string_view t) { pieces.all += t; });
  return pieces;
}

TEST(PrometheusLayoutTest, SeriesAreCutAtTheirLabels) {
  Pieces pieces = PiecesOf({"x", "_bucket", "a=\"1\"", "0.5"});
  EXPECT_EQ(pieces.before, "x_bucket{");
  EXPECT_EQ(pieces.after, ",le=\"0.5\"} ");
  EXPECT_EQ(pieces.all, "x_bucket{a=\"1\",le=\"0.5\"} ");
  pieces = PiecesOf({"x", "_bucket", "", "0.5"});
  EXPECT_EQ(pieces.all, "x_bucket{le=\"0.5\"} ");
  pieces = PiecesOf({"x", "_sum", "a=\"1\"", ""});
  EXPECT_EQ(pieces.before, "x_sum{");
  EXPECT_EQ(pieces.after, "} ");
  pieces = PiecesOf({"x", "", "", ""});
  EXPECT_EQ(pieces.all, "x ");
}

TEST(PrometheusLayoutTest, NumbersComeAsNumbers) {
  BracketOutput out;
  PrometheusLayout<BracketOutput> layout(&out);
  layout.Write(PlainFamily{{"x", "h", FamilyType::kGauge},
                           {{"", 0.5}, {"", uint64_t{2}}}});
  layout.WriteSum({"y", "_sum", "", ""}, 4, 1);
  layout.WriteSum({"y", "_sum", "", ""}, 4, 0.25);
  EXPECT_EQ(out.text(),
            "# HELP x h\n# TYPE x gauge\nx [0.5]\nx [2]\n"
            "y_sum [4]\ny_sum [1]\n");
}

}  // namespace
}  // namespace ebpf_exporter
