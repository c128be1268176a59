#include "core/inline/migrate.h"

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "core/inline/assemble.h"
#include "core/inline/fake_kernel.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ProgramConfig Program(std::string code) {
  ProgramConfig program;
  program.name = "p";
  program.code = std::move(code);
  MetricConfig metric;
  metric.name = "ops_total";
  metric.table = "counts";
  program.metrics = {metric};
  return program;
}

Migrated Of(const ProgramConfig& program) {
  return Migrate(program, "", FakeMember);
}

TEST(MigrateTest, SectionsAndMapsHaveTheirNames) {
  ProgramConfig program = Program(
      "BPF_HASH(counts);\nint f(struct pt_regs *ctx) {\n"
      "  counts.increment(E.counts);\n  return 0;\n}\n");
  program.kprobes = {{"do_it", "f", {}}};
  const Migrated migrated = Of(program);
  EXPECT_THAT(migrated.findings, IsEmpty());
  EXPECT_THAT(migrated.source, HasSubstr("} ops_total SEC(\".maps\");"));
  EXPECT_THAT(migrated.source,
              HasSubstr("SEC(\"kprobe/do_it\")\nint f(struct pt_regs *ctx) {\n "
                        " bcc_increment(ops_total, (E.counts), 1);"));
  EXPECT_EQ(migrated.config.metrics[0].table, "ops_total");
  EXPECT_THAT(migrated.source, HasSubstr("#define bcc_add_("));
  EXPECT_THAT(migrated.source, Not(HasSubstr("#define bcc_lookup_or_init(")));
  EXPECT_THAT(migrated.source,
              EndsWith("char LICENSE[] SEC(\"license\") = \"GPL\";\n"));
}

TEST(MigrateTest, AFunctionOfSeveralTargetsIsCalledByOneForEach) {
  ProgramConfig program =
      Program("BPF_HASH(counts);\nint f(struct pt_regs *ctx) { return 0; }\n");
  program.kprobes = {{"a", "f", {}}, {"b.part.0", "f", {}}};
  program.tracepoints = {{"timer:timer_start", "g", {}}};
  program.perf_events = {{1, 0, "h", 0, 99, {}}, {1, 2, "i", 5, 0, {}}};
  program.code +=
      "int g(void *args) { return 0; }\nint h(void *ctx) { return 0; }\n"
      "int i(void *ctx) { return 0; }\n";
  const std::string source = Of(program).source;
  EXPECT_THAT(source, HasSubstr("static __always_inline int f(struct pt_regs"));
  EXPECT_THAT(source,
              HasSubstr("SEC(\"kprobe/b.part.0\")\nint f__b_part_0(void "
                        "*ctx)\n{\n\treturn f(ctx);\n}\n"));
  EXPECT_THAT(source, HasSubstr("SEC(\"tp/timer/timer_start\")\nint g("));
  EXPECT_THAT(source,
              HasSubstr("SEC(\"perf_event/type=1,config=0,frequency=99\")"));
  EXPECT_THAT(source,
              HasSubstr("SEC(\"perf_event/type=1,config=2,period=5\")"));
}

TEST(MigrateTest, WhatHasMovedIsTakenFromWhereItIs) {
  ProgramConfig program = Program(
      "BPF_HASH(counts, struct gendisk *);\n"
      "int start(struct pt_regs *ctx, struct request *req) { return 0; }\n"
      "int end(struct pt_regs *ctx, struct request *req, unsigned int bytes) "
      "{\n"
      "  struct gendisk *disk = req->rq_disk;\n"
      "  counts.increment(disk, bytes);\n  return 0;\n}\n");
  program.kprobes = {{"blk_start_request", "start", {}},
                     {"blk_mq_start_request", "start", {}},
                     {"blk_account_io_completion", "end", {}}};
  const Migrated migrated = Of(program);
  EXPECT_THAT(migrated.findings, IsEmpty());
  EXPECT_THAT(migrated.source,
              HasSubstr("struct gendisk *disk = request_disk(req);\n"));
  EXPECT_THAT(migrated.source, HasSubstr("*request_disk(struct request *"));
  EXPECT_THAT(
      migrated.source,
      HasSubstr("SEC(\"tp_btf/block_rq_issue\")\n"
                "int start__block_rq_issue(unsigned long long *ctx)\n{\n"
                "\treturn start((void *)ctx, (struct request *)ctx[0]);\n}\n"));
  EXPECT_THAT(migrated.source,
              HasSubstr("end((void *)ctx, (struct request *)ctx[0], ctx[2])"));
  EXPECT_THAT(migrated.source, Not(HasSubstr("kprobe/")));
  // One caller for both targets.
  const size_t first = migrated.source.find("block_rq_issue\")");
  EXPECT_EQ(migrated.source.find("block_rq_issue\")", first + 1),
            std::string::npos);
}

std::string Moved(const std::string& body) {
  ProgramConfig program = Program(
      absl::StrCat("BPF_HASH(counts, struct gendisk *);\n"
                   "int f(struct pt_regs *ctx, struct request *req) {\n",
                   body, "\n}\n"));
  program.kprobes = {{"do_it", "f", {}}};
  const Migrated migrated = Of(program);
  for (const CodeFinding& finding : migrated.findings) {
    return absl::StrCat(finding.line, ": ", finding.message);
  }
  return migrated.source;
}

TEST(MigrateTest, MovedMembersAnywhereInAChain) {
  EXPECT_THAT(Moved("return req->rq_disk->major;"),
              HasSubstr("return ({ __auto_type bcc_base_ = ((struct gendisk "
                        "*)request_disk(req)); BPF_CORE_READ(bcc_base_, "
                        "major); });"));
  EXPECT_THAT(Moved("g(1, &req->rq_disk->name);"),
              HasSubstr("g(1, &((struct gendisk *)request_disk(req))->name)"));
  EXPECT_THAT(Moved("return req->q->rq->rq_disk == 0;"),
              HasSubstr("return request_disk(BPF_CORE_READ(req, q, rq)) == 0"));
  EXPECT_THAT(Moved("if (1) g(a[f(2)].b[3]->rq_disk);"),
              HasSubstr("g(request_disk(a[f(2)].b[3]));"));
  EXPECT_THAT(Moved("return ((struct request *)req)->rq_disk;"),
              HasSubstr("return request_disk(((struct request *)req));"));
  EXPECT_THAT(Moved("return get(req)->rq_disk & req->rq_disk;"),
              HasSubstr("return request_disk(get(req)) & request_disk(req);"));
}

TEST(MigrateTest, AMovedMemberHasNoAddress) {
  EXPECT_THAT(Moved("\ng(&req->rq_disk);"),
              HasSubstr("4: newer kernels have no rq_disk in struct request"));
}

TEST(MigrateTest, FunctionsOfTheCodeTakeThePlaceOfThePreludes) {
  const std::string own = "u32 bpf_log2(u32 v)\n{\n\treturn v;\n}\n";
  const std::string source =
      Of(Program(absl::StrCat("BPF_HASH(counts);\n", own))).source;
  EXPECT_THAT(source, HasSubstr("u32 bpf_log2(u32 v)"));
  EXPECT_THAT(source, Not(HasSubstr("u32 bpf_log2(u32 value)")));
  EXPECT_THAT(source, Not(HasSubstr("bcc_bpf_log2")));
  const std::string both =
      Of(Program(absl::StrCat("BPF_HASH(counts);\n", own,
                              "u32 g(void) { return bpf_log2l(9); }")))
          .source;
  EXPECT_THAT(both, HasSubstr("u32 bcc_bpf_log2(u32 value)"));
  EXPECT_THAT(both, HasSubstr("return high ? bcc_bpf_log2(high) + 33"));
}

TEST(MigrateTest, WhatNeedsRegistersOrHasOtherTargetsStays) {
  ProgramConfig program = Program(
      "BPF_HASH(counts);\n"
      "int f(struct pt_regs *ctx) { counts.increment(PT_REGS_IP(ctx)); return "
      "0; "
      "}\n"
      "int g(struct pt_regs *ctx, struct request *req) { return 0; }\n"
      "int h(struct pt_regs *ctx, struct request *req, int a, int b) { return "
      "a; "
      "}\n");
  program.kprobes = {{"blk_mq_start_request", "f", {}},
                     {"blk_start_request", "g", {}},
                     {"another", "g", {}},
                     {"blk_account_io_completion", "h", {}}};
  const std::string source = Of(program).source;
  EXPECT_THAT(source,
              HasSubstr("SEC(\"kprobe/blk_mq_start_request\")\nint f("));
  EXPECT_THAT(source, HasSubstr("SEC(\"kprobe/blk_start_request\")\nint g__"));
  EXPECT_THAT(source,
              HasSubstr("SEC(\"kprobe/blk_account_io_completion\")\nint h("));
  EXPECT_THAT(source, Not(HasSubstr("tp_btf")));
}

TEST(MigrateTest, WhatTheKernelLacksIsLeftToTheReader) {
  ProgramConfig program = Program(
      "BPF_HASH(counts);\nint f(struct pt_regs *ctx, struct request *req) {\n"
      "  counts.increment(req->no_such);\n  return 0;\n}\n");
  program.kprobes = {{"do_it", "f", {}}};
  const Migrated migrated = Of(program);
  EXPECT_THAT(migrated.findings, IsEmpty());
  EXPECT_THAT(migrated.source, HasSubstr("BPF_CORE_READ(req, no_such)"));
}

TEST(AssembleTest, TheCodeBeginsWhereItIsSaidTo) {
  const SourceText source = Assemble({.contexts = "struct pt_regs {};\n",
                                      .types = "struct a {};\n",
                                      .headers = {"#include \"x.h\"\nint h;\n"},
                                      .macros = "#define M 1\n",
                                      .events = "struct e {};\n",
                                      .kaddrs = {"init_task"},
                                      .code = "first;",
                                      .tail = "last;\n",
                                      .has_license = false});
  std::string_view rest = source.text;
  for (int i = 0; i < source.code_starts; ++i) {
    rest.remove_prefix(rest.find('\n') + 1);
  }
  EXPECT_EQ(rest, "first;\nlast;\n");
  EXPECT_THAT(source.text, Not(HasSubstr("x.h")));
  EXPECT_THAT(source.text, HasSubstr("const volatile u64 kaddr_init_task;\n"));
  EXPECT_THAT(source.text, HasSubstr("\"GPL\""));
}

TEST(AssembleTest, TheCodesOwnFunctionsTakeThePlaceOfThePreludes) {
  const auto text = [](std::string_view code) {
    return Assemble({.contexts = "",
                     .types = "",
                     .headers = {},
                     .macros = "",
                     .events = "",
                     .kaddrs = {},
                     .code = code,
                     .tail = "",
                     .has_license = true})
        .text;
  };
  EXPECT_THAT(text("u32 x;"), HasSubstr("u32 bpf_log2(u32 value)"));
  EXPECT_THAT(text("u32 bpf_log2(u32 v);"), HasSubstr(" bpf_log2(u32 value)"));
  const std::string one = text("u32 bpf_log2(u32 v) { return v; }");
  EXPECT_THAT(one, Not(HasSubstr("u32 bpf_log2(u32 value)")));
  EXPECT_THAT(one, HasSubstr("u32 bcc_bpf_log2(u32 value)"));
  EXPECT_THAT(one, HasSubstr("u32 bpf_log2l(u64 value)"));
  EXPECT_THAT(one, HasSubstr("bcc_bpf_log2(high) + 33 : bcc_bpf_log2(value)"));
  EXPECT_THAT(text("u32 bpf_log2(u32 v) { return bcc_bpf_log2(v); }"),
              HasSubstr("u32 bcc_bpf_log2_(u32 value)"));
}

}  // namespace
}  // namespace ebpf_exporter
