#include "cmd/exporter/family_book.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr FamilyType kGauge = FamilyType::kGauge;

class FamilyBookTest : public testing::Test {
 protected:
  // Tells samples of the family "f" with one label each.
  void Tell(const std::vector<std::pair<std::string, uint64_t>>& samples) {
    book_.Begin();
    FamilyBook::Family& family = book_.Open("f", "help", kGauge);
    for (const auto& [value, number] : samples) {
      family.Add({{"l", value}}, number);
    }
    book_.Write(families_);
  }

  // "labels number" of each sample of the first family.
  std::vector<std::string> Samples() const {
    std::vector<std::string> lines;
    for (const PlainSample& sample : families_.at(0).samples) {
      lines.push_back(
          absl::StrCat(sample.labels, " ", std::get<uint64_t>(sample.value)));
    }
    return lines;
  }

  FamilyBook book_;
  std::vector<PlainFamily> families_;
};

TEST_F(FamilyBookTest, PutsSamplesInOrder) {
  Tell({{"b", 1}, {"a", 2}, {"ab", 3}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"a\" 2", "l=\"ab\" 3", "l=\"b\" 1"));
}

TEST_F(FamilyBookTest, NumbersChangeWhereLabelsDoNot) {
  Tell({{"b", 1}, {"a", 2}});
  Tell({{"b", 10}, {"a", 20}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"a\" 20", "l=\"b\" 10"));
}

TEST_F(FamilyBookTest, LabelsMayComeGoAndChangePlaces) {
  Tell({{"b", 1}, {"a", 2}});
  Tell({{"b", 1}, {"c", 3}, {"a", 2}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"a\" 2", "l=\"b\" 1", "l=\"c\" 3"));
  Tell({{"c", 4}, {"b", 5}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"b\" 5", "l=\"c\" 4"));
  Tell({{"b", 6}, {"c", 7}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"b\" 6", "l=\"c\" 7"));
  Tell({});
  EXPECT_THAT(Samples(), IsEmpty());
  Tell({{"z", 1}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"z\" 1"));
}

TEST_F(FamilyBookTest, WhatIsSaidTwiceCountsAsItWasSaidFirst) {
  Tell({{"a", 1}, {"b", 2}, {"a", 3}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"a\" 1", "l=\"b\" 2"));
  Tell({{"a", 4}, {"b", 5}, {"a", 6}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"a\" 4", "l=\"b\" 5"));
}

TEST_F(FamilyBookTest, ValuesThatLookAlikeTogetherAreNotTheSame) {
  const auto tell = [this](std::string_view a, std::string_view b) {
    book_.Begin();
    book_.Open("f", "", kGauge).Add({{"a", a}, {"b", b}}, uint64_t{1});
    book_.Write(families_);
  };
  tell("x", "yz");
  tell("xy", "z");
  EXPECT_THAT(Samples(), ElementsAre("a=\"xy\",b=\"z\" 1"));
}

TEST_F(FamilyBookTest, TextIsEscapedAndRepaired) {
  Tell({{"\xff\"", 1}});
  EXPECT_THAT(Samples(), ElementsAre("l=\"\xEF\xBF\xBD"
                                     "ff\\\"\" 1"));
}

TEST_F(FamilyBookTest, FamiliesStandInTheOrderOfNames) {
  for (int round = 0; round < 2; ++round) {
    book_.Begin();
    book_.Open("n", "of n", FamilyType::kCounter).Add({}, 1.5);
    book_.Open("m", "of m", kGauge).Add({}, uint64_t{2});
    book_.Write(families_);
    ASSERT_EQ(families_.size(), 2u);
    EXPECT_EQ(families_[0].header.name, "m");
    EXPECT_EQ(families_[1].header.name, "n");
    EXPECT_EQ(families_[1].header.help, "of n");
    EXPECT_EQ(families_[1].header.type, FamilyType::kCounter);
    ASSERT_EQ(families_[1].samples.size(), 1u);
    EXPECT_EQ(std::get<double>(families_[1].samples[0].value), 1.5);
  }
  book_.Begin();
  book_.Write(families_);
  EXPECT_THAT(families_[1].samples, IsEmpty());
}

}  // namespace
}  // namespace ebpf_exporter
