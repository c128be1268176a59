// The built program on every kind of hook, briefly: that each BPF program
// counted exactly the calls that were made is part of measuring it. It runs on
// emulated machines too (tools/vmtest), whose kernels have kprobe and fentry.
// Needs root, or CAP_BPF.

#include <map>
#include <string>

#include "bpf/loader/privileges.h"
#include "cmd/overhead-bench/bench_process.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidjson/document.h"
#include "tools/build/test_machine.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

void ExpectMeasured(const rapidjson::Value& result) {
  EXPECT_GT(result["baseline_ns"].GetDouble(), 5);
  EXPECT_LE(result["ci_low_ns"].GetDouble(), result["median_ns"].GetDouble());
  EXPECT_GE(result["ci_high_ns"].GetDouble(), result["median_ns"].GetDouble());
  // Two rounds prove nothing.
  EXPECT_FALSE(result["distinguishable"].GetBool());
  EXPECT_EQ(result["samples"].GetInt(), 2);
  EXPECT_EQ(result["rounds_ns"].Size(), 2u);
  const bool is_none = std::string(result["kind"].GetString()) == "none";
  EXPECT_EQ(result["run_time_ns"].GetDouble() != 0, !is_none);
}

class KindsBpfTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!CheckPrivileges().ok()) return;
    BenchProcess bench({"probes", "--smoke", "--format", "json"});
    EXPECT_EQ(bench.Wait(), 0) << bench.err();
    report_.Parse(bench.out().c_str());
    ASSERT_FALSE(report_.HasParseError()) << bench.out();
  }

  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    ASSERT_TRUE(report_.IsObject());
  }

  static rapidjson::Document report_;
};

rapidjson::Document KindsBpfTest::report_;

TEST_F(KindsBpfTest, EachIsMeasuredOrSaysWhyNot) {
  EXPECT_GT(report_["baseline_ns"].GetDouble(), 5);
  EXPECT_GT(report_["stats_cost_ns"].GetDouble(), 0);
  std::map<std::string, int> measured;
  std::map<std::string, int> all;
  for (const rapidjson::Value& result : report_["results"].GetArray()) {
    const std::string kind = result["kind"].GetString();
    SCOPED_TRACE(kind + " " + result["program"].GetString());
    if (result["cpus"].GetInt() == 1) ++all[kind];
    if (result.HasMember("unavailable")) {
      const std::string reason = result["unavailable"].GetString();
      EXPECT_GT(reason.size(), 10u);
      // The kernels of those machines have all kinds.
      EXPECT_FALSE(MachineIsForTests() && result["cpus"].GetInt() == 1)
          << reason;
      continue;
    }
    ExpectMeasured(result);
    if (result["cpus"].GetInt() == 1) ++measured[kind];
  }
  const std::map<std::string, int> expected = {
      {"none", 1},   {"tracepoint", 7}, {"raw_tp", 7},    {"tp_btf", 7},
      {"fentry", 7}, {"fexit", 3},      {"kprobe", 7},    {"kretprobe", 3},
      {"uprobe", 3}, {"uretprobe", 3},  {"perf_event", 3}};
  EXPECT_EQ(all, expected);
  if (MachineIsForTests()) EXPECT_EQ(measured, expected);
  EXPECT_EQ(measured["none"], 1);
  EXPECT_EQ(measured["raw_tp"], 7);
  EXPECT_EQ(measured["uprobe"], 3);
  EXPECT_EQ(measured["perf_event"], 3);
}

TEST_F(KindsBpfTest, SaysWhatItWasMeasuredOn) {
  const rapidjson::Value& environment = report_["environment"];
  for (const char* fact :
       {"kernel", "cpu", "cpus", "virtualisation", "governor", "smt",
        "mitigations", "jit", "clock", "libbpf", "objects", "load"}) {
    ASSERT_TRUE(environment.HasMember(fact)) << fact;
    EXPECT_GT(environment[fact].GetStringLength(), 0u) << fact;
  }
  EXPECT_THAT(environment["kernel"].GetString(), HasSubstr("Linux"));
}

TEST_F(KindsBpfTest, FiguresOfEmulatedCpusAreMarked) {
  if (!MachineIsForTests()) GTEST_SKIP() << "for emulated CPUs";
  const rapidjson::Value& environment = report_["environment"];
  EXPECT_THAT(environment["virtualisation"].GetString(),
              HasSubstr("emulated CPUs, not comparable, QEMU TCG"));
  EXPECT_FALSE(environment["comparable"].GetBool());
  bool warned = false;
  for (const rapidjson::Value& warning : environment["warnings"].GetArray()) {
    warned =
        warned ||
        std::string(warning.GetString()).starts_with("the CPUs are emulated");
  }
  EXPECT_TRUE(warned);
}

}  // namespace
}  // namespace ebpf_exporter
