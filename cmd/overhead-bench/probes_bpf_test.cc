// The built program, briefly: that each BPF program counted exactly the calls
// that were made is part of measuring it. Needs root, or CAP_BPF.

#include <stdio.h>

#include <set>
#include <string>

#include "bpf/loader/privileges.h"
#include "gtest/gtest.h"
#include "rapidjson/document.h"

namespace ebpf_exporter {
namespace {

std::string OutputOf(const std::string& arguments, int& exit_code) {
  const std::string command =
      "cmd/overhead-bench/overhead-bench " + arguments + " 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) {
    output += static_cast<char>(c);
  }
  exit_code = WEXITSTATUS(pclose(pipe));
  return output;
}

void ExpectMeasured(const rapidjson::Value& result) {
  EXPECT_GT(result["baseline_ns"].GetDouble(), 5);
  EXPECT_GT(result["run_time_ns"].GetDouble(), 0);
  EXPECT_LE(result["ci_low_ns"].GetDouble(), result["median_ns"].GetDouble());
  EXPECT_GE(result["ci_high_ns"].GetDouble(), result["median_ns"].GetDouble());
  // Two rounds prove nothing.
  EXPECT_FALSE(result["distinguishable"].GetBool());
  EXPECT_EQ(result["samples"].GetInt(), 2);
  EXPECT_EQ(result["cpus"].GetInt(), 1);
}

TEST(ProbesBpfTest, MeasuresEachProgramOrSaysWhyNot) {
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) GTEST_SKIP() << privileges;
  int exit_code = -1;
  const std::string output = OutputOf("probes --smoke --json", exit_code);
  ASSERT_EQ(exit_code, 0) << output;
  rapidjson::Document report;
  report.Parse(output.c_str());
  ASSERT_FALSE(report.HasParseError()) << output;
  EXPECT_GT(report["baseline_ns"].GetDouble(), 5);
  std::multiset<std::string> measured;
  for (const rapidjson::Value& result : report["results"].GetArray()) {
    SCOPED_TRACE(result["kind"].GetString());
    SCOPED_TRACE(result["program"].GetString());
    if (result.HasMember("unavailable")) {
      EXPECT_GT(result["unavailable"].GetStringLength(), 10u);
      continue;
    }
    ExpectMeasured(result);
    measured.insert(result["kind"].GetString());
  }
  EXPECT_EQ(report["results"].Size(), 35u);
  EXPECT_EQ(measured.count("raw_tp"), 7u);
}

TEST(ProbesBpfTest, WrongArgumentsAreOne) {
  int exit_code = -1;
  OutputOf("probes --rounds=0", exit_code);
  EXPECT_EQ(exit_code, 1);
  OutputOf("", exit_code);
  EXPECT_EQ(exit_code, 1);
  OutputOf("probes --help", exit_code);
  EXPECT_EQ(exit_code, 0);
}

}  // namespace
}  // namespace ebpf_exporter
