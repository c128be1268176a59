#include "cmd/exporter/config_source.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

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
