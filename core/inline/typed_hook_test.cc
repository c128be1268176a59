#include "core/inline/typed_hook.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/inline/fake_kernel.h"
#include "core/inline/translate.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

const std::vector<InlineFunction> kTyped = {
    {.name = "probe", .hook = InlineHook::kKprobe, .typed = true},
    {.name = "ret", .hook = InlineHook::kKretprobe, .typed = true, .result = 2},
    {.name = "raw", .hook = InlineHook::kRawTracepoint, .typed = true},
    {.name = "raw_tracepoint__rq",
     .hook = InlineHook::kRawTracepoint,
     .typed = true},
};

Translation Translated(std::string_view code) {
  const Translation translation = Translate(code, kTyped, FakeMember);
  EXPECT_THAT(translation.findings, IsEmpty()) << code;
  return translation;
}

// Of a function `probe`, the text within its braces and what it uses.
std::string Body(std::string_view body, TypedUse* use = nullptr) {
  const Translation translation = Translated(
      absl::StrCat("BPF_HASH(m);\nint probe(struct pt_regs *ctx, struct "
                   "request *req) {",
                   body, "}"));
  if (use != nullptr) *use = translation.typed.at(0);
  const std::string& code = translation.code;
  const size_t start = code.find("[0];") + 4;
  return code.substr(start, code.size() - start - 1);
}

// Why a raw tracepoint's function is not to be typed.
std::string ProblemOf(std::string_view body) {
  return Translated(absl::StrCat("BPF_HASH(m);\nRAW_TRACEPOINT_PROBE(rq) {",
                                 body, " return 0; }"))
      .typed.at(0)
      .problem;
}

TEST(TypedUseTest, ArgumentsAreTakenFromTheirSlots) {
  const Translation translation = Translated(
      "int probe(struct pt_regs *ctx, struct request *req, u64 n) "
      "{ return req->sector + n; }");
  EXPECT_EQ(translation.code,
            "SEC(\"kprobe\") int probe(struct pt_regs *ctx) { struct request "
            "*req = (struct request *)((u64 *)ctx)[0]; u64 n = (u64)((u64 "
            "*)ctx)[1]; return req->sector + n; }");
  ASSERT_EQ(translation.typed.size(), 1);
  const TypedUse& use = translation.typed[0];
  EXPECT_EQ(use.function, "probe");
  EXPECT_EQ(use.loads, 1);
  EXPECT_THAT(use.arguments, ElementsAre(Pair(0, "request")));
  EXPECT_EQ(use.problem, "");
}

TEST(TypedUseTest, NumbersAreLoadedDirectly) {
  EXPECT_EQ(Body("u64 x = req->q->disk->major;return 0;"),
            "u64 x = req->q->disk->major;return 0;");
  EXPECT_EQ(Body("u64 x = req->numbers[2];return 0;"),
            "u64 x = req->numbers[2];return 0;");
  EXPECT_EQ(Body("m.increment(req->sector);return 0;"),
            "bcc_increment(m, (req->sector), 1);return 0;");
  EXPECT_EQ(Body("struct request_queue *q = req->q, *r;u64 x = "
                 "q->disk->major;r = q;x = r->disk->major;return 0;"),
            "struct request_queue *q = req->q, *r;u64 x = q->disk->major;r = "
            "q;x = r->disk->major;return 0;");
}

TEST(TypedUseTest, AllElseIsReadThroughHelpers) {
  EXPECT_EQ(Body("u64 x = req->bits;return 0;"),
            "u64 x = BPF_CORE_READ_BITFIELD_PROBED(req, bits);return 0;");
  EXPECT_EQ(Body("u64 x = (u64)req->q;return 0;"),
            "u64 x = (u64)BPF_CORE_READ(req, q);return 0;");
  EXPECT_EQ(Body("if (req->q) return 1;return 0;"),
            "if (BPF_CORE_READ(req, q)) return 1;return 0;");
  EXPECT_EQ(Body("u64 x = req->numbers[x];return 0;"),
            "u64 x = BPF_CORE_READ(req, numbers[x]);return 0;");
  EXPECT_EQ(Body("u64 x = req->shared.number;return 0;"),
            "u64 x = BPF_CORE_READ(req, shared.number);return 0;");
  EXPECT_EQ(Body("f(&req->q->disk->major);return 0;"),
            "f(({ __auto_type bcc_last_ = BPF_CORE_READ(req, q, disk); "
            "&bcc_last_->major; }));return 0;");
  // Known once, but not any more.
  EXPECT_EQ(Body("req = g();u64 x = req->sector;return 0;"),
            "req = g();u64 x = BPF_CORE_READ(req, sector);return 0;");
  EXPECT_EQ(Body("struct gendisk *d = req->q;u64 x = d->major;return 0;"),
            "struct gendisk *d = BPF_CORE_READ(req, q);u64 x = "
            "BPF_CORE_READ(d, major);return 0;");
  EXPECT_EQ(Body("struct request_queue *q = req->q + 1;u64 x = "
                 "q->disk->major;return 0;"),
            "struct request_queue *q = BPF_CORE_READ(req, q) + 1;u64 x = "
            "BPF_CORE_READ(q, disk, major);return 0;");
}

TEST(TypedUseTest, ContextsThatOnlyThePlainFormHas) {
  for (std::string_view body : {"return PT_REGS_IP(ctx) + req->sector;",
                                "helper(ctx);return 0;", "return ctx->di;"}) {
    TypedUse use;
    Body(body, &use);
    EXPECT_EQ(use.problem,
              "line 2 uses ctx in a way that only its plain form has");
  }
  TypedUse use;
  Body("m.perf_submit(ctx, &req, 8);return req->sector;", &use);
  EXPECT_EQ(use.problem, "");
  EXPECT_EQ(Translated("#define IP PT_REGS_IP(ctx)\nint probe(struct pt_regs "
                       "*ctx, struct request *req) { return IP; }")
                .typed.at(0)
                .problem,
            "a macro uses its context");
}

TEST(TypedUseTest, ResultsAreBehindTheArguments) {
  const Translation translation = Translated(
      "int ret(struct pt_regs *ctx) { struct request *req = (struct "
      "request *)PT_REGS_RC(ctx); if (!req) return 0; return "
      "req->sector + PT_REGS_RC(ctx); }");
  EXPECT_THAT(translation.code,
              HasSubstr("struct request *req = (struct request *)((u64 "
                        "*)ctx)[2]; if (!req) return 0; return req->sector + "
                        "((u64 *)ctx)[2]; }"));
  EXPECT_THAT(translation.typed.at(0).arguments,
              ElementsAre(Pair(kResultArgument, "request")));
  EXPECT_EQ(translation.typed.at(0).problem, "");
}

TEST(TypedUseTest, RawTracepointsHaveTheirArgumentsInTheContext) {
  const Translation translation = Translated(
      "RAW_TRACEPOINT_PROBE(rq) { struct request *req = (struct "
      "request *)ctx->args[1]; return req->sector + ((struct "
      "gendisk *)ctx->args[3])->major + ctx->args[0]; }");
  EXPECT_THAT(translation.code,
              HasSubstr("(struct bpf_raw_tracepoint_args *ctx) { struct "
                        "request *req = (struct request *)ctx->args[1]; return "
                        "req->sector + ((struct gendisk "
                        "*)ctx->args[3])->major + ctx->args[0]; }"));
  EXPECT_THAT(translation.typed.at(0).arguments,
              ElementsAre(Pair(1, "request"), Pair(3, "gendisk")));
  EXPECT_EQ(translation.typed.at(0).problem, "");
}

TEST(TypedUseTest, TestsForNullKeepRawTracepointsPlain) {
  constexpr std::string_view kSet =
      "struct request *req = (struct request *)ctx->args[1];";
  EXPECT_EQ(ProblemOf(absl::StrCat(kSet, "\nif (!req) return req->sector;")),
            "line 3 uses req for more than following it");
  EXPECT_EQ(ProblemOf(absl::StrCat(kSet,
                                   "if (ctx->args[1]) return 1;\nif ("
                                   "ctx->args[0]) return req->sector;")),
            "line 2 uses an argument for more than following it");
  EXPECT_EQ(ProblemOf(absl::StrCat(kSet,
                                   "\n#define GONE (!req)\nif (GONE) "
                                   "return req->sector;")),
            "a macro uses req");
  EXPECT_EQ(ProblemOf("struct request *a = (struct request *)ctx->args[1]; "
                      "struct gendisk *b = (struct gendisk *)ctx->args[1]; "
                      "return a->sector + b->major;"),
            "an argument is taken for struct request and for struct gendisk");
  EXPECT_EQ(ProblemOf(absl::StrCat(kSet,
                                   "u32 i = 1; if (ctx->args[i]) return "
                                   "req->sector;")),
            "line 2 uses ctx in a way that only its plain form has");
}

TEST(TypedUseTest, RecordsOfTheCodesOwnAreNotTheKernels) {
  const Translation translation = Translated(
      "struct mine { int a; };\nint probe(struct pt_regs *ctx, "
      "struct mine *p) {\n return p->a;\n}");
  EXPECT_THAT(translation.code, HasSubstr("return BPF_PROBE_READ(p, a);"));
  EXPECT_THAT(translation.typed.at(0).arguments, IsEmpty());
}

Parameter Pointer(std::string name, std::string pointee) {
  return {ParameterKind::kPointer, std::move(name), pointee + " *", 8, pointee};
}
Parameter Number(std::string name, uint32_t size) {
  return {ParameterKind::kInteger, std::move(name), "int", size, ""};
}

// `__data` in front.
Prototype Passes(std::vector<Parameter> parameters) {
  parameters.insert(parameters.begin(), Parameter());
  return {std::move(parameters)};
}

TypedUse Uses(InlineHook hook, std::map<size_t, std::string> arguments) {
  return {"f", hook, 1, std::move(arguments), ""};
}

std::string Fit(const TypedUse& use, const Prototype& kernel) {
  const auto hook = FitTypedHook(use, kernel);
  if (!hook.ok()) return std::string(hook.status().message());
  return absl::StrCat(hook->parameters, " ", hook->result);
}

TEST(FitTypedHookTest, OnlyWhatIsFollowedMustAgree) {
  const TypedUse use = Uses(InlineHook::kKprobe, {{1, "request"}});
  EXPECT_EQ(Fit(use, Passes({Number("n", 4), Pointer("r", "struct request"),
                             Number("m", 8)})),
            "u32, struct request * 1");
  EXPECT_EQ(Fit(use, Passes({Pointer("b", "struct bio"),
                             Pointer("r", "struct request")})),
            "void *, struct request * 1");
  EXPECT_EQ(Fit(use, Passes({Number("n", 4), Pointer("r", "struct bio")})),
            "argument 2 is `struct bio *` in this kernel, and the code takes "
            "it for `struct request *`");
  EXPECT_EQ(Fit(use, Passes({Number("n", 4)})),
            "it has only 1 arguments in this kernel");
  EXPECT_EQ(
      Fit(use, Passes({{ParameterKind::kOther, "p", "struct pair", 16, ""},
                       Pointer("r", "struct request")})),
      "argument 1 is `struct pair`, no single slot");
  EXPECT_EQ(Fit(use, Passes(std::vector<Parameter>(
                         7, Pointer("r", "struct request")))),
            "it has more arguments than registers pass");
}

TEST(FitTypedHookTest, ResultsComeLast) {
  const TypedUse use =
      Uses(InlineHook::kKretprobe, {{kResultArgument, "sock"}});
  EXPECT_EQ(Fit(use, Passes({Pointer("s", "struct sock"), Number("flags", 4),
                             Pointer("", "struct sock")})),
            "void *, u32, struct sock * 2");
  EXPECT_EQ(Fit(use, Passes({Pointer("s", "struct sock")})),
            "it has no result in this kernel");
  EXPECT_EQ(Fit(use, Passes({Number("", 4)})),
            "argument 1 is `int` in this kernel, and the code takes it for "
            "`struct sock *`");
}

TEST(FitTypedHookTest, WithoutUseOrWithAProblemItStaysPlain) {
  EXPECT_EQ(Fit(Uses(InlineHook::kKprobe, {}), Passes({})),
            "it follows no pointer of its hook's");
  TypedUse use = Uses(InlineHook::kKprobe, {{0, "sock"}});
  use.problem = "why";
  EXPECT_EQ(Fit(use, Passes({Pointer("s", "struct sock")})), "why");
}

TEST(FitTypedHookTest, TheHeadSaysWhatIsExpected) {
  EXPECT_EQ(TypedSection(InlineHook::kKprobe, "f"), "fentry/f");
  EXPECT_EQ(TypedSection(InlineHook::kKretprobe, "f"), "fexit/f");
  EXPECT_EQ(TypedSection(InlineHook::kRawTracepoint, "e"), "tp_btf/e");
  EXPECT_EQ(TypedSection(InlineHook::kPerfEvent, "e"), "");
  EXPECT_EQ(TypedHead("f", "fentry/g", {"struct sock *", 0}),
            "void (*const hook____f)(struct sock *) __attribute__((section("
            "\".typed_hooks\"), used)) = 0; SEC(\"fentry/g\") ");
}

}  // namespace
}  // namespace ebpf_exporter
