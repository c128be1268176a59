#include "bpf/loader/kernel_source.h"

#include <string>
#include <string_view>

#include "bpf/loader/fake_kernel_btf.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Kind = RecordMember::Kind;

KernelSource Disks() {
  auto source = KernelSource::Read("testdata/btf/disks.btf");
  EXPECT_TRUE(source.ok()) << source.status();
  return *std::move(source);
}

RecordMember Member(const std::string& record, std::string_view member) {
  const RecordAnswer answer = Disks().Member(record, member);
  EXPECT_TRUE(answer.known) << record;
  EXPECT_TRUE(answer.member.has_value()) << member;
  return answer.member.value_or(RecordMember());
}

TEST(KernelSourceTest, OnlyWhatIsAskedForIsDeclared) {
  const auto declared =
      Disks().Declare({"disk_key"}, {"BUSY", "__u64", "NONE"});
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_THAT(declared->types, HasSubstr("struct disk_key {\n"));
  EXPECT_THAT(declared->types, HasSubstr("\tchar disk[32];\n"));
  EXPECT_THAT(declared->types, HasSubstr("enum { BUSY = 1 };\n"));
  EXPECT_THAT(declared->types, Not(HasSubstr("latency")));
  EXPECT_THAT(declared->types, Not(HasSubstr("IDLE")));
  EXPECT_THAT(declared->unknown, ElementsAre("NONE"));
  EXPECT_EQ(declared->contexts, "");
}

TEST(KernelSourceTest, ConstantsOfAnEnumThatIsThereAreNotSaidTwice) {
  const auto declared = Disks().Declare({"state"}, {"BUSY"});
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_THAT(declared->types, HasSubstr("enum state {\n"));
  EXPECT_THAT(declared->types, Not(HasSubstr("enum { BUSY")));
  EXPECT_THAT(declared->unknown, IsEmpty());
}

TEST(KernelSourceTest, MembersAreWhatTheirTypesSay) {
  EXPECT_EQ(Member("totals", "requests").kind, Kind::kValue);
  EXPECT_EQ(Member("totals", "state").kind, Kind::kValue);
  EXPECT_EQ(Member("totals", "owner").kind, Kind::kValue);
  EXPECT_EQ(Member("totals", "busy").kind, Kind::kBitField);
  EXPECT_EQ(Member("totals", "grid").kind, Kind::kArray);
  EXPECT_EQ(Member("totals", "grid").record, "");
  EXPECT_EQ(Member("totals", "peers").kind, Kind::kArray);
  EXPECT_EQ(Member("totals", "peers").record, "address");
}

TEST(KernelSourceTest, RecordsWithoutNamesAreFollowed) {
  const RecordMember inner = Member("totals", "inner");
  EXPECT_EQ(inner.kind, Kind::kRecord);
  EXPECT_EQ(Member(inner.record, "balance").kind, Kind::kValue);
  // Members of one that has no name itself are the outer one's.
  EXPECT_EQ(Member("totals", "word").kind, Kind::kValue);
  EXPECT_TRUE(Member("totals", "word").in_union);
  EXPECT_FALSE(Member("totals", "requests").in_union);
}

TEST(KernelSourceTest, WhatIsNotThereIsNotKnown) {
  EXPECT_FALSE(Disks().Member("no_such", "a").known);
  EXPECT_FALSE(Disks().Member("#99999", "a").known);
  const RecordAnswer answer = Disks().Member("totals", "no_such");
  EXPECT_TRUE(answer.known);
  EXPECT_FALSE(answer.member.has_value());
  const auto missing = KernelSource::Read("/no/such/file");
  EXPECT_THAT(missing.status().message(),
              HasSubstr("the kernel's types cannot be read from "
                        "\"/no/such/file\""));
}

TEST(KernelSourceTest, HooksSayWhatTheyPass) {
  const FakeKernelBtf fake(testing::TempDir());
  const auto source = KernelSource::Read(fake.vmlinux());
  ASSERT_TRUE(source.ok()) << source.status();
  const auto event = source->TracepointArguments("block_rq_issue");
  ASSERT_TRUE(event.ok()) << event.status();
  ASSERT_EQ(event->parameters.size(), 2);
  EXPECT_EQ(event->parameters[1].pointee, "struct request");
  const auto end = source->FunctionArguments("vfs_read", true);
  ASSERT_TRUE(end.ok()) << end.status();
  ASSERT_EQ(end->parameters.size(), 3);
  EXPECT_EQ(end->parameters[2].kind, ParameterKind::kInteger);
  EXPECT_FALSE(source->TracepointArguments("nvme_sq").ok());
  EXPECT_FALSE(source->FunctionArguments("no_such", false).ok());
}

}  // namespace
}  // namespace ebpf_exporter
