// One function on many kernel functions, end to end: the label of a kprobe's
// instruction pointer is the name of the function, on kernels built with IBT
// too, where the probe stops 4 bytes behind the function's beginning.

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "cmd/exporter/exporter_process.h"
#include "gtest/gtest.h"
#include "tools/build/test_machine.h"

namespace ebpf_exporter {
namespace {

std::string WriteConfig() {
  const std::string path = testing::TempDir() + "kprobes.yaml";
  std::ofstream(path) << "programs:\n"
                         "  - name: probed\n"
                         "    object: "
                      << std::filesystem::absolute(
                             "bpf/loader/testdata/addresses.bpf.o")
                             .string()
                      << R"(
    metrics:
      counters:
        - name: probed_total
          help: Calls of kernel functions
          table: addresses
          labels:
            - {name: function, size: 8, decoders: [{name: ksym}]}
    kprobes:
      vfs_read: count_address
      vfs_write: count_address
      no_such_function_anywhere: count_address
)";
  return path;
}

#if defined(__x86_64__)
TEST(KprobesBpfTest, TheInstructionPointerReadsTheFunctionsName) {
  if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  ExporterProcess exporter({"--config.file=" + WriteConfig()});
  if (!exporter.WaitUntilItListens()) {
    ASSERT_NE(exporter.Log().find("built without kprobes"), std::string::npos)
        << exporter.Log();
    ASSERT_FALSE(MachineIsForTests());
    GTEST_SKIP() << "NOT TRIED HERE: this kernel is built without kprobes";
  }
  constexpr int kCalls = 500;
  const int null = open("/dev/zero", O_RDWR | O_CLOEXEC);
  char byte = 0;
  for (int i = 0; i < kCalls; ++i) {
    ASSERT_EQ(read(null, &byte, 1), 1);
    ASSERT_EQ(write(null, &byte, 1), 1);
  }
  close(null);
  const auto page = exporter.Scrape();
  ASSERT_TRUE(page.ok()) << page.status();
  std::set<std::string> names;
  for (const ParsedSample& sample :
       page->at("ebpf_exporter_probed_total").samples) {
    EXPECT_GE(sample.number(), kCalls) << sample.Label("function");
    names.insert(std::string(sample.Label("function")));
  }
  EXPECT_EQ(names, (std::set<std::string>{"vfs_read", "vfs_write"}));
  EXPECT_EQ(
      SumOf(*page, "ebpf_exporter_attach_failed", "ebpf_exporter_attach_failed",
            {{"config", "probed"},
             {"program", "count_address"},
             {"reason", "missing_hook"}}),
      1);
  EXPECT_NE(exporter.Log().find("no function no_such_function_anywhere"),
            std::string::npos)
      << exporter.Log();
  EXPECT_EQ(exporter.Stop(SIGTERM), 0);
}
#endif

}  // namespace
}  // namespace ebpf_exporter
