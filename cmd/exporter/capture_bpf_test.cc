// --capture and /debug/capture of a running exporter.

#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cmd/exporter/exporter_process.h"
#include "core/dump/byte_source.h"
#include "core/dump/capture_reader.h"
#include "core/dump/dump_reader.h"
#include "core/dump/zstd_source.h"
#include "core/exposition/text_parser.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string ReadFile(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// The only file of a directory.
std::string OnlyFileOf(const std::string& directory) {
  std::string found;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    EXPECT_EQ(found, "") << entry.path();
    found = entry.path().string();
  }
  return found;
}

// What the tests compare of a capture.
struct Seen {
  std::set<std::string> maps;
  std::map<std::string, uint64_t> timers;  // starts by the function's name
};

uint64_t NumberAt(const std::byte* at) {
  uint64_t number;
  std::memcpy(&number, at, sizeof(number));
  return number;
}

void SeeTimers(const EntryBatch& batch, const SymbolTable* symbols,
               Seen& seen) {
  for (size_t i = 0; i < batch.count; ++i) {
    const uint64_t address = NumberAt(batch.key(i));
    std::string name;
    if (symbols == nullptr || !symbols->AppendSymbol(address, name)) {
      name = absl::StrCat("unknown_addr:0x", absl::Hex(address));
    }
    for (uint32_t cpu = 0; cpu < batch.cpus; ++cpu) {
      seen.timers[name] += NumberAt(batch.value(i) + cpu * batch.value_stride);
    }
  }
}

Seen See(std::string bytes) {
  Seen seen;
  CaptureReader reader(std::make_unique<ZstdSource>(
      std::make_unique<StringSource>(std::move(bytes))));
  while (true) {
    const absl::StatusOr<const DumpedMap*> map = reader.NextMap();
    EXPECT_TRUE(map.ok()) << map.status();
    if (!map.ok() || *map == nullptr) break;
    EXPECT_EQ((*map)->endian, std::endian::native);
    EXPECT_TRUE((*map)->shape.key.has_value()) << (*map)->shape.name;
    EXPECT_TRUE((*map)->shape.value.has_value()) << (*map)->shape.name;
    seen.maps.insert(absl::StrCat((*map)->config, "/", (*map)->shape.name));
    const bool timers = (*map)->config == "timers";
    while (true) {
      const absl::StatusOr<EntryBatch> batch = reader.NextBatch();
      EXPECT_TRUE(batch.ok()) << batch.status();
      if (!batch.ok() || batch->count == 0) break;
      if (timers) SeeTimers(*batch, reader.symbols(), seen);
    }
  }
  return seen;
}

std::map<std::string, uint64_t> ServedTimers(const ParsedPage& page) {
  std::map<std::string, uint64_t> timers;
  for (const ParsedSample& sample :
       page.at("ebpf_exporter_timers_started_total").samples) {
    uint64_t value = 0;
    EXPECT_TRUE(absl::SimpleAtoi(sample.value, &value)) << sample.value;
    timers[sample.Label("function")] += value;
  }
  return timers;
}

TEST(CaptureTest, OnceGivesPageAndCaptureOfOneMoment) {
  if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  const std::string directory = testing::TempDir() + "once";
  const std::string page_path = testing::TempDir() + "page";
  mkdir(directory.c_str(), 0700);
  const std::string command =
      absl::StrCat("cmd/exporter/exporter --once=2s --capture=", directory,
                   " > ", page_path);
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto page = ParsePrometheusText(ReadFile(page_path));
  ASSERT_TRUE(page.ok()) << page.status();
  const Seen seen = See(ReadFile(OnlyFileOf(directory)));
  EXPECT_THAT(seen.maps, testing::Contains("timers/timers_started_total"));
  EXPECT_GE(seen.maps.size(), 8u);
  EXPECT_FALSE(seen.timers.empty());
  EXPECT_EQ(seen.timers, ServedTimers(*page));
}

TEST(CaptureTest, ARunningExporterStreamsOneAndWritesOneAtTheEnd) {
  if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  const std::string directory = testing::TempDir() + "end";
  mkdir(directory.c_str(), 0700);
  ExporterProcess exporter({"--debug", "--capture=" + directory});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  const ExporterProcess::Reply reply = exporter.Get("/debug/capture");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.head, testing::HasSubstr("application/zstd"));
  EXPECT_THAT(reply.head, testing::HasSubstr(".capture.zst\""));
  const Seen streamed = See(reply.body);
  EXPECT_EQ(exporter.Stop(SIGTERM), 0) << exporter.Log();
  const Seen seen = See(ReadFile(OnlyFileOf(directory)));
  EXPECT_EQ(seen.maps, streamed.maps);
  EXPECT_THAT(seen.maps, testing::Contains("timers/timers_started_total"));
  for (const auto& [function, starts] : streamed.timers) {
    ASSERT_EQ(seen.timers.count(function), 1u) << function;
    EXPECT_GE(seen.timers.at(function), starts) << function;
  }
}

TEST(CaptureTest, WithoutDebugThereIsNone) {
  if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  ExporterProcess exporter({});
  ASSERT_TRUE(exporter.WaitUntilItListens()) << exporter.Log();
  EXPECT_EQ(exporter.Get("/debug/capture").status, 404);
}

TEST(CaptureTest, ADirectoryThatIsNoneStopsTheStart) {
  if (!MayUseBpf()) GTEST_SKIP() << "may not use BPF";
  ExporterProcess exporter({"--capture=/nonexistent/captures"});
  EXPECT_FALSE(exporter.WaitUntilItListens());
  EXPECT_THAT(exporter.Log(),
              testing::HasSubstr("--capture: make this directory first"));
}

}  // namespace
}  // namespace ebpf_exporter
