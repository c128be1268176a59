#include "cmd/exporter/capture.h"

#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "core/dump/byte_source.h"
#include "core/dump/capture_exercise.h"
#include "core/dump/capture_reader.h"
#include "core/dump/zstd_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

struct Kept final : BodyWriter {
  bool Write(std::string_view chunk) override {
    bytes.append(chunk);
    return open;
  }
  std::string bytes;
  bool open = true;
};

TEST(CaptureTest, IsNamedAfterTheTime) {
  EXPECT_EQ(CaptureName(0), "ebpf_exporter-19700101T000000Z.capture.zst");
  EXPECT_EQ(CaptureName(1'700'000'000),
            "ebpf_exporter-20231114T221320Z.capture.zst");
}

TEST(CaptureTest, OfNothingIsWhole) {
  Kept out;
  const absl::Status status = WriteCapture({}, out);
  ASSERT_TRUE(status.ok()) << status;
  CaptureReader reader(
      std::make_unique<ZstdSource>(std::make_unique<StringSource>(out.bytes)));
  const ReadResult result = ReadAll(reader);
  EXPECT_TRUE(result.status.ok()) << result.status;
  EXPECT_TRUE(result.maps.empty());
  ASSERT_NE(reader.origin(), nullptr);
  EXPECT_GE(reader.origin()->possible_cpus, 1u);
}

TEST(CaptureTest, WhoeverGivesUpIsNoticed) {
  Kept out;
  out.open = false;
  EXPECT_EQ(WriteCapture({}, out).code(), absl::StatusCode::kAborted);
}

TEST(CaptureTest, GoesIntoAFileThatOnlyTheUserCanRead) {
  const std::string directory = testing::TempDir() + "captures";
  mkdir(directory.c_str(), 0755);
  ASSERT_TRUE(CheckCaptureDirectory(directory).ok());
  const absl::StatusOr<std::string> path = SaveCapture({}, directory);
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_THAT(*path, HasSubstr(directory + "/ebpf_exporter-20"));
  struct stat info = {};
  ASSERT_EQ(stat(path->c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  std::stringstream bytes;
  bytes << std::ifstream(*path, std::ios::binary).rdbuf();
  CaptureReader reader(std::make_unique<ZstdSource>(
      std::make_unique<StringSource>(bytes.str())));
  EXPECT_TRUE(ReadAll(reader).status.ok());
  EXPECT_NE(access((*path + ".part").c_str(), F_OK), 0);
}

TEST(CaptureTest, ADirectoryThatIsNoneIsToldBeforehand) {
  const absl::Status none = CheckCaptureDirectory("/nonexistent/captures");
  EXPECT_EQ(none.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(none.message()),
              HasSubstr("--capture: make this directory first: "
                        "/nonexistent/captures"));
  const std::string file = testing::TempDir() + "file";
  std::ofstream(file) << "x";
  EXPECT_THAT(std::string(CheckCaptureDirectory(file).message()),
              HasSubstr("is not a directory"));
  EXPECT_FALSE(SaveCapture({}, "/nonexistent/captures").ok());
}

TEST(CaptureTest, WhatIsThereAlreadyIsNotFollowedOrOverwritten) {
  const std::string directory = testing::TempDir() + "taken";
  mkdir(directory.c_str(), 0755);
  for (int64_t second = 0; second < 3; ++second) {
    const std::string part =
        directory + "/" + CaptureName(std::time(nullptr) + second) + ".part";
    ASSERT_EQ(symlink("/dev/null", part.c_str()), 0);
  }
  EXPECT_EQ(SaveCapture({}, directory).status().code(),
            absl::StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace ebpf_exporter
