// Over a tree of plain directories, whose inode numbers stand for ids.

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "bpf/loader/cgroup_id_map.h"
#include "bpf/loader/create_map.h"
#include "bpf/loader/map_reader.h"
#include "bpf/loader/privileges.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

const MapShape kShape = {.name = "ids",
                         .type = MapType::kHash,
                         .key_size = 8,
                         .value_size = 8,
                         .max_entries = 100,
                         .key = {},
                         .value = {}};

uint64_t IdOf(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_ino;
}

class CgroupIdMapTest : public testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
    root_ = testing::TempDir() + "cgroups";
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_ + "/a.slice/x.service");
    std::filesystem::create_directories(root_ + "/b.slice");
    absl::StatusOr<FileDescriptor> map = CreateMap(kShape);
    ASSERT_TRUE(map.ok()) << map.status();
    map_ = *std::move(map);
  }

  absl::StatusOr<std::unique_ptr<CgroupIdMap>> Make(
      const MapShape& shape = kShape,
      std::function<void(const absl::Status&)> on_trouble = nullptr) {
    return CgroupIdMap::Make(map_.get(), shape,
                             {.cgroup_storage = false,
                              .matches =
                                  [](std::string_view path) {
                                    return absl::StrContains(path, "/a.slice");
                                  },
                              .root = root_,
                              .on_trouble = std::move(on_trouble)});
  }

  std::set<uint64_t> Ids() const {
    std::set<uint64_t> ids;
    auto reader = MapReader::Make(map_.get(), kShape);
    EXPECT_TRUE(reader.ok());
    EXPECT_TRUE(reader
                    ->Walk([&](const EntryBatch& batch) {
                      for (size_t i = 0; i < batch.count; ++i) {
                        uint64_t id = 0;
                        std::memcpy(&id, batch.key(i), sizeof(id));
                        ids.insert(id);
                      }
                    })
                    .ok());
    return ids;
  }

  bool Becomes(const std::set<uint64_t>& ids) const {
    for (int i = 0; i < 600 && Ids() != ids; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return Ids() == ids;
  }

  std::string root_;
  FileDescriptor map_;
};

TEST_F(CgroupIdMapTest, MatchingOnesAreThereAndFollowed) {
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  std::set<uint64_t> expected = {IdOf(root_ + "/a.slice"),
                                 IdOf(root_ + "/a.slice/x.service")};
  EXPECT_EQ(Ids(), expected);
  (*made)->Start();
  std::filesystem::create_directories(root_ + "/a.slice/y.service/deep");
  std::filesystem::create_directories(root_ + "/b.slice/z.service");
  std::set<uint64_t> more = expected;
  more.insert(IdOf(root_ + "/a.slice/y.service"));
  more.insert(IdOf(root_ + "/a.slice/y.service/deep"));
  EXPECT_TRUE(Becomes(more));
  std::filesystem::remove_all(root_ + "/a.slice/y.service");
  EXPECT_TRUE(Becomes(expected));
}

TEST_F(CgroupIdMapTest, ADirectoryThatCannotBeListedTakesNothingAway) {
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  const std::set<uint64_t> before = Ids();
  ASSERT_EQ(before.size(), 2);
  (*made)->Start();
  rlimit files = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  const int next = dup(0);  // the lowest that is free
  close(next);
  const rlimit none = {static_cast<rlim_t>(next), files.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  mkdir((root_ + "/a.slice/y.service").c_str(), 0755);  // wakes the thread
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  setrlimit(RLIMIT_NOFILE, &files);
  EXPECT_EQ(Ids(), before);
  // It looks again by itself.
  std::set<uint64_t> more = before;
  more.insert(IdOf(root_ + "/a.slice/y.service"));
  EXPECT_TRUE(Becomes(more));
}

TEST_F(CgroupIdMapTest, LinksAreNotFollowed) {
  std::filesystem::create_directories(root_ + "/elsewhere");
  std::filesystem::create_directory_symlink(root_ + "/elsewhere",
                                            root_ + "/a.slice/link");
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(Ids().size(), 2);
}

TEST_F(CgroupIdMapTest, AFullMapNamesTheMendAndTellsItOnce) {
  std::atomic<int> told = 0;
  std::string message;
  MapShape small = kShape;
  small.max_entries = 2;
  absl::StatusOr<FileDescriptor> map = CreateMap(small);
  ASSERT_TRUE(map.ok()) << map.status();
  map_ = *std::move(map);
  const auto made = Make(small, [&](const absl::Status& trouble) {
    message = std::string(trouble.message());
    ++told;
  });
  ASSERT_TRUE(made.ok()) << made.status();
  (*made)->Start();
  for (const char* name : {"/a.slice/y", "/a.slice/z"}) {
    std::filesystem::create_directories(root_ + name);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  EXPECT_EQ(told, 1);
  EXPECT_TRUE(absl::StrContains(message, "\"ids\" is full with 2 cgroups"))
      << message;
  EXPECT_TRUE(absl::StrContains(message, "raise its max_entries")) << message;
  EXPECT_FALSE(Make(small).ok());
}

TEST_F(CgroupIdMapTest, OtherMapsAreRefused) {
  MapShape shape = kShape;
  shape.key_size = 4;
  EXPECT_TRUE(absl::IsInvalidArgument(Make(shape).status()));
  shape = kShape;
  shape.value_size = 4;
  EXPECT_TRUE(absl::IsInvalidArgument(Make(shape).status()));
  shape = kShape;
  shape.type = MapType::kArray;
  EXPECT_TRUE(absl::IsInvalidArgument(Make(shape).status()));
}

TEST(FindCgroupMountTest, TheSecondVersionAlone) {
  EXPECT_EQ(
      internal::FindCgroupMount("tmpfs /sys/fs/cgroup tmpfs rw 0 0\n"
                                "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n"
                                "none /sys/fs/cgroup/unified cgroup2 rw 0 0\n"),
      "/sys/fs/cgroup/unified");
  EXPECT_EQ(internal::FindCgroupMount("cgroup /c cgroup rw 0 0\n"), "");
  EXPECT_EQ(internal::FindCgroupMount(""), "");
}

}  // namespace
}  // namespace ebpf_exporter
