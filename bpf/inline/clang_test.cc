#include "bpf/inline/clang.h"

#include <sys/stat.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

auto Error(int line, std::string_view message) {
  return ::testing::AllOf(Field("line", &CodeFinding::line, line),
                          Field("message", &CodeFinding::message, message));
}

// A command that stands for clang.
std::string Fake(std::string_view script) {
  const std::string path = testing::TempDir() + "/fake_clang";
  std::ofstream(path) << "#!/bin/sh\n" << script;
  chmod(path.c_str(), 0700);
  return path;
}

ClangResult Compile(std::string_view script,
                    const std::vector<std::string>& flags = {}) {
  const auto result = CompileSource(Fake(script), flags, {"code\n", 10});
  EXPECT_TRUE(result.ok()) << result.status();
  return result.value_or(ClangResult());
}

TEST(ReadClangErrorsTest, LinesAreThoseOfTheCode) {
  EXPECT_THAT(
      ReadClangErrors("<stdin>:12:5: error: use of undeclared identifier 'x'\n"
                      "<stdin>:13:1: warning: unused\n"
                      "<stdin>:12:9: note: did you mean y?\n"
                      "<stdin>:3:1: error: in what is put before it: a: b\n"
                      "<stdin>:10:1: error: its last line\n"
                      "other.h:12:5: error: elsewhere\n"
                      "<stdin>:99:1: fatal error: too many errors\n"
                      "<stdin>:x:1: error: no number\n"
                      "2 errors generated.\n",
                      10),
      ElementsAre(Error(2, "use of undeclared identifier 'x'"),
                  Error(0, "in what is put before it: a: b"),
                  Error(0, "its last line"), Error(89, "too many errors")));
  EXPECT_THAT(ReadClangErrors("", 0), IsEmpty());
}

TEST(ReadClangErrorsTest, TwentyAreEnough) {
  std::string lines;
  for (int i = 0; i < 50; ++i)
    absl::StrAppend(&lines, "<stdin>:1:1: error: e\n");
  EXPECT_THAT(ReadClangErrors(lines, 0), SizeIs(20));
}

TEST(CompileSourceTest, TheObjectIsWhatIsWritten) {
  const ClangResult result = Compile("cat; echo \"$1\"", {"-DMINE"});
  EXPECT_EQ(result.object, "code\n-DMINE\n");
  EXPECT_THAT(result.errors, IsEmpty());
}

TEST(CompileSourceTest, ErrorsAreFoundOrAllThatWasSaid) {
  EXPECT_THAT(Compile("echo '<stdin>:11:1: error: no' >&2; exit 1").errors,
              ElementsAre(Error(1, "no")));
  EXPECT_THAT(Compile("echo ' crashed ' >&2; exit 3").errors,
              ElementsAre(Field(&CodeFinding::message,
                                HasSubstr("ended with 3: crashed"))));
}

TEST(CompileSourceTest, NewerOnesAreAskedWithoutTheFlagTheyRefuse) {
  const ClangResult result = Compile(
      "case \"$*\" in *knowing-it-will-be-removed*)\n"
      "  echo \"error: unknown argument: "
      "'-enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-"
      "clang'\" >&2; exit 1;;\nesac\necho \"$1\"");
  EXPECT_EQ(result.object, "-ftrivial-auto-var-init=zero\n");
}

TEST(CompileSourceTest, WhatCannotBeRunIsAnError) {
  EXPECT_FALSE(CompileSource("/nowhere/clang", {}, {"", 0}).ok());
}

TEST(ClangTest, SaysHowToGetIt) {
  EXPECT_THAT(NoClang(""), HasSubstr("there is none in PATH; install it"));
  EXPECT_THAT(NoClang("/a/clang"), HasSubstr("\"/a/clang\" cannot be run"));
  EXPECT_THAT(ClangFlags(), Contains("-nostdinc"));
}

}  // namespace
}  // namespace ebpf_exporter
