#include "bpf/host/polled_names.h"

#include <memory>
#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Disks {
  std::optional<NumberedNames> list = NumberedNames{{1, "sda"}};
  bool changed = false;
  int reads = 0;
  int polls = 0;
};

class FakeSource : public NameSource {
 public:
  explicit FakeSource(Disks* disks) : disks_(disks) {}
  std::optional<NumberedNames> Read() override {
    ++disks_->reads;
    return disks_->list;
  }
  bool MayHaveChanged() override {
    ++disks_->polls;
    return disks_->changed;
  }

 private:
  Disks* const disks_;
};

class PolledNamesTest : public testing::Test {
 protected:
  std::string Ask(uint64_t id) {
    std::string out;
    return names_.AppendName(id, out) ? out : "?";
  }

  Disks disks_;
  PolledNames names_{std::make_unique<FakeSource>(&disks_)};
};

TEST_F(PolledNamesTest, ReadsWhenFirstAskedAndNotBefore) {
  names_.Refresh();
  EXPECT_EQ(disks_.reads + disks_.polls, 0);
  EXPECT_EQ(Ask(1), "sda");
  EXPECT_EQ(disks_.reads, 1);
  EXPECT_EQ(names_.epoch(), 0u);
}

TEST_F(PolledNamesTest, AHundredUnknownNumbersReadNothing) {
  Ask(1);
  for (uint64_t id = 100; id < 200; ++id) EXPECT_EQ(Ask(id), "?");
  EXPECT_EQ(disks_.reads, 1);
  EXPECT_EQ(disks_.polls, 0);
  names_.Refresh();
  EXPECT_EQ(disks_.reads, 1);
  EXPECT_EQ(disks_.polls, 1);
}

TEST_F(PolledNamesTest, AChangeIsTakenInAtTheNextRefresh) {
  EXPECT_EQ(Ask(2), "?");
  disks_.list = NumberedNames{{1, "sda"}, {2, "sdb"}};
  disks_.changed = true;
  EXPECT_EQ(Ask(2), "?");
  names_.Refresh();
  EXPECT_EQ(Ask(2), "sdb");
  EXPECT_EQ(names_.epoch(), 1u);
  names_.Refresh();  // read again, and the same
  EXPECT_EQ(names_.epoch(), 1u);
}

TEST_F(PolledNamesTest, ChangesNobodyAskedAboutAreNoChange) {
  Ask(1);
  disks_.list = NumberedNames{{1, "sda"}, {7, "sdg"}};
  disks_.changed = true;
  names_.Refresh();
  EXPECT_EQ(names_.epoch(), 0u);
}

TEST_F(PolledNamesTest, WhatWentKeepsItsName) {
  Ask(1);
  disks_.list = NumberedNames{};
  disks_.changed = true;
  names_.Refresh();
  EXPECT_EQ(Ask(1), "sda");
  EXPECT_EQ(names_.epoch(), 0u);
}

TEST_F(PolledNamesTest, AfterAFailedReadTheListIsReadAgain) {
  disks_.list.reset();
  EXPECT_EQ(Ask(1), "?");
  disks_.list = NumberedNames{{1, "sda"}};
  names_.Refresh();  // without any event
  EXPECT_TRUE(names_.available());
  EXPECT_EQ(Ask(1), "sda");
  EXPECT_EQ(names_.epoch(), 1u);
  const int reads = disks_.reads;
  names_.Refresh();
  EXPECT_EQ(disks_.reads, reads);
}

TEST_F(PolledNamesTest, AListThatCannotBeReadIsNotAvailable) {
  disks_.list.reset();
  EXPECT_FALSE(names_.available());
  EXPECT_EQ(Ask(1), "?");
  disks_.list = NumberedNames{{1, "sda"}};
  disks_.changed = true;
  names_.Refresh();
  EXPECT_TRUE(names_.available());
  EXPECT_EQ(names_.epoch(), 1u);
  disks_.list.reset();
  names_.Refresh();
  EXPECT_EQ(Ask(1), "sda");
}

}  // namespace
}  // namespace ebpf_exporter
