// Captures of maps of the running kernel, decoded again; needs root.

#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/loader/create_map.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/find_map.h"
#include "bpf/loader/privileges.h"
#include "cmd/tabledump/tabledump_process.h"
#include "core/layout/shape.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kConfig[] = R"(
programs:
  - name: p
    metrics:
      counters:
        - name: calls_total
          help: Calls by place
          table: tabledump_calls
          labels:
            - name: comm
              size: 8
              decoders: [{name: string}]
            - name: where
              size: 8
              decoders: [{name: ksym}]
)";

std::string TempPath(std::string_view name) {
  return absl::StrCat(std::getenv("TEST_TMPDIR"), "/", name);
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Symbol {
  unsigned long long address = 0;
  std::string name;
};

// A function of the running kernel whose name is its own.
Symbol AnySymbol() {
  std::istringstream lines(ReadText("/proc/kallsyms"));
  std::string line;
  while (std::getline(lines, line)) {
    char type = 0;
    char name[256] = "";
    unsigned long long address = 0;
    if (std::sscanf(line.c_str(), "%llx %c %255s", &address, &type, name) ==
            3 &&
        address != 0 && std::string_view(name) == "do_exit") {
      return {address, name};
    }
  }
  return {};
}

std::string Bytes(uint64_t number) {
  return std::string(reinterpret_cast<const char*>(&number), sizeof(number));
}

class CaptureTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const absl::Status allowed = CheckPrivileges();
        !allowed.ok() || geteuid() != 0) {
      GTEST_SKIP() << "needs root: " << allowed;
    }
    symbol_ = AnySymbol();
    std::ofstream(config_) << kConfig;
    const absl::StatusOr<size_t> cpus = CpusOfMap(shape_);
    ASSERT_TRUE(cpus.ok()) << cpus.status();
    absl::StatusOr<FileDescriptor> map = CreateMap(shape_);
    ASSERT_TRUE(map.ok()) << map.status();
    map_ = *std::move(map);
    const std::string keys = std::string("bash\0\0\0\0", 8) +
                             Bytes(symbol_.address) +
                             std::string("sh\0\0\0\0\0\0", 8) + Bytes(5);
    std::string values;
    for (size_t entry = 1; entry <= 2; ++entry) {
      for (size_t cpu = 0; cpu < *cpus; ++cpu) values += Bytes(entry * 10);
    }
    const absl::Status put =
        PutEntries(map_.get(), shape_, std::as_bytes(std::span(keys)),
                   std::as_bytes(std::span(values)));
    ASSERT_TRUE(put.ok()) << put;
    series_ = absl::StrCat(
        "# HELP ebpf_exporter_calls_total Calls by place\n"
        "# TYPE ebpf_exporter_calls_total counter\n"
        "ebpf_exporter_calls_total{comm=\"bash\",where=\"",
        symbol_.name, "\"} ", 10 * *cpus,
        "\nebpf_exporter_calls_total{comm=\"sh\",where=\"unknown_addr:0x5\"} ",
        20 * *cpus, "\n");
  }

  std::string Decoded(const std::string& path) {
    const RunResult result = RunTabledump(
        {"decode", "--config.file", config_, "--format", "prom", path});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

  void ExpectCaptured(std::vector<std::string> which, std::string_view name) {
    const std::string path = TempPath(name);
    which.insert(which.begin(), "capture");
    which.insert(which.end(), {"-o", path});
    const RunResult result = RunTabledump(which);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(Decoded(path), series_);
  }

  const MapShape shape_ = {.name = "tabledump_calls",
                           .type = MapType::kPerCpuHash,
                           .key_size = 16,
                           .value_size = 8,
                           .max_entries = 16,
                           .key = {},
                           .value = {}};
  const std::string config_ = TempPath("calls.yaml");
  FileDescriptor map_;
  Symbol symbol_;
  std::string series_;
};

TEST_F(CaptureTest, ByName) {
  ExpectCaptured({"--map-name", "tabledump_calls"}, "name.capture");
}

TEST_F(CaptureTest, ById) {
  const absl::StatusOr<FoundMap> found = FindMapByName("tabledump_calls");
  ASSERT_TRUE(found.ok()) << found.status();
  ExpectCaptured({"--map-id", absl::StrCat(found->id)}, "id.capture.zst");
  EXPECT_EQ(ReadText(TempPath("id.capture.zst")).substr(0, 4),
            "\x28\xb5\x2f\xfd");
}

TEST_F(CaptureTest, ByConfiguration) {
  ExpectCaptured({"--config.file", config_}, "config.capture");
}

// A label `cpu` that is no part of the key.
constexpr char kSplitConfig[] = R"(
programs:
  - name: p
    metrics:
      counters:
        - name: packets_total
          help: Packets
          table: tabledump_devs
          labels:
            - name: dev
              size: 4
              decoders: [{name: ifname}]
            - name: cpu
              size: 2
              decoders: [{name: uint}]
)";

TEST_F(CaptureTest, NamesAreAskedForWhereEntriesAreSplitByCpu) {
  MapShape shape = shape_;
  shape.name = "tabledump_devs";
  shape.key_size = 4;
  const absl::StatusOr<size_t> cpus = CpusOfMap(shape);
  ASSERT_TRUE(cpus.ok()) << cpus.status();
  const absl::StatusOr<FileDescriptor> map = CreateMap(shape);
  ASSERT_TRUE(map.ok()) << map.status();
  const uint32_t loopback = if_nametoindex("lo");
  ASSERT_NE(loopback, 0u);
  std::string values;
  for (size_t cpu = 0; cpu < *cpus; ++cpu) values += Bytes(7);
  const absl::Status put =
      PutEntries(map->get(), shape, std::as_bytes(std::span(&loopback, 1)),
                 std::as_bytes(std::span(values)));
  ASSERT_TRUE(put.ok()) << put;
  const std::string config = TempPath("split.yaml");
  std::ofstream(config) << kSplitConfig;
  const std::string path = TempPath("split.capture");
  const RunResult captured =
      RunTabledump({"capture", "--config.file", config, "-o", path});
  ASSERT_EQ(captured.exit_code, 0) << captured.err;
  const RunResult decoded = RunTabledump(
      {"decode", "--config.file", config, "--format", "prom", path});
  EXPECT_NE(
      decoded.out.find("ebpf_exporter_packets_total{cpu=\"0\",dev=\"lo\"} 7\n"),
      std::string::npos)
      << decoded.out << decoded.err;
}

TEST_F(CaptureTest, OnlyItsOwnerReadsIt) {
  ExpectCaptured({"--map-name", "tabledump_calls"}, "mode.capture");
  struct stat info = {};
  ASSERT_EQ(stat(TempPath("mode.capture").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(CaptureTest, RedactionRefusesAMapWithoutTypes) {
  const RunResult result =
      RunTabledump({"capture", "--map-name", "tabledump_calls", "--redact",
                    "-o", TempPath("redacted")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("the kernel keeps no types"), std::string::npos)
      << result.err;
  EXPECT_EQ(ReadText(TempPath("redacted")).find("bash"), std::string::npos);
}

TEST_F(CaptureTest, AMapThatIsNotThereIsSaidSo) {
  const RunResult result = RunTabledump(
      {"capture", "--map-name", "no_such_map", "-o", TempPath("none")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("no_such_map"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace ebpf_exporter
