// The recorded dump of each program of the catalogue gives the text that the
// exporter printed of the same maps.

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "cmd/tabledump/tabledump_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string ReadFile(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

class CatalogueTest : public testing::TestWithParam<const char*> {};

TEST_P(CatalogueTest, TheRecordedDumpGivesThePrintedText) {
  const std::string name = GetParam();
  const std::string dump = absl::StrCat("testdata/dumps/catalogue/", name);
  const RunResult result = RunTabledump(
      {"decode", absl::StrCat("--config.file=bpf/programs/", name, ".yaml"),
       "--format=prom", dump + ".capture"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, ReadFile(dump + ".golden"));
  EXPECT_NE(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(Programs, CatalogueTest,
                         testing::Values("bio", "dns", "page_cache",
                                         "page_faults", "process", "runqlat",
                                         "softirq_latency", "syscalls", "tcp",
                                         "timers"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace ebpf_exporter
