#include "core/layout/hook_check.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

Parameter Pointer(std::string_view pointee) {
  Parameter parameter;
  parameter.kind = ParameterKind::kPointer;
  parameter.type = absl::StrCat(pointee, " *");
  parameter.pointee = std::string(pointee);
  parameter.size = 8;
  return parameter;
}

Parameter VoidPointer() {
  Parameter parameter;
  parameter.kind = ParameterKind::kVoidPointer;
  parameter.type = "void *";
  parameter.size = 8;
  return parameter;
}

Parameter Integer(std::string_view type, uint32_t size) {
  Parameter parameter;
  parameter.kind = ParameterKind::kInteger;
  parameter.type = std::string(type);
  parameter.size = size;
  return parameter;
}

// The answer for a program with `taken` on a kernel that passes `passed`.
std::string Answer(std::vector<Parameter> taken,
                   std::vector<Parameter> passed) {
  passed.insert(passed.begin(), VoidPointer());
  absl::Status status =
      CheckHook("block_rq_issue", Prototype{taken}, Prototype{passed});
  return std::string(status.message());
}

TEST(HookCheckTest, AcceptsTheSameTypesAndFewerOfThem) {
  std::vector<Parameter> kernel = {Pointer("struct request"),
                                   Integer("int", 4)};
  EXPECT_EQ(Answer(kernel, kernel), "");
  EXPECT_EQ(Answer({Pointer("struct request")}, kernel), "");
  EXPECT_EQ(Answer({}, kernel), "");
  EXPECT_EQ(Answer({}, {}), "");
}

TEST(HookCheckTest, NamesTheWrongStruct) {
  EXPECT_EQ(Answer({Pointer("struct bio")}, {Pointer("struct request")}),
            "argument 1 of block_rq_issue is `struct request *` in this "
            "kernel, the program takes `struct bio *`");
}

// Up to Linux 5.10 the queue came first.
TEST(HookCheckTest, NamesTheArgumentThatMoved) {
  EXPECT_EQ(
      Answer({Pointer("struct request")},
             {Pointer("struct request_queue"), Pointer("struct request")}),
      "argument 1 of block_rq_issue is `struct request_queue *` in this "
      "kernel, the program takes `struct request *`");
}

TEST(HookCheckTest, VoidPointersTakeAnyPointerButNoInteger) {
  EXPECT_EQ(Answer({VoidPointer()}, {Pointer("struct request")}), "");
  EXPECT_EQ(Answer({VoidPointer()}, {VoidPointer()}), "");
  EXPECT_EQ(Answer({VoidPointer()}, {Integer("u64", 8)}),
            "argument 1 of block_rq_issue is `u64` in this kernel, the program "
            "takes `void *`");
  EXPECT_NE(Answer({Pointer("struct request")}, {VoidPointer()}), "");
}

TEST(HookCheckTest, IntegersCompareBySize) {
  EXPECT_EQ(Answer({Integer("enum e", 4)}, {Integer("unsigned int", 4)}), "");
  EXPECT_EQ(Answer({Integer("int", 4)}, {Integer("long int", 8)}),
            "argument 1 of block_rq_issue is `long int` in this kernel, the "
            "program takes `int`");
  EXPECT_NE(Answer({Integer("u64", 8)}, {Pointer("struct request")}), "");
}

TEST(HookCheckTest, FlavoursAreTheStructTheyAreAFlavourOf) {
  EXPECT_EQ(
      Answer({Pointer("struct request___old")}, {Pointer("struct request")}),
      "");
  EXPECT_NE(Answer({Pointer("struct request___old")}, {Pointer("struct bio")}),
            "");
}

TEST(HookCheckTest, TooManyArguments) {
  EXPECT_EQ(
      Answer({Pointer("struct request"), Integer("int", 4)},
             {Pointer("struct request")}),
      "block_rq_issue has 1 argument in this kernel, the program takes 2");
  EXPECT_EQ(
      std::string(CheckHook("t", Prototype{{VoidPointer()}}, {}).message()),
      "t has 0 arguments in this kernel, the program takes 1");
}

TEST(HookCheckTest, OtherTypesCompareByName) {
  Parameter by_value;
  by_value.type = "struct pair";
  Parameter other = by_value;
  other.type = "struct trio";
  EXPECT_EQ(Answer({by_value}, {by_value}), "");
  EXPECT_NE(Answer({by_value}, {other}), "");
  EXPECT_EQ(CheckHook("t", Prototype{{by_value}}, {}).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace ebpf_exporter
