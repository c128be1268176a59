#include "core/resolve/name_memory.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Ask(NameMemory& memory, uint64_t id) {
  std::string out;
  return memory.Append(id, out) ? out : "?";
}

TEST(NameMemoryTest, AnswersThatStayAreNoChange) {
  NameMemory memory;
  EXPECT_FALSE(memory.Update({{1, "lo"}, {2, "eth0"}}));
  EXPECT_EQ(Ask(memory, 2), "eth0");
  EXPECT_FALSE(memory.Update({{2, "eth0"}, {3, "veth"}}));
}

TEST(NameMemoryTest, ARenamedThingIsAChangeOnceAskedFor) {
  NameMemory memory;
  memory.Update({{1, "lo"}, {2, "eth0"}});
  EXPECT_FALSE(memory.Update({{1, "lo"}, {2, "wan"}}));
  EXPECT_EQ(Ask(memory, 2), "wan");
  EXPECT_TRUE(memory.Update({{1, "lo"}, {2, "lan"}}));
  EXPECT_EQ(Ask(memory, 2), "lan");
}

TEST(NameMemoryTest, AMissThatGetsANameIsAChange) {
  NameMemory memory;
  memory.Update({});
  EXPECT_EQ(Ask(memory, 9), "?");
  EXPECT_TRUE(memory.missed());
  EXPECT_FALSE(memory.Update({{1, "lo"}}));
  EXPECT_FALSE(memory.missed());
  EXPECT_TRUE(memory.Update({{1, "lo"}, {9, "veth9"}}));
  EXPECT_FALSE(memory.Update({{1, "lo"}, {9, "veth9"}}));
}

TEST(NameMemoryTest, WhatWentKeepsItsNameIfItWasAskedFor) {
  NameMemory memory;
  memory.Update({{5, "sda"}, {6, "sdb"}});
  EXPECT_EQ(Ask(memory, 5), "sda");
  EXPECT_FALSE(memory.Update({}));
  EXPECT_EQ(Ask(memory, 5), "sda");
  EXPECT_EQ(Ask(memory, 6), "?");
  EXPECT_EQ(memory.remembered(), 1u);
  EXPECT_FALSE(memory.Update({}));
  EXPECT_EQ(Ask(memory, 5), "sda");
}

TEST(NameMemoryTest, ANumberTakenByAnotherIsAChange) {
  NameMemory memory;
  memory.Update({{5, "sda"}});
  Ask(memory, 5);
  memory.Update({});
  EXPECT_TRUE(memory.Update({{5, "sdx"}}));
  EXPECT_EQ(Ask(memory, 5), "sdx");
  EXPECT_EQ(memory.remembered(), 0u);
  // Back as it was: nothing that was said has changed.
  memory.Update({});
  EXPECT_FALSE(memory.Update({{5, "sdx"}}));
}

TEST(NameMemoryTest, TheOldestIsForgottenFirst) {
  NameMemory memory({.names = 2});
  for (uint64_t id = 1; id <= 3; ++id) memory.Learn(id, std::to_string(id));
  EXPECT_EQ(memory.remembered(), 2u);
  EXPECT_EQ(Ask(memory, 1), "?");
  EXPECT_EQ(Ask(memory, 2), "2");
  EXPECT_EQ(Ask(memory, 3), "3");
}

TEST(NameMemoryTest, WhoTakesTheNumberOfAForgottenOneIsAChange) {
  NameMemory memory({.names = 1});
  memory.Update({{1, "a"}, {2, "b"}});
  Ask(memory, 1);
  Ask(memory, 2);
  memory.Update({});
  EXPECT_EQ(memory.remembered(), 1u);
  EXPECT_TRUE(memory.Update({{1, "x"}, {2, "y"}}));
  EXPECT_EQ(Ask(memory, 1) + Ask(memory, 2), "xy");
}

TEST(NameMemoryTest, BytesAreBoundedToo) {
  NameMemory memory({.bytes = 10'000});
  for (uint64_t id = 0; id < 1000; ++id) {
    memory.Learn(id, std::string(4096, 'x'));
  }
  EXPECT_EQ(memory.remembered(), 2u);
  EXPECT_EQ(memory.size(), 2u);
}

TEST(NameMemoryTest, TenThousandThatComeAndGoStayBounded) {
  NameMemory memory({.names = 100, .misses = 100});
  for (uint64_t id = 0; id < 10'000; ++id) {
    memory.Update({{id, "veth" + std::to_string(id)}});
    EXPECT_EQ(Ask(memory, id), "veth" + std::to_string(id));
    Ask(memory, id + 1'000'000);
  }
  EXPECT_LE(memory.size(), 101u);
}

TEST(NameMemoryTest, BeyondTheMissesNotedAnythingNewIsAChange) {
  NameMemory memory({.misses = 1});
  memory.Update({});
  Ask(memory, 1);
  Ask(memory, 2);
  EXPECT_TRUE(memory.Update({{7, "seven"}}));
  EXPECT_FALSE(memory.Update({{7, "seven"}, {8, "eight"}}));
}

TEST(NameMemoryTest, ManyThatGoAtOnceAndAreThereAgain) {
  NameMemory memory({.names = 10});
  NumberedNames names;
  for (uint64_t id = 0; id < 100; ++id) names.push_back({id, "n"});
  memory.Update(names);
  for (uint64_t id = 0; id < 100; ++id) Ask(memory, id);
  memory.Update({});
  EXPECT_EQ(memory.remembered(), 10u);
  memory.Update(names);
  EXPECT_EQ(memory.remembered(), 0u);
  EXPECT_EQ(memory.size(), 100u);
}

}  // namespace
}  // namespace ebpf_exporter
