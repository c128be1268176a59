#include "cmd/exporter/config_source.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string WriteFile(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(ConfigSourceTest, ObjectsLieBesideTheirConfiguration) {
  WriteFile("a.bpf.o", std::string("\x7f"
                                   "ELF\0rest",
                                   9));
  const auto source = ReadConfigFile(WriteFile("a.yaml", "programs:\n"));
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ(source->text, "programs:\n");
  const auto object = source->read_object("a.bpf.o");
  ASSERT_TRUE(object.ok()) << object.status();
  EXPECT_EQ(object->size(), 9u);
  EXPECT_TRUE(source->read_object(testing::TempDir() + "a.bpf.o").ok());
  const auto missing = source->read_object("b.bpf.o");
  EXPECT_TRUE(absl::StrContains(missing.status().message(), "b.bpf.o"))
      << missing.status();
}

TEST(ConfigSourceTest, OnlyRegularFilesAreRead) {
  const std::string pipe = testing::TempDir() + "pipe";
  mkfifo(pipe.c_str(), 0600);
  for (const std::string& path :
       {pipe, testing::TempDir(), std::string("/dev/zero")}) {
    const auto source = ReadConfigFile(path);
    ASSERT_FALSE(source.ok()) << path;
    EXPECT_TRUE(absl::StrContains(source.status().message(), "regular file"))
        << source.status();
  }
}

TEST(ConfigSourceTest, FilesBeyondTheLimitAreRefused) {
  const std::string path = WriteFile("large", std::string(101, 'x'));
  EXPECT_TRUE(ReadRegularFile(path, 101).ok());
  EXPECT_FALSE(ReadRegularFile(path, 100).ok());
}

TEST(ConfigSourceTest, ADirectoryOfConfigs) {
  const std::string directory = testing::TempDir() + "configs";
  std::filesystem::create_directories(directory + "/d.yaml");  // no file
  WriteFile("configs/b.yaml", "b");
  WriteFile("configs/a.yaml", "a");
  WriteFile("configs/a.bpf.o", "object");
  const auto all = ReadConfigDirectory(directory, {});
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].name, "a");
  EXPECT_EQ((*all)[0].text, "a");
  EXPECT_EQ(*(*all)[0].read_object("a.bpf.o"), "object");
  EXPECT_EQ((*all)[1].name, "b");
  EXPECT_FALSE((*all)[2].unreadable.ok());

  const auto chosen = ReadConfigDirectory(directory, {"b", "none"});
  ASSERT_TRUE(chosen.ok());
  EXPECT_TRUE((*chosen)[0].unreadable.ok());
  EXPECT_EQ((*chosen)[1].name, "none");
  EXPECT_TRUE(absl::StrContains((*chosen)[1].unreadable.message(),
                                "configs/none.yaml"));
  EXPECT_FALSE(ReadConfigDirectory(directory + "/nowhere", {}).ok());
  std::filesystem::create_directories(testing::TempDir() + "empty");
  EXPECT_FALSE(ReadConfigDirectory(testing::TempDir() + "empty", {}).ok());
}

TEST(ConfigSourceTest, TheDefaultSetHasItsObjects) {
  const auto sources = DefaultConfigs();
  std::set<std::string> names;
  for (const ConfigSource& source : sources) {
    names.insert(source.file);
    EXPECT_TRUE(absl::StrContains(source.text, "object: "));
  }
  EXPECT_GE(names.size(), 8u);
  ASSERT_FALSE(sources.empty());
  const auto object = sources[0].read_object("bio.bpf.o");
  ASSERT_TRUE(object.ok()) << object.status();
  EXPECT_EQ(object->substr(1, 3), "ELF");
  EXPECT_FALSE(sources[0].read_object("none.bpf.o").ok());
}

}  // namespace
}  // namespace ebpf_exporter
