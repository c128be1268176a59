#include "core/inline/translate.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/inline/fake_kernel.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// The functions that lists name here.
const std::vector<InlineFunction> kHooked = {
    {"probe", InlineHook::kKprobe},
    {"ret", InlineHook::kKretprobe},
    {"raw", InlineHook::kRawTracepoint},
    {"perf", InlineHook::kPerfEvent},
    {"point", InlineHook::kTracepoint},
    {"tracepoint__timer__timer_start", InlineHook::kTracepoint},
    {"raw_tracepoint__timer_start", InlineHook::kRawTracepoint},
    {"syscall__open", InlineHook::kKprobe}};

// The code, or what is wrong with it.
std::string Translated(std::string_view code) {
  const Translation translation = Translate(code, kHooked, FakeMember);
  std::string errors;
  for (const CodeFinding& finding : translation.findings) {
    absl::StrAppend(&errors, finding.line, ": ", finding.message, "\n");
  }
  if (!errors.empty()) return errors;
  EXPECT_EQ(std::count(code.begin(), code.end(), '\n'),
            std::count(translation.code.begin(), translation.code.end(), '\n'))
      << code;
  return translation.code;
}

// The body of a function whose argument is a request, as it is translated.
std::string Body(std::string_view body) {
  const std::string code = Translated(
      absl::StrCat("BPF_HASH(m);\n"
                   "static void f(struct pt_regs *ctx, struct request *req) {",
                   body, "}"));
  const size_t start = code.find('{', code.find("*req"));
  if (start == std::string::npos) return code;
  return code.substr(start + 1, code.size() - start - 2);
}

TEST(TranslateTest, PlainCStaysAsItIs) {
  const std::string_view code =
      "/* a // b */ typedef struct k { u32 a; char b[4]; } k_t; // {\n"
      "enum { A = 'a', B };\n"
      "static const u64 sizes[] = {1, 2};\n"
      "#define TEXT \"(\" /* ( */\n"
      "const char *s = \"a\\\"(\";\n";
  EXPECT_EQ(Translated(code), code);
  EXPECT_EQ(Translated(""), "");
}

TEST(TranslateTest, KernelHeadersAreDropped) {
  EXPECT_EQ(Translated("#include <uapi/linux/ptrace.h>\n# include "
                       "<net/sock.h> // why\n#include \"mine.h\"\n#include "
                       "<bcc/proto.h>\nint x;\n"),
            "\n // why\n#include \"mine.h\"\n\nint x;\n");
}

TEST(TranslateTest, MapsWithTheirDefaults) {
  EXPECT_EQ(Translated("BPF_HASH(a);"),
            "struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, u64); "
            "__type(value, u64); __uint(max_entries, 10240); } a "
            "SEC(\".maps\");");
  EXPECT_EQ(Translated("BPF_PERCPU_HASH(a, struct k *, u32, N * 2);"),
            "struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __type(key, "
            "struct k *); __type(value, u32); __uint(max_entries, N * 2); } a "
            "SEC(\".maps\");");
  EXPECT_EQ(Translated("BPF_ARRAY(a, u32, 7);"),
            "struct { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, int); "
            "__type(value, u32); __uint(max_entries, 7); } a SEC(\".maps\");");
  EXPECT_THAT(Translated("BPF_PERCPU_ARRAY(a);"),
              HasSubstr("BPF_MAP_TYPE_PERCPU_ARRAY"));
  EXPECT_EQ(Translated("BPF_HISTOGRAM(a);"),
            "struct { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, int); "
            "__type(value, u64); __uint(max_entries, 64); } a SEC(\".maps\");");
  EXPECT_THAT(Translated("BPF_HISTOGRAM(a, u32);"),
              HasSubstr("BPF_MAP_TYPE_HASH); __type(key, u32)"));
  EXPECT_THAT(Translated("BPF_PERF_OUTPUT(a);"),
              HasSubstr("PERF_EVENT_ARRAY); __uint(key_size, sizeof(u32))"));
  EXPECT_THAT(Translated("BPF_TABLE(\"lru_hash\", u32, u64, a, 5);"),
              HasSubstr("BPF_MAP_TYPE_LRU_HASH); __type(key, u32); "
                        "__type(value, u64); __uint(max_entries, 5); } a "));
}

TEST(TranslateTest, ConstantsInSizesBecomeTheirValues) {
  EXPECT_THAT(Translated("const u8 last = 26;\nstatic const int n = last + 1;\n"
                         "BPF_HISTOGRAM(a, u32, (last + 2) *\n n);"),
              HasSubstr("__uint(max_entries, ( ((u8)(26)) + 2 ) * "
                        "((int)(((u8)(26)) + 1))); }"));
  EXPECT_THAT(
      Translated("const u32 a = 2, b = 3;\nBPF_HASH(m, u32, u64, a * b);"),
      HasSubstr("__uint(max_entries, ((u32)(2)) * ((u32)(3))); }"));
}

TEST(TranslateTest, MapsThatAreRefused) {
  EXPECT_EQ(Translated("\nBPF_STACK_TRACE(s, 100);"),
            "2: BPF_STACK_TRACE: this kind of map is not translated; there are "
            "BPF_HASH, BPF_ARRAY, BPF_HISTOGRAM, BPF_PERCPU_HASH, "
            "BPF_PERCPU_ARRAY, BPF_PERF_OUTPUT and BPF_TABLE, and any map that "
            "is declared as libbpf does, in SEC(\".maps\")\n");
  EXPECT_THAT(Translated("BPF_HASH();"), HasSubstr("the map has no name"));
  EXPECT_THAT(Translated("BPF_HASH(a, u32, u64, 1, 2);"),
              HasSubstr("too many arguments; it takes 4 at most"));
  EXPECT_THAT(Translated("BPF_TABLE(\"prog\", int, u32, a, 5);"),
              HasSubstr("the type \"prog\" is not translated"));
  EXPECT_THAT(Translated("BPF_HASH(a,\n#error it's\nu32);"),
              HasSubstr("1: BPF_HASH: a preprocessor line in a declaration"));
  EXPECT_THAT(Translated("BPF_HASH(a) int b;"),
              HasSubstr("behind its bracket; is a semicolon missing?"));
  EXPECT_EQ(Translated("BPF_HASH(a, u32,\na.update(,));"),
            "2: a.update(): methods are called in the bodies of functions; is "
            "a bracket before it not closed?\n");
}

TEST(TranslateTest, SizesThatGrowWithoutEndAreRefused) {
  std::string code = "const u32 c0 = (1);\n";
  for (int i = 1; i < 8; ++i) {
    absl::StrAppend(&code, "const u32 c", i, " = (0");
    for (int k = 0; k < 8; ++k) absl::StrAppend(&code, " + c", i - 1);
    code += ");\n";
  }
  EXPECT_THAT(Translated(code + "BPF_HASH(m, u32, u64, c2);"),
              HasSubstr("(( 0 + ((u32)"));
  EXPECT_EQ(Translated(code + "BPF_HASH(m, u32, u64, c7);"),
            "9: BPF_HASH: the size is too long once its constants are put "
            "in\n");
}

TEST(TranslateTest, SignsOfMapsDoNotBecomeOthers) {
  EXPECT_THAT(Translated("BPF_HASH(a, K[4 / *p], V[2 - -1 / / 3]);"),
              HasSubstr("__type(key, K[4/ * p]); __type(value, V[2- -1/ /3])"));
}

TEST(TranslateTest, Methods) {
  EXPECT_EQ(Body("m.increment(k);"), "bcc_increment(m, (k), 1);");
  EXPECT_EQ(Body("m.increment(k, n + 1);"), "bcc_increment(m, (k), (n + 1));");
  EXPECT_EQ(Body("m.atomic_increment(k);"), "bcc_atomic_increment(m, (k), 1);");
  EXPECT_EQ(Body("u64 *v = m.lookup(&k);"), "u64 *v = bcc_lookup(m, (&k));");
  EXPECT_EQ(Body("m.update(&k, &v);"), "bcc_update(m, (&k), (&v));");
  EXPECT_EQ(Body("m.insert(&k, &v);"), "bcc_insert(m, (&k), (&v));");
  EXPECT_EQ(Body("m.delete(&k);"), "bcc_delete(m, (&k));");
  EXPECT_EQ(Body("v = m.lookup_or_init(&k, &z);"),
            "v = bcc_lookup_or_init(m, (&k), (&z));");
  EXPECT_EQ(Body("v = m.lookup_or_try_init(&k, &z);"),
            "v = bcc_lookup_or_try_init(m, (&k), (&z));");
  EXPECT_EQ(Body("m.perf_submit(ctx, &d, sizeof(d));"),
            "bcc_perf_submit(m, (ctx), (&d), (sizeof(d)));");
  // Commas within braces do not part arguments; calls may be in each other.
  EXPECT_EQ(Body("m.increment((struct k){1, 2}, *m.lookup(&k));"),
            "bcc_increment(m, ((struct k){1, 2}), (*bcc_lookup(m, (&k))));");
  EXPECT_EQ(Body("m\n.\nincrement(\nk);"), "bcc_increment(m\n\n, \n(k), 1);");
}

TEST(TranslateTest, MethodsInMacros) {
  EXPECT_THAT(Translated("BPF_HASH(m);\n#define COUNT(k) m.increment(k)\n"),
              HasSubstr("#define COUNT(k) bcc_increment(m, (k), 1)\n"));
}

TEST(TranslateTest, MethodsThatAreRefused) {
  EXPECT_EQ(Body("\nm.incremnt(k);"),
            "3: map m has no method incremnt; did you mean increment?\n");
  EXPECT_THAT(Body("m.clear();"), HasSubstr("it has increment, atomic_incre"));
  EXPECT_EQ(Body("m.update(&k);"),
            "2: m.update() is given 1 argument; it takes 2\n");
  EXPECT_EQ(Body("m.increment(1, 2, 3);"),
            "2: m.increment() is given 3 arguments; it takes 1 or 2\n");
  EXPECT_THAT(Translated("BPF_HASH(m);\nint f(c, {m.update(,)}d) {}"),
              HasSubstr("2: m.update(): methods are called in the bodies"));
  EXPECT_THAT(Body("other.lookup(&k);"),
              HasSubstr("2: other.lookup(): other is no map that this code"));
}

TEST(TranslateTest, AttachedFunctions) {
  EXPECT_EQ(Translated("int probe(struct pt_regs *ctx, struct request *req, "
                       "unsigned int n) {\n  return 0;\n}\n"),
            "SEC(\"kprobe\") int probe(struct pt_regs *ctx) { struct request "
            "*req = (struct request *)PT_REGS_PARM1(ctx); unsigned int n = "
            "(unsigned int)PT_REGS_PARM2(ctx);\n  return 0;\n}\n");
  EXPECT_EQ(Translated("static inline void perf(struct bpf_perf_event_data "
                       "*ctx)\n{\n if (x) return;\n}"),
            "SEC(\"perf_event\")  int perf(struct bpf_perf_event_data *ctx)\n"
            "{\n if (x) return 0;\nreturn 0; }");
  EXPECT_THAT(Translated("int ret(struct pt_regs *ctx) { return 1; }"),
              "SEC(\"kretprobe\") int ret(struct pt_regs *ctx) { return 1; }");
}

TEST(TranslateTest, Probes) {
  EXPECT_EQ(Translated("TRACEPOINT_PROBE(timer, timer_start) {\n return 0;\n}"),
            "SEC(\"tp\") int tracepoint__timer__timer_start(struct "
            "tracepoint__timer__timer_start *args) {\n return 0;\n}");
  EXPECT_EQ(Translated("RAW_TRACEPOINT_PROBE(timer_start)\n{\n return 0;\n}"),
            "SEC(\"raw_tp\") int raw_tracepoint__timer_start(struct "
            "bpf_raw_tracepoint_args *ctx)\n{\n return 0;\n}");
  EXPECT_THAT(Translated("TRACEPOINT_PROBE(a, b) { return 0; }"),
              HasSubstr("SEC(\"?tp\") int tracepoint__a__b("));
  EXPECT_THAT(Translated("KFUNC_PROBE(f, int a) { return 0; }"),
              HasSubstr("1: KFUNC_PROBE is not translated; there are"));
}

TEST(TranslateTest, HelpersAreInlined) {
  EXPECT_EQ(Translated("int help(u32 a) { return a; }"),
            "static inline __attribute__((always_inline)) int help(u32 a) { "
            "return a; }");
  EXPECT_EQ(Translated("static int help(void) { return 1; }"),
            "inline __attribute__((always_inline)) static int help(void) { "
            "return 1; }");
}

TEST(TranslateTest, ArgumentsThatAreRefused) {
  EXPECT_THAT(Translated("int ret(struct pt_regs *ctx, int a) { return 0; }"),
              HasSubstr("1: a kretprobe has no arguments"));
  EXPECT_THAT(Translated("int raw(void *ctx, int a) { return 0; }"),
              HasSubstr("1: a raw tracepoint has no arguments"));
  EXPECT_THAT(Translated("int point(void *args, int a) { return 0; }"),
              HasSubstr("1: a tracepoint has no arguments"));
  EXPECT_THAT(Translated("int perf(void *ctx, int a) { return 0; }"),
              HasSubstr("1: a perf event has no arguments"));
  EXPECT_THAT(Translated("int syscall__open(void *ctx, int a) { return 0; }"),
              HasSubstr("1: the arguments of a syscall__ function"));
  EXPECT_THAT(Translated("int probe(void *c, int a, int b, int d, int e, int "
                         "f, int g, int h) { return 0; }"),
              HasSubstr("only 6 arguments"));
  EXPECT_THAT(Translated("int probe(void *c, int a[2]) { return 0; }"),
              HasSubstr("this argument is not translated"));
}

TEST(TranslateTest, PreprocessorLinesAmongArgumentsAreRefused) {
  const std::string refusal =
      "2: a preprocessor line among the arguments is not translated; write the "
      "function once for each case\n";
  EXPECT_EQ(
      Translated("int probe(struct pt_regs *ctx,\n#error it's\nint a) {}"),
      refusal);
  EXPECT_EQ(Translated("TRACEPOINT_PROBE(\n#error it's\ntimer, a) {}"),
            refusal);
  EXPECT_THAT(Translated("int g(\n#if 0\nint a\n#endif\n) {}"),
              HasSubstr("#if 0"));
}

TEST(TranslateTest, ReadsOfTheKernel) {
  EXPECT_EQ(Body("x = req->sector;"), "x = BPF_CORE_READ(req, sector);");
  EXPECT_EQ(Body("x = req->q->disk->major + 1;"),
            "x = BPF_CORE_READ(req, q, disk, major) + 1;");
  EXPECT_EQ(Body("x = req->q->kobj.owner->major;"),
            "x = BPF_CORE_READ(req, q, kobj.owner, major);");
  EXPECT_EQ(Body("x = req->numbers[req->numbers[0]];"),
            "x = BPF_CORE_READ(req, numbers[BPF_CORE_READ(req, numbers[0])]);");
  EXPECT_EQ(Body("x = req->bits;"),
            "x = BPF_CORE_READ_BITFIELD_PROBED(req, bits);");
  EXPECT_EQ(Body("struct request *a, *b = req; x = a->sector + b->sector;"),
            "struct request *a, *b = req; x = BPF_CORE_READ(a, sector) + "
            "BPF_CORE_READ(b, sector);");
  EXPECT_EQ(Body("x = ((struct request *)y)->q->disk->major;"),
            "x = ({ __auto_type bcc_base_ = ((struct request *)y); "
            "BPF_CORE_READ(bcc_base_, q, disk, major); });");
  EXPECT_EQ(Body("m.increment(req->sector);"),
            "bcc_increment(m, (BPF_CORE_READ(req, sector)), 1);");
  EXPECT_EQ(Body("if (req->sector == 0 && !req->q) return;"),
            "if (BPF_CORE_READ(req, sector) == 0 && !BPF_CORE_READ(req, q)) "
            "return;");
}

TEST(TranslateTest, AddressesAreNoReads) {
  EXPECT_EQ(Body("f(&req->sector);"), "f(&req->sector);");
  EXPECT_EQ(Body("f(&req->q->disk->name);"),
            "f(({ __auto_type bcc_last_ = BPF_CORE_READ(req, q, disk); "
            "&bcc_last_->name; }));");
  EXPECT_EQ(Body("f(req->numbers);"), "f(req->numbers);");
  EXPECT_EQ(Body("f(req->q->disk->name);"),
            "f(({ __auto_type bcc_last_ = BPF_CORE_READ(req, q, disk); "
            "bcc_last_->name; }));");
  EXPECT_EQ(Body("x = y & req->sector;"),
            "x = y & BPF_CORE_READ(req, sector);");
}

TEST(TranslateTest, MemoryOfTheProgramIsNotRead) {
  EXPECT_EQ(Body("struct request r, *p = &r; x = p->sector + r.sector;"),
            "struct request r, *p = &r; x = p->sector + r.sector;");
  EXPECT_EQ(Body("struct request *p; p = m.lookup(&k); p->sector = 1;"),
            "struct request *p; p = bcc_lookup(m, (&k)); p->sector = 1;");
  EXPECT_EQ(Body("{ u64 req = 1; x = req; } x = req->sector;"),
            "{ u64 req = 1; x = req; } x = BPF_CORE_READ(req, sector);");
  EXPECT_EQ(Body("x = ctx->di;"), "x = ctx->di;");
  EXPECT_EQ(Body("x = sizeof(*req);"), "x = sizeof(*req);");
}

TEST(TranslateTest, PointersWithinRecordsOfTheCode) {
  EXPECT_THAT(
      Translated("struct v { struct request *req; u64 n; };\n"
                 "BPF_HASH(m, u32, struct v);\n"
                 "void f(void) { struct v *v = m.lookup(&k), w;\n"
                 " v->n += v->req->q->disk->major; w.n = w.req->sector; }"),
      HasSubstr(" v->n += ({ __auto_type bcc_base_ = v->req; BPF_CORE_READ("
                "bcc_base_, q, disk, major); }); w.n = ({ __auto_type "
                "bcc_base_ = w.req; BPF_CORE_READ(bcc_base_, sector); }); }"));
}

TEST(TranslateTest, ArgumentsOfTheCodesOwnRecordsAreReadUnrelocated) {
  EXPECT_THAT(Translated("struct mine { int a; };\nint probe(struct pt_regs "
                         "*ctx, struct mine *p) {\n return p->a;\n}"),
              HasSubstr("return BPF_PROBE_READ(p, a);"));
}

TEST(TranslateTest, ReadsThatAreRefused) {
  EXPECT_EQ(Body("x = 1;\nx = req->rq_disk;"),
            "3: struct request has no member rq_disk on this kernel; `exporter "
            "migrate FILE -o DIR` writes the program as libbpf C, to be mended "
            "there\n");
  EXPECT_THAT(Body("x = req->bio->bi_disk;"),
              HasSubstr("2: neither this code nor this kernel's types say what "
                        "struct bio is"));
  EXPECT_THAT(Body("req->sector = 1;"),
              HasSubstr("2: this writes to the kernel's memory"));
  EXPECT_THAT(Body("req->sector++;"), HasSubstr("this writes"));
  EXPECT_THAT(Body("--req->sector;"), HasSubstr("this writes"));
  EXPECT_THAT(
      Body("struct request copy = *req;"),
      HasSubstr("2: *req reads the kernel's memory as a whole, which is "
                "not translated; copy it with bpf_probe_read_kernel("
                "&copy, sizeof(copy), req) first"));
  EXPECT_THAT(Body("x = req[1].sector;"), HasSubstr("req[] reads"));
  EXPECT_THAT(Body("x = req->q[1].disk;"),
              HasSubstr("[] on a pointer of the kernel's"));
  EXPECT_THAT(Body("x = req->sector->a;"),
              HasSubstr("what this -> follows is not known to be a pointer"));
  EXPECT_THAT(Translated("int probe(void *ctx, const char *name) { return "
                         "name[0]; }"),
              HasSubstr("name[] reads the kernel's memory"));
}

TEST(TranslateTest, DamagedCodeIsRefused) {
  EXPECT_EQ(Translated("int x;\n/* a"),
            "2: this comment does not end; close it with */\n");
  EXPECT_EQ(Translated("\nchar *x = \"a\n\";"),
            "2: a quote is not closed on its line\n");
  EXPECT_EQ(Translated("int f() {\n"), "1: `{` is opened and not closed\n");
  EXPECT_EQ(Translated("int f()\n}"), "2: `}` closes nothing that is open\n");
  EXPECT_EQ(Translated("int f(\n]"), "2: `]` closes nothing that is open\n");
  EXPECT_EQ(Translated(std::string(257, '(') + std::string(257, ')')),
            "1: brackets are nested more than 256 deep\n");
}

TEST(TranslateTest, NamesThatTheCodeDoesNotDefine) {
  const Translation translation = Translate(
      "typedef struct disk_key { u8 op; } key_t;\n"
      "BPF_HASH(start, struct request *, key_t);\n"
      "TRACEPOINT_PROBE(block, rq) { sector_t s = REQ_OP_MASK; return 0; }\n"
      "#define LIMIT 3\nenum kind { SMALL, LARGE = LIMIT };\n"
      "int probe(struct pt_regs *ctx, struct sock *sk) { enum kind k = SMALL; "
      "return 0; }\n",
      kHooked, FakeMember);
  EXPECT_THAT(translation.tags,
              UnorderedElementsAre("request", "pt_regs", "sock"));
  EXPECT_THAT(translation.events, UnorderedElementsAre("block__rq"));
  EXPECT_TRUE(translation.names.contains("sector_t"));
  EXPECT_TRUE(translation.names.contains("REQ_OP_MASK"));
  for (const char* own :
       {"key_t", "start", "LIMIT", "SMALL", "LARGE", "probe"}) {
    EXPECT_FALSE(translation.names.contains(own)) << own;
  }
}

TEST(TranslateTest, RecordsThatAreReadOnTheWayAreAskedFor) {
  const Translation translation = Translate(
      "const int one = 1, two = 2;\n"
      "int probe(struct pt_regs *ctx, struct request *req) {\n"
      "  return req->q->kobj.owner->major;\n}\n",
      kHooked, FakeMember);
  EXPECT_THAT(translation.findings, IsEmpty());
  EXPECT_THAT(translation.tags,
              UnorderedElementsAre("pt_regs", "request", "request_queue",
                                   "kobject", "gendisk"));
  EXPECT_FALSE(translation.names.contains("two"));
}

TEST(TranslateTest, PlainLibbpfIsLeftAlone) {
  const std::string_view code =
      "struct { __uint(type, BPF_MAP_TYPE_HASH); } m SEC(\".maps\");\n"
      "static int help(struct request *req) { return req->sector; }\n"
      "SEC(\"tp_btf/x\") int BPF_PROG(f, struct request *req) { return "
      "req->sector; }\n"
      "char L[] SEC(\"license\") = \"GPL\";\n";
  EXPECT_EQ(Translated(code), code);
  EXPECT_TRUE(Translate(code, {}, FakeMember).has_license);
  EXPECT_THAT(*FunctionsIn(code), ElementsAre("help", "f"));
}

TEST(TranslateTest, EventsAndFunctionsAlone) {
  EXPECT_THAT(EventsOf("TRACEPOINT_PROBE(a, b) {}"), ElementsAre("a__b"));
  EXPECT_THAT(EventsOf("int f(struct tracepoint__c__d *x) {}"),
              ElementsAre("c__d"));
  EXPECT_THAT(EventsOf("{"), IsEmpty());
  EXPECT_EQ(FunctionsIn("{"), std::nullopt);
}

}  // namespace
}  // namespace ebpf_exporter
