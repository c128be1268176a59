// Loads the objects of testdata/ into the running kernel; needs root, or
// CAP_BPF and CAP_PERFMON.

#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/loader/file_descriptor.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/test_object.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr int kCalls = 1000;

auto Failure(std::string_view function,
             const ::testing::Matcher<std::string>& reason,
             std::string_view detail) {
  return AllOf(
      Field("config", &LoadFailure::config, "test"),
      Field("function", &LoadFailure::function, function),
      Field("reason", &LoadFailure::reason, reason),
      Field("detail", &LoadFailure::detail, HasSubstr(std::string(detail))));
}

ProgramConfig Config(std::vector<std::string> tables = {"calls"}) {
  ProgramConfig config;
  config.name = "test";
  for (const std::string& table : tables) {
    MetricConfig metric;
    metric.name = table + "_total";
    metric.table = table;
    config.metrics.push_back(metric);
  }
  return config;
}

void CallGetppid(int times) {
  for (int i = 0; i < times; ++i) syscall(SYS_getppid);
}

auto Named(std::string_view name) {
  return Field("shape", &LoadedMap::shape,
               Field("name", &MapShape::name, name));
}

const LoadedMap& MapOf(const LoadedConfig& config, std::string_view name) {
  for (const LoadedMap& map : config.maps) {
    if (map.shape.name == name) return map;
  }
  std::abort();  // a misspelt name
}

// What the map `calls` holds of this process, by system call number.
std::map<uint32_t, uint64_t> CallsOf(const LoadedConfig& config) {
  std::map<uint32_t, uint64_t> calls;
  const LoadedMap& map = MapOf(config, "calls");
  absl::StatusOr<MapReader> reader = MapReader::Make(map.fd, map.shape);
  EXPECT_TRUE(reader.ok()) << reader.status();
  const absl::Status status = reader->Walk([&](const EntryBatch& batch) {
    for (size_t i = 0; i < batch.count; ++i) {
      uint32_t key[2];
      uint64_t value;
      std::memcpy(key, batch.key(i), sizeof(key));
      std::memcpy(&value, batch.value(i), sizeof(value));
      if (key[0] == static_cast<uint32_t>(getpid())) calls[key[1]] = value;
    }
  });
  EXPECT_TRUE(status.ok()) << status;
  return calls;
}

class LoaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
  }

  LoadResult Load(const ProgramConfig& config, std::string_view object) {
    return Loader().Load(config, TestObject(object),
                         absl::StrCat(object, ".bpf.o"));
  }
};

TEST_F(LoaderTest, HealthyObjectCountsEveryCall) {
  LoadResult result = Load(Config({"calls", "exits"}), "healthy");
  ASSERT_TRUE(result.config.has_value()) << result.failures.front().detail;
  EXPECT_THAT(result.failures, IsEmpty());
  CallGetppid(kCalls);
  EXPECT_EQ(CallsOf(*result.config)[SYS_getppid], kCalls);
}

TEST_F(LoaderTest, DescribesProgramsAndMaps) {
  LoadResult result = Load(Config(), "healthy");
  ASSERT_TRUE(result.config.has_value());
  EXPECT_EQ(result.config->name, "test");
  ASSERT_EQ(result.config->programs.size(), 2);
  for (const LoadedProgram& program : result.config->programs) {
    EXPECT_THAT(program.tag, MatchesRegex("[0-9a-f]{16}"));
    EXPECT_GT(program.id, 0);
    EXPECT_GE(program.fd, 0);
    EXPECT_TRUE(program.attached);
  }
  EXPECT_THAT(result.config->maps, ElementsAre(Named("calls"), Named("exits")));
  const MapShape& calls = MapOf(*result.config, "calls").shape;
  EXPECT_EQ(calls.max_entries, 10240);
  ASSERT_TRUE(calls.key.has_value());
  EXPECT_EQ(calls.key->name, "struct call_key");
  EXPECT_EQ(calls.key->members[1].name, "number");
  EXPECT_EQ(calls.key->members[1].offset, 4);
}

TEST_F(LoaderTest, TheFirstChoiceThatWorksIsAttachedAndTheOthersAreNoFailures) {
  ProgramConfig config = Config();
  // A missing hook, a wrong type, refused by the verifier.
  config.one_of = {{{{"no_such_hook"},
                     {"wrong_type"},
                     {"rejected"},
                     {"healthy"},
                     {"rejected_too"}},
                    {}}};
  LoadResult result = Load(config, "mixed");
  ASSERT_TRUE(result.config.has_value());
  EXPECT_THAT(result.failures,
              UnorderedElementsAre(Failure("no_such_function", _, ""),
                                   Failure("unknown_section", _, "")));
  CallGetppid(kCalls);
  EXPECT_EQ(CallsOf(*result.config)[SYS_getppid], kCalls);
  std::vector<std::string> chosen;
  for (const LoadedAlternative& one : result.config->alternatives) {
    EXPECT_EQ(one.group, "no_such_hook");
    if (one.chosen) chosen.push_back(one.function);
  }
  EXPECT_EQ(result.config->alternatives.size(), 5);
  EXPECT_THAT(chosen, ElementsAre("healthy"));
}

TEST_F(LoaderTest, AGroupThatHasNoChoiceLeftIsOneFailure) {
  ProgramConfig config = Config();
  config.one_of = {{{{"wrong_type", "healthy"}, {"rejected"}}, {}}};
  LoadResult result = Load(config, "mixed");
  EXPECT_FALSE(result.config.has_value());
  EXPECT_THAT(result.failures,
              Contains(Failure("wrong_type", "no_alternative", "rejected: ")));
  EXPECT_THAT(result.failures, Not(Contains(Failure("rejected", _, ""))));
}

TEST_F(LoaderTest, AChoiceThatOnlyAttachingRulesOutIsFollowedByTheNext) {
  ProgramConfig config = Config();
  config.raw_tracepoints = {{"sys_enter", "on_raw_tracepoint", {}}};
  config.kprobes = {{"no_such_function_anywhere", "on_kprobe", {}}};
  config.one_of = {{{{"on_kprobe"}, {"on_raw_tracepoint"}}, {}}};
  LoadResult result = Load(config, "listed");
  ASSERT_TRUE(result.config.has_value());
  EXPECT_THAT(result.failures, Not(Contains(Failure("on_kprobe", _, ""))));
  CallGetppid(kCalls);
  EXPECT_GE(CallsOf(*result.config)[1000002], kCalls);
}

TEST_F(LoaderTest, DroppingTheConfigDetaches) {
  LoadResult result = Load(Config(), "healthy");
  ASSERT_TRUE(result.config.has_value());
  const LoadedMap& live = MapOf(*result.config, "calls");
  // Keeps the map, but not the programs, in the kernel.
  const FileDescriptor fd(dup(live.fd));
  LoadedConfig map_only;
  map_only.maps.push_back({live.shape, fd.get()});
  CallGetppid(kCalls);
  EXPECT_EQ(CallsOf(map_only)[SYS_getppid], kCalls);
  result.config.reset();
  CallGetppid(kCalls);
  EXPECT_EQ(CallsOf(map_only)[SYS_getppid], kCalls);
}

TEST_F(LoaderTest, DetachingKeepsTheMaps) {
  LoadResult result = Load(Config(), "healthy");
  ASSERT_TRUE(result.config.has_value());
  CallGetppid(kCalls);
  result.config->detach();
  CallGetppid(kCalls);
  EXPECT_EQ(CallsOf(*result.config)[SYS_getppid], kCalls);
  result.config->detach();  // again is harmless, and so it is after the end
  const std::function<void()> detach = result.config->detach;
  result.config.reset();
  detach();
}

TEST_F(LoaderTest, WithoutPrivilegesTheConfigIsRefusedWithTheMend) {
  const pid_t child = fork();
  if (child == 0) {
    if (setresuid(65534, 65534, 65534) != 0) _exit(2);
    LoadResult result = Load(Config(), "healthy");
    EXPECT_FALSE(result.config.has_value());
    EXPECT_THAT(result.failures,
                ElementsAre(Failure("", "permission",
                                    "needs CAP_BPF and CAP_PERFMON")));
    std::fflush(nullptr);
    _exit(HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 2) GTEST_SKIP() << "only root can give it up";
  EXPECT_EQ(status, 0);
}

// 'scalar' follows, or 'inv' on 5.10.
constexpr char kNoPointer[] = "invalid mem access '";

TEST_F(LoaderTest, BadProgramsCostThemselvesOnly) {
  LoadResult result = Load(Config(), "mixed");
  ASSERT_TRUE(result.config.has_value()) << result.failures.back().detail;
  EXPECT_THAT(
      result.failures,
      UnorderedElementsAre(
          Failure("rejected", "verifier",
                  "invalid mem access 'map_value_or_null'"),
          Failure("rejected_too", "verifier", kNoPointer),
          Failure("no_such_hook", "missing_hook",
                  "tracepoint \"no_such_tracepoint\""),
          Failure("no_such_function", "missing_hook",
                  "function no_such_function"),
          Failure("wrong_type", "type_mismatch",
                  "argument 1 of sched_wakeup is `struct task_struct *` in "
                  "this kernel, the program takes `struct request *`"),
          Failure("unknown_section", "not_supported", "\"nothing/known\"")));
  for (const LoadFailure& failure : result.failures) {
    EXPECT_EQ(failure.detail.find('\n'), std::string::npos) << failure.detail;
  }
  ASSERT_EQ(result.config->programs.size(), 1);
  EXPECT_EQ(result.config->programs[0].function, "healthy");
  CallGetppid(kCalls);
  const auto calls = CallsOf(*result.config);
  EXPECT_EQ(calls.at(SYS_getppid), kCalls);
  EXPECT_FALSE(calls.contains(1000000));  // the optional one did not run
}

TEST_F(LoaderTest, NothingLeftRefusesTheConfig) {
  LoadResult result = Load(Config(), "bad");
  EXPECT_FALSE(result.config.has_value());
  EXPECT_THAT(result.failures,
              ElementsAre(Failure("rejected", "verifier", kNoPointer),
                          Failure("", "nothing_attached",
                                  "no function of object \"bad.bpf.o\" is "
                                  "attached: rejected: the kernel's")));
}

TEST_F(LoaderTest, MissingMapRefusesTheConfig) {
  LoadResult result = Load(Config({"calls", "cals"}), "healthy");
  EXPECT_FALSE(result.config.has_value());
  EXPECT_THAT(result.failures,
              ElementsAre(Failure(
                  "", "missing_map",
                  "metric \"cals_total\" names map \"cals\", but object "
                  "\"healthy.bpf.o\" has only calls, exits")));
}

TEST_F(LoaderTest, AMapThatCannotBeMadeIsNamed) {
  LoadResult result = Load(Config({"huge"}), "huge_map");
  EXPECT_FALSE(result.config.has_value());
  ASSERT_EQ(result.failures.size(), 1);
  EXPECT_EQ(result.failures[0].function, "");
  EXPECT_THAT(result.failures[0].reason, AnyOf("load", "out_of_memory"));
  EXPECT_THAT(result.failures[0].detail,
              HasSubstr("map 'huge': failed to create"));
}

TEST_F(LoaderTest, TruncatedObjectRefusesTheConfig) {
  std::span<const std::byte> object = TestObject("healthy");
  LoadResult result =
      Loader().Load(Config(), object.first(object.size() - 100), "cut.bpf.o");
  EXPECT_FALSE(result.config.has_value());
  EXPECT_THAT(result.failures,
              ElementsAre(Failure("", "bad_object", "object \"cut.bpf.o\"")));
}

TEST_F(LoaderTest, RawTracepointListAttachesOneFunctionToManyHooks) {
  ProgramConfig config = Config();
  config.raw_tracepoints = {{"sys_enter", "on_raw_tracepoint", {}},
                            {"sys_exit", "on_raw_tracepoint", {}},
                            {"no_such_thing", "on_raw_tracepoint", {}},
                            {"sys_enter", "absent", {}}};
  config.kprobes = {{"no_such_function_anywhere", "on_kprobe", {}}};
  LoadResult result = Load(config, "listed");
  ASSERT_TRUE(result.config.has_value()) << result.failures.back().detail;
  EXPECT_THAT(
      result.failures,
      UnorderedElementsAre(
          Failure("on_raw_tracepoint", "missing_hook", "\"no_such_thing\""),
          Failure("absent", "missing_function",
                  "object \"listed.bpf.o\" has no function absent; it has "
                  "on_tracepoint, on_raw_tracepoint, on_kprobe"),
          // Kernels are built without kprobes, or lack this function.
          AnyOf(Failure("on_kprobe", "not_supported", "kprobes"),
                Failure("on_kprobe", "missing_hook", "renamed or inlined")),
          Failure("on_tracepoint", "not_supported", "\"mine/tracepoint\"")));
  const uint64_t before = CallsOf(*result.config)[1000002];
  CallGetppid(kCalls);
  const uint64_t after = CallsOf(*result.config)[1000002];
  EXPECT_GE(after - before, 2 * kCalls);        // entry and exit
  EXPECT_LT(after - before, 2 * kCalls + 200);  // and those of reading the map
}

// Mounts tracefs in a mount namespace of this test's own, or unmounts it there.
class TracefsTest : public LoaderTest {
 protected:
  void SetUp() override {
    LoaderTest::SetUp();
    if (IsSkipped()) return;
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      GTEST_SKIP() << "needs a mount namespace of its own";
    }
    while (umount2("/sys/kernel/tracing", MNT_DETACH) == 0) {
    }
    while (umount2("/sys/kernel/debug", MNT_DETACH) == 0) {
    }
  }

  static ProgramConfig Listed() {
    ProgramConfig config = Config();
    config.tracepoints = {{"syscalls:sys_enter_getppid", "on_tracepoint", {}},
                          {"syscalls:sys_exit_getppid", "on_tracepoint", {}},
                          {"syscalls:sys_enter_nothing", "on_tracepoint", {}}};
    config.raw_tracepoints = {{"sys_enter", "on_raw_tracepoint", {}}};
    return config;
  }
};

TEST_F(TracefsTest, WithTracefsTracepointListsAttach) {
  ASSERT_EQ(mount("none", "/sys/kernel/tracing", "tracefs", 0, nullptr), 0);
  LoadResult result = Load(Listed(), "listed");
  ASSERT_TRUE(result.config.has_value()) << result.failures.back().detail;
  EXPECT_THAT(result.failures,
              ElementsAre(Failure("on_tracepoint", "missing_hook",
                                  "\"syscalls:sys_enter_nothing\"")));
  CallGetppid(kCalls);
  EXPECT_EQ(CallsOf(*result.config)[1000001], 2 * kCalls);
}

TEST_F(TracefsTest, WithoutTracefsTheRestWorks) {
  LoadResult result = Load(Listed(), "listed");
  ASSERT_TRUE(result.config.has_value()) << result.failures.back().detail;
  EXPECT_THAT(
      result.failures,
      ElementsAre(Failure("on_tracepoint", "no_tracefs",
                          "mount -t tracefs none /sys/kernel/tracing")));
  CallGetppid(kCalls);
  EXPECT_GE(CallsOf(*result.config)[1000002], kCalls);
}

TEST_F(LoaderTest, WithoutKernelTypesTypedProgramsAreRefused) {
  LoaderOptions options;
  options.kernel.btf = "/nonexistent/vmlinux";
  LoadResult result =
      Loader(options).Load(Config(), TestObject("healthy"), "healthy.bpf.o");
  ASSERT_TRUE(result.config.has_value()) << result.failures.back().detail;
  EXPECT_THAT(result.failures,
              ElementsAre(Failure("count_typed", "no_btf",
                                  "does not describe its types")));
  ASSERT_EQ(result.config->programs.size(), 1);
  EXPECT_EQ(result.config->programs[0].function, "count_exits");
}

}  // namespace
}  // namespace ebpf_exporter
