#include "core/inline/typed_functions.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/inline/fake_kernel.h"
#include "core/inline/migrate.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCode[] =
    "int f(struct pt_regs *ctx, struct request *req) { return req->sector; }\n"
    "int g(struct pt_regs *ctx) { return PT_REGS_IP(ctx); }\n";

// A kernel with functions `take` and `give` of a request, and nothing else.
absl::StatusOr<Prototype> Passed(InlineHook, const std::string& target) {
  if (target != "take" && target != "give") {
    return absl::NotFoundError("this kernel has no such hook");
  }
  const Parameter request = {ParameterKind::kPointer, "r", "struct request *",
                             8, "struct request"};
  return Prototype{{{}, request}};
}

ProgramConfig Program(std::vector<AttachConfig> kprobes) {
  ProgramConfig program;
  program.name = "p";
  program.code = kCode;
  program.kprobes = std::move(kprobes);
  return program;
}

std::vector<FunctionForm> Forms(const ProgramConfig& program) {
  return ChooseForms(program, FakeMember, Passed);
}

TEST(ChooseFormsTest, AFunctionThatFollowsItsArgumentsIsTyped) {
  const auto forms = Forms(Program({{"take", "f", {}}, {"take", "g", {}}}));
  ASSERT_THAT(forms, SizeIs(2));
  ASSERT_THAT(forms[0].typed, SizeIs(1));
  EXPECT_EQ(forms[0].typed[0].hook.parameters, "struct request *");
  EXPECT_THAT(forms[1].typed, IsEmpty());
  EXPECT_EQ(forms[1].why,
            "line 2 uses ctx in a way that only its plain form has");
  std::vector<InlineFunction> functions = {{"f", InlineHook::kKprobe},
                                           {"g", InlineHook::kKprobe}};
  EXPECT_EQ(ApplyForms(forms, functions), "");
  EXPECT_TRUE(functions[0].typed);
  EXPECT_EQ(functions[0].prefix,
            "void (*const hook____f)(struct request *) __attribute__((section("
            "\".typed_hooks\"), used)) = 0; SEC(\"?fentry/take\") ");
  EXPECT_FALSE(functions[1].typed);
  EXPECT_EQ(functions[1].prefix, "");
}

TEST(ChooseFormsTest, EachTargetIsCalledByAFunctionOfItsOwn) {
  const auto forms = Forms(Program({{"take", "f", {}}, {"give", "f", {}}}));
  ASSERT_THAT(forms, SizeIs(1));
  std::vector<InlineFunction> functions = {{"f", InlineHook::kKprobe}};
  const std::string tail = ApplyForms(forms, functions);
  EXPECT_EQ(functions[0].prefix,
            "static inline __attribute__((always_inline)) ");
  EXPECT_THAT(tail, HasSubstr("SEC(\"?fentry/give\") int f__give(void *ctx) { "
                              "return f(ctx); }\n"));
  EXPECT_THAT(tail, HasSubstr("hook____f__take"));
}

TEST(ChooseFormsTest, OneTargetThatDoesNotFitKeepsAllPlain) {
  const auto forms = Forms(Program({{"take", "f", {}}, {"gone", "f", {}}}));
  EXPECT_THAT(forms.at(0).typed, IsEmpty());
  EXPECT_EQ(forms[0].why, "gone: this kernel has no such hook");
  ProgramConfig program = Program({{"take", "f", {}}});
  program.kretprobes = {{"take", "f", {}}};
  EXPECT_EQ(Forms(program).at(0).why, "it is in lists of several kinds");
  program = Program({});
  program.tracepoints = {{"a:b", "f", {}}};
  EXPECT_EQ(Forms(program).at(0).why, "such hooks have no types");
}

TEST(ChooseFormsTest, MigratedSourcesHaveThemToo) {
  const ProgramConfig program =
      Program({{"take", "f", {}}, {"give", "f", {}}, {"other", "g", {}}});
  const std::string source =
      Migrate(program, "", FakeMember, Forms(program)).source;
  EXPECT_THAT(source,
              HasSubstr("static __always_inline int f(struct pt_regs *ctx) { "
                        "struct request *req = (struct request *)((u64 "
                        "*)ctx)[0]; return req->sector; }"));
  EXPECT_THAT(source, HasSubstr("used)) = 0;\nSEC(\"fentry/give\")\nint "
                                "f__give(void *ctx)\n{\n\treturn f(ctx);\n}"));
  EXPECT_THAT(source, HasSubstr("SEC(\"kprobe/other\")\nint g("));
}

}  // namespace
}  // namespace ebpf_exporter
