// Every configuration of the catalogue, held against its object without a
// kernel: no finding of any kind, and all hooks that can be typed are.

#include <cstddef>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bpf/loader/object.h"
#include "core/config/validate.h"
#include "core/config/yaml.h"
#include "core/layout/build_layout.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

const std::vector<std::string> kOptInTraffic = {"accept",
                                                "icmp",
                                                "kfree_skb",
                                                "napi",
                                                "neighbours",
                                                "net_packets",
                                                "socket_errors",
                                                "socket_memory",
                                                "tcp_congestion",
                                                "tcp_lifetime",
                                                "tcp_resets",
                                                "tcp_rtt",
                                                "tcp_syn_backlog",
                                                "tcp_zero_windows",
                                                "udp_drops",
                                                "unix_sockets",
                                                "xdp"};
const std::vector<std::string> kOptInMachine = {
    "cpu_idle",    "cpu_samples", "cxx_exceptions", "getaddrinfo", "ipc",
    "irq_latency", "llc",         "malloc"};
const std::vector<std::string> kOptInTasks = {
    "blocked",  "cfs_throttling", "cgroup_cpu",     "cgroup_migrations",
    "lifetime", "signals",        "syscall_latency"};
const std::vector<std::string> kOptInStorage = {
    "dentry_cache", "ext4", "memory_errors", "oom", "pci_errors", "reclaim",
    "shrinker",     "tlb",  "writeback",     "xfs", "xfs_reclaim"};

const std::vector<std::string> kDefault = {
    "bio",      "page_faults", "process", "runqlat",
    "syscalls", "tcp",         "timers",  "softirq_latency"};
const std::vector<std::string> kOptIn = {"dns", "page_cache"};

std::vector<std::string> All() {
  std::vector<std::string> all = kDefault;
  for (const auto& more :
       {kOptIn, kOptInTraffic, kOptInMachine, kOptInTasks, kOptInStorage}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::string Read(const std::string& name) {
  std::ifstream file("bpf/programs/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

void ExpectNone(const Findings& findings) {
  for (const Finding& finding : findings) ADD_FAILURE() << ToString(finding);
}

Config ReadConfig(const std::string& name) {
  ParsedConfig parsed = ParseYaml(Read(name + ".yaml"), name + ".yaml");
  ExpectNone(parsed.findings);
  ExpectNone(Validate(parsed.config));
  return parsed.config;
}

const MapShape* Find(const ObjectShape& object, const std::string& name) {
  for (const MapShape& map : object.maps) {
    if (map.name == name) return &map;
  }
  return nullptr;
}

class CatalogueTest : public ::testing::TestWithParam<std::string> {
 protected:
  ObjectShape ReadTheObject() {
    const std::string bytes = Read(GetParam() + ".bpf.o");
    absl::StatusOr<ObjectShape> object = ReadObject(
        std::as_bytes(std::span(bytes.data(), bytes.size())), GetParam());
    EXPECT_TRUE(object.ok()) << object.status();
    return object.ok() ? *object : ObjectShape();
  }
};

TEST_P(CatalogueTest, NamesItselfAndTheObjectBesideIt) {
  const Config config = ReadConfig(GetParam());
  ASSERT_EQ(config.programs.size(), 1u);
  EXPECT_EQ(config.programs[0].name, GetParam());
  EXPECT_EQ(config.programs[0].object, GetParam() + ".bpf.o");
  EXPECT_FALSE(config.programs[0].metrics.empty());
}

TEST_P(CatalogueTest, EveryMetricFitsItsMap) {
  const Config config = ReadConfig(GetParam());
  const ObjectShape object = ReadTheObject();
  for (const MetricConfig& metric : config.programs[0].metrics) {
    const MapShape* map = Find(object, metric.table);
    ASSERT_NE(map, nullptr) << metric.table;
    const LayoutResult result =
        BuildLayout(metric, *map, GetParam() + ".yaml", GetParam());
    ExpectNone(result.findings);
    EXPECT_TRUE(result.layout.has_value()) << metric.name;
  }
}

bool CanBeTyped(std::string_view section) {
  return section.starts_with("tp_btf/") || section.starts_with("fentry/") ||
         section.starts_with("fexit/");
}

TEST_P(CatalogueTest, EveryHookThatCanBeIsTyped) {
  const ObjectShape object = ReadTheObject();
  EXPECT_FALSE(object.programs.empty());
  for (const ObjectProgram& program : object.programs) {
    EXPECT_EQ(program.expected.has_value(), CanBeTyped(program.section))
        << program.function;
  }
}

TEST_P(CatalogueTest, GroupsNameFunctionsOfTheObject) {
  const Config config = ReadConfig(GetParam());
  std::set<std::string> functions;
  for (const ObjectProgram& program : ReadTheObject().programs) {
    functions.insert(program.function);
  }
  for (const OneOfConfig& group : config.programs.at(0).one_of) {
    for (const std::vector<std::string>& choice : group.choices) {
      for (const std::string& function : choice) {
        EXPECT_TRUE(functions.contains(function)) << function;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, CatalogueTest, ::testing::ValuesIn(All()));

// Text in a label of the default set would be for anybody to choose, but for
// the names of disks.
TEST(DefaultSetTest, LabelsAreNumbersThatTheProgramsChoose) {
  for (const std::string& name : kDefault) {
    const Config config = ReadConfig(name);
    for (const MetricConfig& metric : config.programs.at(0).metrics) {
      for (const LabelConfig& label : metric.labels) {
        const bool disk = name == "bio" && label.name == "device";
        const std::string& decoder = label.decoders[0].name;
        EXPECT_TRUE(disk || decoder == "uint" || decoder == "ksym")
            << metric.name << " " << label.name;
      }
    }
  }
}

TEST(CatalogueNamesTest, MetricsOfDifferentProgramsDiffer) {
  std::set<std::string> names;
  for (const std::string& name : All()) {
    const Config config = ReadConfig(name);
    for (const MetricConfig& metric : config.programs.at(0).metrics) {
      EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    }
  }
}

}  // namespace
}  // namespace ebpf_exporter
