#include "bpf/inline/object_cache.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

class ObjectCacheTest : public ::testing::Test {
 protected:
  ObjectCacheTest() {
    directory_ = absl::StrCat(
        testing::TempDir(), "/",
        testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
  }

  std::string File(const std::string& key) const {
    return absl::StrCat(directory_, "/", key, ".bpf.o");
  }
  size_t Files() const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      count += !entry.path().empty();
    }
    return count;
  }
  // A cache with one object, `bytes` under `key`.
  ObjectCache Filled() const {
    ObjectCache cache(directory_);
    EXPECT_TRUE(cache.Keep("key", "bytes").ok()) << cache.status();
    EXPECT_EQ(cache.Find("key"), "bytes");
    return cache;
  }

  std::string directory_;
};

TEST(DigestTest, IsSha256) {
  EXPECT_EQ(DigestOf("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(ObjectCacheTest, WhatIsKeptIsFoundByItsKey) {
  const ObjectCache cache = Filled();
  EXPECT_EQ(cache.Find("other"), std::nullopt);
  EXPECT_TRUE(cache.Keep("key", "newer").ok());
  EXPECT_EQ(ObjectCache(directory_).Find("key"), "newer");
  EXPECT_TRUE(cache.Keep("empty", "").ok());
  EXPECT_EQ(cache.Find("empty"), "");
  struct stat status;
  ASSERT_EQ(stat(directory_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700);
  ASSERT_EQ(stat(File("key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600);
}

TEST_F(ObjectCacheTest, DirectoriesThatAreOpenToOthersAreNotUsed) {
  Filled();
  for (const mode_t mode : {0701, 0710, 0770, 0777, 0704}) {
    ASSERT_EQ(chmod(directory_.c_str(), mode), 0);
    const ObjectCache cache(directory_);
    EXPECT_TRUE(absl::IsPermissionDenied(cache.status())) << cache.status();
    EXPECT_EQ(cache.Find("key"), std::nullopt);
    EXPECT_FALSE(cache.Keep("key", "bytes").ok());
  }
  EXPECT_THAT(ObjectCache(directory_).status().message(),
              HasSubstr("is open to others, who could put their programs "
                        "there; it must belong to this user and be closed to "
                        "all others (chmod 700)"));
}

TEST_F(ObjectCacheTest, WhatBelongsToOthersIsNotUsed) {
  const ObjectCache cache = Filled();
  if (chown(File("key").c_str(), 12345, 0) != 0) {
    GTEST_SKIP() << "only root can give files away, and not in a sandbox";
  }
  EXPECT_EQ(cache.Find("key"), std::nullopt);
  ASSERT_EQ(chown(directory_.c_str(), 12345, 0), 0);
  EXPECT_TRUE(absl::IsPermissionDenied(ObjectCache(directory_).status()));
}

TEST_F(ObjectCacheTest, FilesThatOthersMayReadOrWriteAreNotUsed) {
  const ObjectCache cache = Filled();
  for (const mode_t mode : {0606, 0660, 0644}) {
    ASSERT_EQ(chmod(File("key").c_str(), mode), 0);
    EXPECT_EQ(cache.Find("key"), std::nullopt);
  }
}

TEST_F(ObjectCacheTest, LinksAreNotFollowed) {
  const ObjectCache cache = Filled();
  std::filesystem::rename(File("key"), File("real"));
  std::filesystem::create_symlink(File("real"), File("key"));
  EXPECT_EQ(cache.Find("key"), std::nullopt);
  // Keeping puts a file in the place of the link.
  EXPECT_TRUE(cache.Keep("key", "again").ok());
  EXPECT_EQ(cache.Find("key"), "again");
  EXPECT_EQ(cache.Find("real"), "bytes");
  const std::string link = directory_ + "_link";
  std::filesystem::remove(link);
  std::filesystem::create_directory_symlink(directory_, link);
  EXPECT_FALSE(ObjectCache(link).status().ok());
}

TEST_F(ObjectCacheTest, WhatIsNoFileIsNotRead) {
  const ObjectCache cache = Filled();
  ASSERT_EQ(mkfifo(File("pipe").c_str(), 0600), 0);
  EXPECT_EQ(cache.Find("pipe"), std::nullopt);
  std::filesystem::create_directory(File("folder"));
  EXPECT_EQ(cache.Find("folder"), std::nullopt);
}

TEST_F(ObjectCacheTest, TornAndChangedFilesAreNotUsed) {
  const ObjectCache cache = Filled();
  for (const uintmax_t size : {68, 64, 10, 0}) {
    std::filesystem::resize_file(File("key"), size);
    EXPECT_EQ(cache.Find("key"), std::nullopt) << size;
  }
  ASSERT_TRUE(cache.Keep("key", "bytes").ok());
  std::ofstream(File("key"), std::ios::in | std::ios::ate) << "more";
  EXPECT_EQ(cache.Find("key"), std::nullopt);
}

TEST_F(ObjectCacheTest, DirectoriesThatCannotBeMade) {
  EXPECT_FALSE(ObjectCache("").status().ok());
  EXPECT_TRUE(absl::IsNotFound(ObjectCache(directory_ + "/a/b").status()));
  std::ofstream file(directory_);
  EXPECT_FALSE(ObjectCache(directory_).status().ok());
}

TEST_F(ObjectCacheTest, WritersAtTheSameTimeLeaveWholeObjects) {
  constexpr int kWriters = 4;
  std::vector<pid_t> writers;
  const ObjectCache cache = Filled();
  const auto object = [](int writer) {
    return std::string(100'000, static_cast<char>('a' + writer));
  };
  for (int i = 0; i < kWriters; ++i) {
    const pid_t writer = fork();
    if (writer == 0) {
      const ObjectCache own(directory_);
      bool good = true;
      for (int j = 0; j < 30; ++j) good &= own.Keep("key", object(i)).ok();
      _exit(good ? 0 : 1);
    }
    writers.push_back(writer);
  }
  for (int i = 0; i < 100; ++i) {
    const auto found = cache.Find("key");
    ASSERT_TRUE(found.has_value());
    const bool first = *found == "bytes";
    EXPECT_TRUE(first || *found == object((*found)[0] - 'a'));
  }
  for (const pid_t writer : writers) {
    int status = 0;
    waitpid(writer, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(Files(), 1);
}

TEST_F(ObjectCacheTest, WithoutSpaceNothingIsLeftBehind) {
  Filled();
  const pid_t writer = fork();
  if (writer == 0) {
    // As on a full disk: no file can grow beyond this.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit small = {4096, 4096};
    setrlimit(RLIMIT_FSIZE, &small);
    const ObjectCache cache(directory_);
    const bool kept = cache.Keep("key", std::string(100'000, 'x')).ok();
    _exit(kept || Files() != 1 || cache.Find("key") != "bytes" ? 1 : 0);
  }
  int status = 0;
  waitpid(writer, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(DefaultDirectoryTest, IsThatOfSystemdOrOfTheUser) {
  setenv("CACHE_DIRECTORY", "/var/cache/a:/var/cache/b", 1);
  EXPECT_EQ(ObjectCache::DefaultDirectory(), "/var/cache/a");
  unsetenv("CACHE_DIRECTORY");
  setenv("XDG_CACHE_HOME", "/home/me/.c", 1);
  EXPECT_EQ(ObjectCache::DefaultDirectory(), geteuid() == 0
                                                 ? "/var/cache/ebpf_exporter"
                                                 : "/home/me/.c/ebpf_exporter");
}

}  // namespace
}  // namespace ebpf_exporter
