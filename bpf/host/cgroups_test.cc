#include "bpf/host/cgroups.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using std::chrono::seconds;

// What a host has, and how often it was asked.
struct Host {
  std::string mountinfo =
      "34 23 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
  std::map<uint64_t, std::string> cgroups = {{1, "/sys/fs/cgroup"},
                                             {25, "/sys/fs/cgroup/a"}};
  bool handles = true;
  bool out_of_files = false;
  int mount_reads = 0;
  int handle_calls = 0;
  int walks = 0;
};

class FakeLookup : public CgroupLookup {
 public:
  explicit FakeLookup(Host* host) : host_(host) {}

  CgroupAnswer ByHandle(const CgroupMount&, uint64_t id,
                        std::string& out) override {
    ++host_->handle_calls;
    if (!host_->handles) return CgroupAnswer::kForbidden;
    if (host_->out_of_files) return CgroupAnswer::kNotNow;
    const auto found = host_->cgroups.find(id);
    if (found == host_->cgroups.end()) return CgroupAnswer::kAbsent;
    out += found->second;
    return CgroupAnswer::kFound;
  }

  void Walk(const CgroupMount&, NumberedNames& cgroups) override {
    ++host_->walks;
    for (const auto& [id, path] : host_->cgroups) cgroups.push_back({id, path});
  }

 private:
  Host* const host_;
};

class LiveCgroupsTest : public testing::Test {
 protected:
  LiveCgroups Make(NameMemoryLimits limits = {}) {
    LiveCgroupsOptions options;
    options.limits = limits;
    options.now = [this] { return now_; };
    options.read = [this](const std::string&) {
      ++host_.mount_reads;
      return host_.mountinfo;
    };
    return LiveCgroups(std::move(options),
                       std::make_unique<FakeLookup>(&host_));
  }

  static std::string Ask(const LiveCgroups& cgroups, uint64_t id) {
    std::string out;
    return cgroups.AppendName(id, out) ? out : "?";
  }

  Host host_;
  std::chrono::steady_clock::time_point now_;
};

TEST_F(LiveCgroupsTest, NothingIsReadUntilSomebodyAsks) {
  LiveCgroups cgroups = Make();
  cgroups.Refresh();
  EXPECT_EQ(host_.mount_reads, 0);
  EXPECT_EQ(Ask(cgroups, 25), "/sys/fs/cgroup/a");
  EXPECT_EQ(Ask(cgroups, 1), "/sys/fs/cgroup");
  EXPECT_EQ(host_.mount_reads, 1);
  EXPECT_EQ(host_.walks, 0);
}

TEST_F(LiveCgroupsTest, APathIsLookedUpOnceAndStaysWhenItsCgroupGoes) {
  LiveCgroups cgroups = Make();
  Ask(cgroups, 25);
  host_.cgroups.clear();
  EXPECT_EQ(Ask(cgroups, 25), "/sys/fs/cgroup/a");
  EXPECT_EQ(host_.handle_calls, 1);
}

TEST_F(LiveCgroupsTest, AHundredUnknownIdsCostOneCallEach) {
  LiveCgroups cgroups = Make();
  for (uint64_t id = 100; id < 200; ++id) EXPECT_EQ(Ask(cgroups, id), "?");
  EXPECT_EQ(host_.handle_calls, 100);
  EXPECT_EQ(host_.walks, 0);
  EXPECT_EQ(host_.mount_reads, 1);
}

TEST_F(LiveCgroupsTest, ANewCgroupIsFoundAtOnce) {
  LiveCgroups cgroups = Make();
  Ask(cgroups, 25);
  host_.cgroups[30] = "/sys/fs/cgroup/new";
  EXPECT_EQ(Ask(cgroups, 30), "/sys/fs/cgroup/new");
}

TEST_F(LiveCgroupsTest, WhatFailedForLackOfFilesIsAskedAgain) {
  LiveCgroups cgroups = Make();
  host_.out_of_files = true;
  EXPECT_EQ(Ask(cgroups, 25), "?");
  EXPECT_EQ(host_.walks, 0);
  host_.out_of_files = false;
  now_ += seconds(1);
  cgroups.Refresh();
  EXPECT_EQ(cgroups.epoch(), 1u);  // so that labels are made anew
  EXPECT_EQ(Ask(cgroups, 25), "/sys/fs/cgroup/a");
  now_ += seconds(600);
  cgroups.Refresh();
  EXPECT_EQ(cgroups.epoch(), 1u);
  EXPECT_EQ(host_.walks, 0);
}

TEST_F(LiveCgroupsTest, TenThousandThatComeAndGoStayBounded) {
  LiveCgroups cgroups = Make({.names = 50});
  for (uint64_t id = 1000; id < 11000; ++id) {
    host_.cgroups = {{id, "/sys/fs/cgroup/" + std::to_string(id)}};
    EXPECT_EQ(Ask(cgroups, id), "/sys/fs/cgroup/" + std::to_string(id));
  }
  host_.cgroups.clear();
  EXPECT_EQ(Ask(cgroups, 10999), "/sys/fs/cgroup/10999");
  EXPECT_EQ(Ask(cgroups, 1000), "?");
}

TEST_F(LiveCgroupsTest, AHierarchyThatIsMountedLaterIsFound) {
  host_.mountinfo.clear();
  LiveCgroups cgroups = Make();
  EXPECT_EQ(Ask(cgroups, 25), "?");
  host_.mountinfo = Host().mountinfo;
  now_ += seconds(1);
  cgroups.Refresh();
  EXPECT_EQ(cgroups.epoch(), 1u);
  EXPECT_EQ(Ask(cgroups, 25), "/sys/fs/cgroup/a");
}

class WithoutHandlesTest : public LiveCgroupsTest {
 protected:
  WithoutHandlesTest() { host_.handles = false; }
};

TEST_F(WithoutHandlesTest, OneWalkAnswersAll) {
  LiveCgroups cgroups = Make();
  EXPECT_EQ(Ask(cgroups, 25), "/sys/fs/cgroup/a");
  EXPECT_EQ(Ask(cgroups, 1), "/sys/fs/cgroup");
  for (uint64_t id = 100; id < 200; ++id) EXPECT_EQ(Ask(cgroups, id), "?");
  EXPECT_EQ(host_.handle_calls, 1);
  EXPECT_EQ(host_.walks, 1);
}

TEST_F(WithoutHandlesTest, AMissIsLookedForAgainAfterABackOff) {
  LiveCgroups cgroups = Make();
  Ask(cgroups, 30);
  host_.cgroups[30] = "/sys/fs/cgroup/new";
  cgroups.Refresh();
  EXPECT_EQ(Ask(cgroups, 30), "?");
  now_ += seconds(1);
  cgroups.Refresh();
  EXPECT_EQ(cgroups.epoch(), 1u);
  EXPECT_EQ(Ask(cgroups, 30), "/sys/fs/cgroup/new");
}

TEST_F(WithoutHandlesTest, TheBackOffGrowsWhileNothingIsFound) {
  LiveCgroups cgroups = Make();
  Ask(cgroups, 30);
  for (int i = 0; i < 3600; ++i) {
    now_ += seconds(1);
    cgroups.Refresh();
    Ask(cgroups, 30);
  }
  // 1, 2, 4 ... 256 s and then every 300 s, and the first.
  EXPECT_EQ(host_.walks, 20);
  EXPECT_EQ(cgroups.epoch(), 0u);
}

TEST_F(WithoutHandlesTest, WithoutAMissNothingIsWalkedAgain) {
  LiveCgroups cgroups = Make();
  Ask(cgroups, 25);
  now_ += seconds(3600);
  cgroups.Refresh();
  EXPECT_EQ(host_.walks, 1);
}

}  // namespace
}  // namespace ebpf_exporter
