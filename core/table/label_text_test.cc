#include "core/table/label_text.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Text(const std::vector<std::string>& values) {
  std::string out;
  char name = 'a';
  for (const std::string& value : values) {
    AppendLabel(std::string(1, name++), value, out);
  }
  return out;
}

int Sign(int number) { return (number > 0) - (number < 0); }

TEST(LabelTextTest, EscapesWhatTheFormatWantsEscapedAndNothingElse) {
  EXPECT_EQ(Text({"sda", "read"}), R"(a="sda",b="read")");
  EXPECT_EQ(Text({"x\\y\"z\nw"}), R"(a="x\\y\"z\nw")");
  EXPECT_EQ(Text({"tab\there|}"}), "a=\"tab\there|}\"");
  EXPECT_EQ(Text({""}), R"(a="")");
  EXPECT_EQ(Text({"\n"}), R"(a="\n")");
}

TEST(LabelTextTest, ShorterValuesSortFirst) {
  EXPECT_LT(CompareLabelText(Text({"a", "z"}), Text({"a ", "a"})), 0);
  EXPECT_LT(CompareLabelText(Text({"10"}), Text({"2"})), 0);
  EXPECT_EQ(CompareLabelText(Text({"a", "b"}), Text({"a", "b"})), 0);
  EXPECT_EQ(CompareLabelText("", ""), 0);
}

// The order must be that of the values, whatever escapes they need.
TEST(LabelTextTest, OrderIsThatOfTheValues) {
  std::mt19937 random(7);
  const std::string alphabet = "\"\\\nn !~\t\x01z,=";
  const auto value = [&] {
    std::string out;
    for (size_t n = random() % 5; n > 0; --n) {
      out.push_back(alphabet[random() % alphabet.size()]);
    }
    return out;
  };
  for (int i = 0; i < 50'000; ++i) {
    const std::vector<std::string> a = {value(), value()};
    const std::vector<std::string> b = {random() % 2 ? a[0] : value(), value()};
    const int expected = a < b ? -1 : a == b ? 0 : 1;
    ASSERT_EQ(Sign(CompareLabelText(Text(a), Text(b))), expected)
        << Text(a) << " and " << Text(b);
  }
}

}  // namespace
}  // namespace ebpf_exporter
