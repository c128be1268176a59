// Which maps of real objects, loaded into the running kernel, only gain
// entries; needs root, or CAP_BPF and CAP_PERFMON.

#include <sched.h>
#include <sys/mount.h>

#include <map>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/privileges.h"
#include "bpf/loader/test_object.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class DescribeMapsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
  }

  // By name, whether each map of the object only grows.
  std::map<std::string, bool> GrowsOnly(std::string_view object) {
    ProgramConfig config;
    config.name = "test";
    const LoadResult result = Loader().Load(config, TestObject(object),
                                            absl::StrCat(object, ".bpf.o"));
    for (const LoadFailure& failure : result.failures) {
      ADD_FAILURE() << failure.function << ": " << failure.detail;
    }
    std::map<std::string, bool> out;
    if (!result.config.has_value()) return out;
    for (const LoadedMap& map : result.config->maps) {
      out[map.shape.name] = map.grows_only;
    }
    return out;
  }
};

TEST_F(DescribeMapsTest, MapsThatAreOnlyInsertedIntoGrowOnly) {
  EXPECT_THAT(
      GrowsOnly("growing"),
      UnorderedElementsAre(
          Pair("calls", true), Pair("counted", true), Pair("found", true),
          Pair("inserted_by_a_function", true),
          Pair("inserted_by_a_function_too", true), Pair("never_named", true),
          Pair("deleted", false), Pair("replaced", false),
          Pair("replaced_by_a_function", false),
          // Not of type hash.
          Pair("counted_per_cpu", false), Pair("spans", false)));
}

TEST_F(DescribeMapsTest, AFunctionThatDeletesFromWhatItIsGivenCountsForAll) {
  EXPECT_THAT(GrowsOnly("emptied"),
              UnorderedElementsAre(Pair("calls", false), Pair("emptied", false),
                                   Pair("emptied_too", false)));
}

TEST_F(DescribeMapsTest, OthersMayReachPinnedMaps) {
  // A file system for pins that goes with this process.
  if (unshare(CLONE_NEWNS) != 0 ||
      mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("none", "/sys/fs/bpf", "bpf", 0, nullptr) != 0) {
    GTEST_SKIP() << "needs a mount namespace of its own";
  }
  EXPECT_THAT(GrowsOnly("pinned"),
              UnorderedElementsAre(Pair("calls", true), Pair("pinned", false)));
}

}  // namespace
}  // namespace ebpf_exporter
