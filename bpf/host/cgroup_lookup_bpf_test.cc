// The host's own cgroups: by handle and by walk they are the same.

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/host/cgroup_lookup.h"
#include "bpf/host/cgroups.h"
#include "bpf/host/read_file.h"
#include "core/resolve/cgroup_mounts.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

class CgroupLookupTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::vector<CgroupMount> mounts =
        ParseCgroupMounts(ReadFile("/proc/self/mountinfo"));
    if (!mounts.empty()) mount_ = mounts[0];
    path_ = absl::StrCat(mount_.path, "/ebpf_exporter_test_", getpid());
    if (mounts.empty() || mkdir(path_.c_str(), 0755) != 0) {
      std::cerr << "\n*** SKIPPED, NOTHING WAS TESTED: no cgroup can be made "
                   "here\n\n";
      GTEST_SKIP();
    }
  }
  void TearDown() override { rmdir(path_.c_str()); }

  static uint64_t IdOf(const std::string& path) {
    struct stat info = {};
    EXPECT_EQ(stat(path.c_str(), &info), 0);
    return info.st_ino;
  }

  CgroupMount mount_;
  std::string path_;
  LiveCgroupLookup lookup_;
};

TEST_F(CgroupLookupTest, ByHandle) {
  std::string out = ">";
  const CgroupAnswer answer = lookup_.ByHandle(mount_, IdOf(path_), out);
  if (answer == CgroupAnswer::kForbidden) GTEST_SKIP() << "no handles here";
  EXPECT_EQ(answer, CgroupAnswer::kFound);
  EXPECT_EQ(out, ">" + path_);
  const uint64_t id = IdOf(path_);
  rmdir(path_.c_str());
  EXPECT_EQ(lookup_.ByHandle(mount_, id, out), CgroupAnswer::kAbsent);
  EXPECT_EQ(lookup_.ByHandle(mount_, UINT64_MAX, out), CgroupAnswer::kAbsent);
}

TEST_F(CgroupLookupTest, WithoutDescriptorsItIsNotForbiddenAndNotKept) {
  std::string out;
  const uint64_t id = IdOf(path_);
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const auto starved = [&] {
    const int next = dup(0);  // the lowest that is free
    close(next);
    const rlimit none = {static_cast<rlim_t>(next), before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    const CgroupAnswer answer = lookup_.ByHandle(mount_, id, out);
    setrlimit(RLIMIT_NOFILE, &before);
    return answer;
  };
  EXPECT_EQ(starved(), CgroupAnswer::kNotNow);  // not even the root
  const CgroupAnswer answer = lookup_.ByHandle(mount_, id, out);
  if (answer == CgroupAnswer::kForbidden) GTEST_SKIP() << "no handles here";
  EXPECT_EQ(answer, CgroupAnswer::kFound);
  EXPECT_EQ(starved(), CgroupAnswer::kNotNow);
}

TEST_F(CgroupLookupTest, ByWalk) {
  const std::string inner = path_ + "/inner one";
  ASSERT_EQ(mkdir(inner.c_str(), 0755), 0);
  NumberedNames cgroups;
  lookup_.Walk(mount_, cgroups);
  const NumberedNames wanted = {{IdOf(mount_.path), mount_.path},
                                {IdOf(path_), path_},
                                {IdOf(inner), inner}};
  for (const NumberedName& one : wanted) {
    EXPECT_NE(std::find(cgroups.begin(), cgroups.end(), one), cgroups.end())
        << one.name;
  }
  for (const NumberedName& one : cgroups) {
    std::string path;
    if (lookup_.ByHandle(mount_, one.id, path) == CgroupAnswer::kFound) {
      EXPECT_EQ(path, one.name);
    }
  }
  rmdir(inner.c_str());
}

TEST_F(CgroupLookupTest, TheNameStaysWhenTheCgroupGoes) {
  const LiveCgroups cgroups;
  const uint64_t id = IdOf(path_);
  std::string out;
  EXPECT_TRUE(cgroups.AppendName(id, out));
  rmdir(path_.c_str());
  EXPECT_TRUE(cgroups.AppendName(id, out));
  EXPECT_EQ(out, path_ + path_);
}

}  // namespace
}  // namespace ebpf_exporter
