#include "core/inline/migrate.h"

#include <string>

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

}  // namespace
}  // namespace ebpf_exporter
