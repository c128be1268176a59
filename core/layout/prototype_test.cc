#include "core/layout/prototype.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/layout/btf_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Lines(const Prototype& prototype) {
  static constexpr const char* kNames[] = {"integer", "void*", "pointer",
                                           "other"};
  std::vector<std::string> lines;
  for (const Parameter& one : prototype.parameters) {
    lines.push_back(absl::StrCat(kNames[static_cast<int>(one.kind)], " ",
                                 one.size, " ", one.type, " ", one.name, "|",
                                 one.pointee));
  }
  return lines;
}

TEST(PrototypeTest, ReadsTheHookThatClangWrites) {
  std::ifstream file("testdata/btf/disks.btf", std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  absl::StatusOr<Btf> btf = Btf::Parse(bytes.str());
  ASSERT_TRUE(btf.ok()) << btf.status();
  absl::StatusOr<Prototype> hook = HookPrototype(*btf, "on_issue");
  ASSERT_TRUE(hook.ok()) << hook.status();
  EXPECT_THAT(Lines(*hook),
              ElementsAre("pointer 8 struct request * |struct request",
                          "pointer 8 const char * |char",
                          "integer 4 enum state |", "void* 8 void * |"));
  EXPECT_EQ(HookPrototype(*btf, "on_complete").status(),
            absl::NotFoundError("the object does not say which arguments "
                                "\"on_complete\" takes"));
}

TEST(PrototypeTest, ReadsTracepointsOfAKernel) {
  BtfBuilder b;
  uint32_t request = b.Struct("request", 0, {});
  uint32_t alias = b.Modifier(BtfKind::kTypedef, "request_t", request);
  uint32_t nameless =
      b.Modifier(BtfKind::kTypedef, "atomic_t", b.Struct("", 4, {}));
  uint32_t tagged = b.Modifier(BtfKind::kTypeTag, "rcu",
                               b.Modifier(BtfKind::kConst, "", alias));
  uint32_t u32 = b.Modifier(BtfKind::kTypedef, "u32", b.Int("unsigned int", 4));
  uint32_t prototype = b.Prototype({{"__data", b.Pointer(0)},
                                    {"rq", b.Pointer(tagged)},
                                    {"count", b.Pointer(nameless)},
                                    {"error", u32},
                                    {"by_value", nameless},
                                    {"", 0}});
  b.Modifier(BtfKind::kTypedef, "btf_trace_block_rq_issue",
             b.Pointer(prototype));
  b.Modifier(BtfKind::kTypedef, "btf_trace_odd", u32);
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  absl::StatusOr<Prototype> issue = TracepointPrototype(*btf, "block_rq_issue");
  ASSERT_TRUE(issue.ok()) << issue.status();
  EXPECT_THAT(
      Lines(*issue),
      ElementsAre("void* 8 void * __data|",
                  "pointer 8 const request_t * rq|struct request",
                  "pointer 8 atomic_t * count|atomic_t", "integer 4 u32 error|",
                  "other 4 atomic_t by_value|", "other 0 ... |"));
  EXPECT_EQ(TracepointPrototype(*btf, "block_rq_complete").status(),
            absl::NotFoundError(
                "this kernel has no tracepoint \"block_rq_complete\""));
  EXPECT_EQ(TracepointPrototype(*btf, "odd").status(),
            absl::InvalidArgumentError(
                "`btf_trace_odd` is not a pointer to a function"));
}

TEST(PrototypeTest, ReadsFunctionsOfAKernel) {
  BtfBuilder b;
  uint32_t file = b.Pointer(b.Struct("file", 0, {}));
  uint32_t size = b.Modifier(BtfKind::kTypedef, "ssize_t", b.Int("long", 8));
  b.Modifier(BtfKind::kFunction, "forget", b.Prototype({{"file", file}}));
  // A prototype with a result: BtfBuilder's own has none.
  uint32_t reads =
      b.Raw(BtfKind::kFunctionPrototype, 1, false, "", size, {0, file});
  b.Modifier(BtfKind::kFunction, "vfs_read", reads);
  absl::StatusOr<Btf> btf = Btf::Parse(b.Build());
  ASSERT_TRUE(btf.ok()) << btf.status();
  const auto lines = [&btf](std::string_view name, bool returns) {
    absl::StatusOr<Prototype> read = FunctionPrototype(*btf, name, returns);
    EXPECT_TRUE(read.ok()) << read.status();
    std::vector<std::string> all = Lines(*read);
    all.erase(all.begin());  // in place of `__data`
    return all;
  };
  const std::string argument = "pointer 8 struct file * |struct file";
  EXPECT_THAT(lines("vfs_read", false), ElementsAre(argument));
  EXPECT_THAT(lines("vfs_read", true),
              ElementsAre(argument, "integer 8 ssize_t |"));
  EXPECT_EQ(lines("forget", true), lines("forget", false));  // void
  EXPECT_EQ(FunctionPrototype(*btf, "none", false).status(),
            absl::NotFoundError("this kernel has no function none"));
}

}  // namespace
}  // namespace ebpf_exporter
