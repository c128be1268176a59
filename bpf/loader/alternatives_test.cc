#include "bpf/loader/alternatives.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A group of two choices, the second of two functions, and one of one choice.
std::vector<OneOfConfig> Groups() {
  return {{{{"folio"}, {"page_in", "page_out"}}, {}}, {{{"extra"}}, {}}};
}

AttachPlan Plan(const std::vector<std::string>& functions) {
  AttachPlan plan;
  for (const std::string& function : functions) {
    plan.push_back({function, "", HookKind::kSection, {}});
  }
  return plan;
}

std::vector<std::string> Names(const AttachPlan& plan) {
  std::vector<std::string> names;
  for (const PlannedProgram& program : plan) names.push_back(program.function);
  return names;
}

bool RuleOut(Alternatives& alternatives, const std::set<std::string>& broken) {
  return alternatives.RuleOut([&](std::string_view function) {
    return !broken.contains(std::string(function));
  });
}

std::vector<std::string> Text(const Failures& failures) {
  std::vector<std::string> text;
  for (const LoadFailure& failure : failures.list()) {
    text.push_back(absl::StrCat(failure.function, " ", failure.reason, " ",
                                failure.detail));
  }
  return text;
}

const std::vector<std::string> kAll = {"other", "folio", "page_in", "page_out",
                                       "extra"};

TEST(AlternativesTest, TheFirstChoiceThatWorksIsUp) {
  Alternatives alternatives(Groups());
  EXPECT_FALSE(RuleOut(alternatives, {"page_in"}));
  EXPECT_THAT(Names(alternatives.Choose(Plan(kAll))),
              ElementsAre("other", "folio", "extra"));
  EXPECT_TRUE(RuleOut(alternatives, {"folio"}));
  EXPECT_THAT(Names(alternatives.Choose(Plan(kAll))),
              ElementsAre("other", "page_in", "page_out", "extra"));
}

TEST(AlternativesTest, AChoiceNeedsAllOfItsFunctions) {
  Alternatives alternatives(Groups());
  EXPECT_TRUE(RuleOut(alternatives, {"folio"}));
  EXPECT_TRUE(RuleOut(alternatives, {"page_out"}));
  EXPECT_THAT(Names(alternatives.Choose(Plan(kAll))),
              ElementsAre("other", "extra"));
  EXPECT_FALSE(RuleOut(alternatives, {"folio", "page_in", "other"}));
}

TEST(AlternativesTest, WhatWasPassedOverIsNoFailure) {
  Alternatives alternatives(Groups());
  RuleOut(alternatives, {"folio"});
  Failures failures("test");
  failures.Add("folio", {"type_mismatch", "pages here"});
  failures.Add("page_in", {"attach", "only half"});
  failures.Add("other", {"missing_hook", "none"});
  alternatives.Settle(failures);
  EXPECT_THAT(Text(failures), ElementsAre("page_in attach only half",
                                          "other missing_hook none"));
}

TEST(AlternativesTest, AGroupWithoutAChoiceIsOneFailure) {
  Alternatives alternatives(Groups());
  while (RuleOut(alternatives, {"folio", "page_in", "extra"})) {
  }
  Failures failures("test");
  failures.Add("folio", {"type_mismatch", "pages here"});
  failures.Add("page_in", {"missing_hook", "no pages"});
  failures.Add("extra", {"no_btf", "no types"});
  alternatives.Settle(failures);
  EXPECT_THAT(Text(failures),
              ElementsAre("folio no_alternative no choice of its group works: "
                          "folio: pages here; page_in: no pages",
                          "extra no_btf no choice of its group works: extra: "
                          "no types"));
}

TEST(AlternativesTest, AMisspeltNameIsNeverPassedOver) {
  Alternatives alternatives(Groups());
  Failures failures("test");
  failures.Add("page_in", {"missing_function", "misspelt"});
  alternatives.Settle(failures);
  EXPECT_THAT(Text(failures), ElementsAre("page_in missing_function misspelt"));
}

TEST(AlternativesTest, ListsEveryFunctionUnderTheNameOfItsGroup) {
  Alternatives alternatives(Groups());
  RuleOut(alternatives, {"folio"});
  std::vector<std::string> text;
  for (const LoadedAlternative& one : alternatives.List()) {
    text.push_back(absl::StrCat(one.group, " ", one.function, " ", one.chosen));
  }
  EXPECT_THAT(text, ElementsAre("folio folio 0", "folio page_in 1",
                                "folio page_out 1", "extra extra 1"));
}

TEST(AlternativesTest, WithoutGroupsThePlanIsAsItWas) {
  Alternatives alternatives({});
  EXPECT_FALSE(RuleOut(alternatives, {"folio"}));
  EXPECT_EQ(Names(alternatives.Choose(Plan(kAll))), kAll);
  EXPECT_THAT(alternatives.List(), IsEmpty());
}

}  // namespace
}  // namespace ebpf_exporter
