// Paths are relative to where the user stands.

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "cmd/tabledump/tabledump_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// `bazel run` starts programs elsewhere and tells where the user stands.
TEST(PathsTest, AreThoseOfTheUserAlsoUnderBazelRun) {
  const std::string folder =
      std::filesystem::absolute("testdata/dumps/tabledump").string();
  RunOptions options;
  options.environment = {absl::StrCat("BUILD_WORKING_DIRECTORY=", folder)};
  const RunResult result =
      RunTabledump({"decode", "--config.file=disks.yaml", "--format=prom",
                    "--metric=balance", "disks.json"},
                   options);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("ebpf_exporter_balance"), std::string::npos);
}

TEST(PathsTest, AFolderThatIsGoneIsAnError) {
  RunOptions options;
  options.environment = {"BUILD_WORKING_DIRECTORY=/nowhere/at/all"};
  const RunResult result = RunTabledump({"decode", "x"}, options);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("/nowhere/at/all"), std::string::npos);
}

}  // namespace
}  // namespace ebpf_exporter
