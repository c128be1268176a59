#include "bpf/inline/run_command.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kLong(30);

CommandResult Shell(const std::string& script, std::string_view input = "") {
  const auto result = RunCommand({"/bin/sh", "-c", script}, input, kLong);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.value_or(CommandResult{-1, "", ""});
}

TEST(RunCommandTest, InputOutputAndErrorsAreKeptApart) {
  const CommandResult result = Shell("cat; echo wrong >&2; exit 3", "some\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.output, "some\n");
  EXPECT_EQ(result.errors, "wrong\n");
}

TEST(RunCommandTest, MoreThanAPipeHoldsGoesThrough) {
  std::string input;
  for (int i = 0; i < 200'000; ++i) absl::StrAppend(&input, i, " a line\n");
  const CommandResult result = Shell("cat; cat /dev/null; exit 0", input);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output.size(), input.size());
  EXPECT_TRUE(result.output == input);
  // And what is written is not waited for to be read.
  EXPECT_EQ(Shell("true", input).exit_code, 0);
}

TEST(RunCommandTest, SignalsAreToldAsTheShellDoes) {
  EXPECT_EQ(Shell("kill -9 $$").exit_code, 137);
  EXPECT_EQ(Shell("kill -15 $$").exit_code, 143);
}

TEST(RunCommandTest, WhatTakesTooLongIsKilledWithItsChildren) {
  const std::string file = testing::TempDir() + "/lives";
  std::filesystem::remove(file);
  const auto start = std::chrono::steady_clock::now();
  const auto result =
      RunCommand({"/bin/sh", "-c",
                  absl::StrCat("(sleep 1; touch ", file, ") & sleep 100")},
                 "", std::chrono::milliseconds(200));
  EXPECT_TRUE(absl::IsDeadlineExceeded(result.status())) << result.status();
  EXPECT_THAT(result.status().message(), HasSubstr("/bin/sh did not end"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, kLong);
  usleep(1'200'000);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(RunCommandTest, WhatIsNotThereCannotBeRun) {
  const auto result = RunCommand({"/nowhere/clang"}, "", kLong);
  EXPECT_TRUE(absl::IsNotFound(result.status())) << result.status();
  EXPECT_THAT(result.status().message(),
              HasSubstr("cannot run /nowhere/clang"));
  EXPECT_FALSE(RunCommand({testing::TempDir()}, "", kLong).ok());
}

TEST(RunCommandTest, TheEnvironmentIsSmall) {
  setenv("PATH", "/usr/bin:/bin", 1);
  setenv("LD_PRELOAD_OF_A_USER", "x", 1);
  const auto result = RunCommand({"/usr/bin/env"}, "", kLong);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, "PATH=/usr/bin:/bin\nLC_ALL=C\n");
}

TEST(FindCommandTest, LooksWhereTheShellDoes) {
  const std::string folder = testing::TempDir() + "/bin";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/tool") << "#!/bin/sh\n";
  setenv("PATH", absl::StrCat("/nowhere::", folder).c_str(), 1);
  EXPECT_EQ(FindCommand("tool"), "");  // not to be executed
  ASSERT_EQ(chmod((folder + "/tool").c_str(), 0700), 0);
  EXPECT_EQ(FindCommand("tool"), folder + "/tool");
  EXPECT_EQ(FindCommand(folder + "/tool"), folder + "/tool");
  EXPECT_EQ(FindCommand("./no/tool"), "");
  unsetenv("PATH");
  EXPECT_EQ(FindCommand("tool"), "");
  EXPECT_NE(FindCommand("sh"), "");
  setenv("PATH", "/usr/bin:/bin", 1);
}

}  // namespace
}  // namespace ebpf_exporter
