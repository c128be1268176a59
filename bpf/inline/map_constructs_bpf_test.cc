// Maps of the dialect and their methods.

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/inline/constructs_test.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST_F(ConstructsTest, IncrementByOneAndByAnAmount) {
  ASSERT_TRUE(StartAtCalls("BPF_HASH(m);",
                           "  u64 key = 1;\n"
                           "  m.increment(key);\n"
                           "  m.increment(2, 5);\n"
                           "  m.atomic_increment(3);\n"
                           "  m.atomic_increment(4, key + 1);\n"));
  Call();
  EXPECT_THAT(Read(),
              UnorderedElementsAre(Pair(Bytes<uint64_t>(1), kCalls),
                                   Pair(Bytes<uint64_t>(2), 5 * kCalls),
                                   Pair(Bytes<uint64_t>(3), kCalls),
                                   Pair(Bytes<uint64_t>(4), 2 * kCalls)));
}

TEST_F(ConstructsTest, ANarrowNumberBecomesTheKeysType) {
  ASSERT_TRUE(
      StartAtCalls("BPF_HASH(m);", "  int key = -98;\n  m.increment(-key);\n"));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes<uint64_t>(98), kCalls)));
}

TEST_F(ConstructsTest, ValuesOfOtherTypes) {
  ASSERT_TRUE(StartAtCalls("BPF_HASH(m, u32, u32);\nBPF_HASH(n, u8, u16, 16);",
                           "  m.increment(1, 3);\n  n.increment(2);\n"));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes<uint32_t>(1), 3 * kCalls)));
  EXPECT_THAT(Read("n"), ElementsAre(Pair(Bytes<uint8_t>(2), kCalls)));
}

TEST_F(ConstructsTest, ArraysHaveIndices) {
  ASSERT_TRUE(StartAtCalls("BPF_ARRAY(m, u64, 4);",
                           "  m.increment(3, 2);\n  m.increment(4);\n"
                           "  int key = 1; u64 value = 7;\n"
                           "  m.update(&key, &value);\n"));
  Call();
  EXPECT_THAT(Read(),
              ElementsAre(Pair(Bytes(0), 0), Pair(Bytes(1), 7),
                          Pair(Bytes(2), 0), Pair(Bytes(3), 2 * kCalls)));
}

TEST_F(ConstructsTest, MapsPerCpu) {
  ASSERT_TRUE(
      StartAtCalls("BPF_PERCPU_HASH(m, u32);\n"
                   "BPF_PERCPU_ARRAY(n, u64, 2);",
                   "  m.increment(7);\n  n.increment(1, 2);\n"));
  Call();
  EXPECT_THAT(Read(), ElementsAre(Pair(Bytes(7), kCalls)));
  EXPECT_THAT(NotZero("n"), ElementsAre(Pair(Bytes(1), 2 * kCalls)));
}

TEST_F(ConstructsTest, HistogramsAreArraysOrHashes) {
  ASSERT_TRUE(StartAtCalls(
      "struct slot_t { u32 kind; u64 slot; };\n"
      "const u8 last = 3;\nconst u8 kinds = last - 1;\n"
      "BPF_HISTOGRAM(m);\nBPF_HISTOGRAM(n, struct slot_t, (last + 2) * kinds);",
      "  m.increment(bpf_log2l(1024));\n"
      "  struct slot_t slot = {.kind = 1, .slot = last + 1};\n"
      "  n.increment(slot, 9);\n"));
  Call();
  EXPECT_EQ(Read().size(), 64);
  EXPECT_THAT(NotZero(), ElementsAre(Pair(Bytes(11), kCalls)));
  const std::string slot = Bytes<uint64_t>(1) + Bytes<uint64_t>(4);
  EXPECT_THAT(Read("n"), ElementsAre(Pair(slot, 9 * kCalls)));
  for (const LoadedMap& map : loaded_->maps) {
    if (map.shape.name != "n") continue;
    EXPECT_EQ(map.shape.max_entries, 10);
  }
}

TEST_F(ConstructsTest, Logarithms) {
  ASSERT_TRUE(StartAtCalls(
      "BPF_ARRAY(m, u64, 16);\n"
      "#define PUT(n, v) { int i = n; u64 x = v; m.update(&i, &x); }",
      "  u64 one = ctx->args[1] - " + absl::StrCat(SYS_getppid - 1) +
          ";\n  PUT(0, bpf_log2l(one - 1)) PUT(1, bpf_log2l(one))\n"
          "  PUT(2, bpf_log2l(one * 2)) PUT(3, bpf_log2l(one * 3))\n"
          "  PUT(4, bpf_log2l(one << 40)) PUT(5, bpf_log2l(-one))\n"
          "  PUT(6, bpf_log2(one - 1)) PUT(7, bpf_log2(one))\n"
          "  PUT(8, bpf_log2(one * 2)) PUT(9, bpf_log2(one * 1023))\n"
          "  PUT(10, bpf_log2(one * 1024))\n"));
  Call(1);
  const Entries read = Read();
  const std::vector<uint64_t> expected = {1, 1, 2, 2, 41, 64, 0, 0, 1, 9, 10};
  for (int i = 0; i < 11; ++i) {
    EXPECT_EQ(read.at(Bytes(i)), expected[static_cast<size_t>(i)]) << i;
  }
}

TEST_F(ConstructsTest, LookupUpdateInsertDelete) {
  ASSERT_TRUE(
      StartAtCalls("BPF_HASH(seen, u32, u64);\nBPF_HASH(m, u32);",
                   "  u32 key = 5; u64 first = 10, second = 20, *value;\n"
                   "  value = seen.lookup(&key);\n"
                   "  m.increment(value == 0 ? 1 : 2);\n"
                   "  seen.insert(&key, &first);\n"
                   "  seen.insert(&key, &second);\n"
                   "  value = seen.lookup(&key);\n"
                   "  if (value) m.increment(3, *value);\n"
                   "  seen.update(&key, &second);\n"
                   "  value = seen.lookup(&key);\n"
                   "  if (value) { m.increment(4, *value); (*value)++; }\n"
                   "  value = seen.lookup(&key);\n"
                   "  if (value) m.increment(5, *value);\n"
                   "  seen.delete(&key);\n"
                   "  if (!seen.lookup(&key)) m.increment(6);\n"));
  Call();
  EXPECT_THAT(Read(),
              ElementsAre(Pair(Bytes(1), kCalls), Pair(Bytes(3), 10 * kCalls),
                          Pair(Bytes(4), 20 * kCalls),
                          Pair(Bytes(5), 21 * kCalls), Pair(Bytes(6), kCalls)));
  EXPECT_THAT(Read("seen"), IsEmpty());
}

TEST_F(ConstructsTest, LookupOrInitMakesTheEntryOrEndsTheFunction) {
  ASSERT_TRUE(StartAtCalls("BPF_HASH(m, u32);\nBPF_HASH(full, u32, u64, 1);",
                           "  u32 key = 1, other = 2; u64 zero = 0, *value;\n"
                           "  value = m.lookup_or_init(&key, &zero);\n"
                           "  (*value) += 3;\n"
                           "  value = m.lookup_or_try_init(&other, &zero);\n"
                           "  if (value) (*value)++;\n"
                           "  value = full.lookup_or_init(&key, &zero);\n"
                           "  m.increment(7);\n"
                           "  value = full.lookup_or_try_init(&other, &zero);\n"
                           "  if (!value) m.increment(8);\n"
                           "  value = full.lookup_or_init(&other, &zero);\n"
                           "  m.increment(9);\n"));
  Call();
  EXPECT_THAT(Read(),
              ElementsAre(Pair(Bytes(1), 3 * kCalls), Pair(Bytes(2), kCalls),
                          Pair(Bytes(7), kCalls), Pair(Bytes(8), kCalls)));
}

TEST_F(ConstructsTest, PaddingIsZero) {
  // Every way to make a key, after the stack was filled with something else.
  ASSERT_TRUE(StartAtCalls(
      "struct key_t { u8 a; u64 b; u16 c; };\nBPF_HASH(m, struct key_t);\n"
      "static void dirty(void) {\n"
      "  u64 junk[20];\n"
      "  for (int i = 0; i < 20; i++) junk[i] = bpf_ktime_get_ns() | 0x0101;\n"
      "  bpf_trace_printk(\"\", junk[3]);\n"
      "}\n",
      "  u64 one = ctx->args[1] - " + absl::StrCat(SYS_getppid - 1) +
          ";\n"
          "  dirty();\n"
          "  struct key_t set = {.a = one};\n  m.increment(set);\n"
          "  struct key_t plain; plain.a = one; plain.b = 0; plain.c = 0;\n"
          "  m.increment(plain);\n"
          "  m.increment((struct key_t){one, 0, 0});\n"
          "  plain = (struct key_t){.a = one};\n  m.increment(plain);\n"
          "  u64 *value = m.lookup(&set);\n  if (value) (*value)++;\n"));
  Call();
  const std::string key = Bytes<uint64_t>(1) + std::string(16, '\0');
  EXPECT_THAT(Read(), ElementsAre(Pair(key, 5 * kCalls)));
}

TEST_F(ConstructsTest, TablesOfEveryKind) {
  ASSERT_TRUE(StartAtCalls(
      "BPF_TABLE(\"hash\", u32, u64, a, 5);\n"
      "BPF_TABLE(\"lru_hash\", u32, u64, b, 5);\n"
      "BPF_TABLE(\"percpu_hash\", u32, u64, c, 5);\n"
      "BPF_TABLE(\"lru_percpu_hash\", u32, u64, d, 5);\n"
      "BPF_TABLE(\"array\", int, u64, e, 2);\n"
      "BPF_TABLE(\"percpu_array\", int, u64, f_, 2);\n",
      "  a.increment(1); b.increment(1); c.increment(1); d.increment(1);\n"
      "  e.increment(1); f_.increment(1);\n"));
  Call();
  for (std::string_view map : {"a", "b", "c", "d", "e", "f_"}) {
    EXPECT_THAT(NotZero(map), ElementsAre(Pair(Bytes(1), kCalls))) << map;
  }
}

TEST_F(ConstructsTest, ValuesAreStructsToo) {
  ASSERT_TRUE(StartAtCalls(
      "struct sums_t { u32 calls; u8 last; u64 total[2]; };\n"
      "BPF_HASH(sums, u32, struct sums_t);\nBPF_HASH(m, u32);",
      "  struct sums_t zero = {}, *kept, *again;\n"
      "  u32 key = 3;\n"
      "  kept = sums.lookup_or_try_init(&key, &zero);\n"
      "  if (!kept) return 0;\n"
      "  kept->calls++;\n"
      "  kept->total[1] += 2;\n"
      "  m.increment(1, kept->calls == 1);\n"
      "  struct sums_t copy = *kept;\n"
      "  copy.last = 9;\n"
      "  sums.update(&key, &copy);\n"
      "  again = sums.lookup(&key);\n"
      "  if (!again) return 0;\n"
      "  m.increment(2, again->last);\n"
      "  if (again->calls == 100) m.increment(3, again->total[1]);\n"));
  Call();
  EXPECT_THAT(Read(), UnorderedElementsAre(Pair(Bytes(1), 1),
                                           Pair(Bytes(2), 9 * kCalls),
                                           Pair(Bytes(3), 2 * kCalls)));
  // The struct's first 8 bytes: `calls`, `last` and the hole.
  EXPECT_THAT(Read("sums"),
              ElementsAre(Pair(Bytes(3), kCalls | uint64_t{9} << 32)));
}

TEST_F(ConstructsTest, KeysAreArraysAndPointers) {
  ASSERT_TRUE(StartAtCalls(
      "typedef struct { char name[TASK_COMM_LEN]; u8 kind; } name_key_t;\n"
      "BPF_HASH(m, name_key_t);\nBPF_HASH(n, struct task_struct *);",
      "  name_key_t key = {.kind = 7};\n"
      "  struct task_struct *task = (struct task_struct "
      "*)bpf_get_current_task();\n"
      "  u64 one = 1;\n"
      "  bpf_get_current_comm(&key.name, sizeof(key.name));\n"
      "  m.increment(key);\n"
      "  n.update(&task, &one);\n"
      "  n.increment(task, 2);\n"));
  ASSERT_EQ(prctl(PR_SET_NAME, "by_array"), 0);
  Call();
  std::string key = "by_array";
  key.resize(16);
  EXPECT_THAT(Read(), ElementsAre(Pair(key + '\7', kCalls)));
  ASSERT_EQ(Read("n").size(), 1);
  EXPECT_EQ(Read("n").begin()->second, 3);
}

TEST_F(ConstructsTest, MethodsStandWhereverCallsMay) {
  ASSERT_TRUE(StartAtCalls(
      "static const u32 sizes[] = {1, 2, 4, 8};\nBPF_HASH(m, u32);\n"
      "#define PICK(key) (m.lookup(key) != 0 ? 20 : 30)",
      "  u32 key = 9, i;\n"
      "  if (ctx->args[0]) m.increment(1); else m.increment(2);\n"
      "  for (i = 0; i < 4; i++) m.increment(10 + i, sizes[i]);\n"
      "  switch (ctx->args[1] & 1) {\n"
      "  case 0: m.increment(3); break;\n"
      "  default: m.increment(3);\n"
      "  }\n"
      "  m.increment(m.lookup(&key) ? 5 : 6);\n"
      "  while (i-- > 2)\n    m.increment(7);\n"
      "  { u32 key = 1; if (m.lookup(&key) && !m.delete(&key)) goto out; }\n"
      "  m.increment(8);\n"
      "out:\n"
      "  m.increment(PICK(&key));\n"));
  Call();
  EXPECT_THAT(Read(),
              UnorderedElementsAre(
                  Pair(Bytes(3), kCalls), Pair(Bytes(6), kCalls),
                  Pair(Bytes(7), 2 * kCalls), Pair(Bytes(10), kCalls),
                  Pair(Bytes(11), 2 * kCalls), Pair(Bytes(12), 4 * kCalls),
                  Pair(Bytes(13), 8 * kCalls), Pair(Bytes(30), kCalls)));
}

}  // namespace
}  // namespace ebpf_exporter
