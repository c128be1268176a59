// What a steady scrape does not do: allocate, or read files nobody asked for.
// Everything from a request to the bytes of its body, without the HTTP around
// them.

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bpf/host/read_file.h"
#include "bpf/loader/privileges.h"
#include "cmd/exporter/allocations.h"
#include "cmd/exporter/http.h"
#include "cmd/exporter/live_exporter.h"
#include "cmd/exporter/routes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/build/kernel_version.h"
#include "tools/build/sanitized.h"

namespace ebpf_exporter {
namespace {

struct TextWriter final : BodyWriter {
  bool Write(std::string_view chunk) override {
    text += chunk;
    return true;
  }
  std::string text;
};

// Keeps nothing.
struct NullWriter final : BodyWriter {
  bool Write(std::string_view chunk) override {
    bytes += chunk.size();
    return true;
  }
  size_t bytes = 0;
};

// Addresses of functions of the running kernel, in pairs that differ.
std::vector<uint64_t> SomeFunctions(size_t wanted) {
  std::vector<uint64_t> functions;
  std::ifstream file("/proc/kallsyms");
  std::string address, type, name;
  while (functions.size() < wanted && file >> address >> type >> name) {
    const uint64_t at = std::stoull(address, nullptr, 16);
    if (type == "T" && (functions.empty() || functions.back() < at)) {
      functions.push_back(at);
    }
  }
  return functions;
}

class SteadyScrapeTest : public testing::Test {
 protected:
  void SetUp() override {
    const absl::Status privileges = CheckPrivileges();
    if (!privileges.ok()) GTEST_SKIP() << privileges;
  }

  void Start(const std::vector<LiveMapSpec>& specs,
             LiveSymbolsOptions symbols = {}) {
    auto live = LiveExporter::Start(specs, std::move(symbols));
    ASSERT_TRUE(live.ok()) << live.status();
    live_ = *std::move(live);
    routes_ = std::make_unique<Routes>(&live_->exporter(), "/metrics", false);
  }

  // What a scrape allocates, given that its values have changed.
  uint64_t AllocationsOf(const Request& request) {
    const absl::Status counted = live_->Count();
    EXPECT_TRUE(counted.ok()) << counted;
    NullWriter writer;
    const uint64_t before = Allocations();
    {
      const Response response = routes_->Handle(request);
      EXPECT_TRUE(response.stream(writer));
    }
    const uint64_t after = Allocations();
    EXPECT_GT(writer.bytes, 1000u);
    return after - before;
  }

  void ExpectNoneWhenWarm(const Request& request) {
    if (kSanitized) GTEST_SKIP() << "sanitizers allocate themselves";
    for (int i = 0; i < 5; ++i) AllocationsOf(request);
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(AllocationsOf(request), 0u) << "scrape " << i;
    }
  }

  std::unique_ptr<LiveExporter> live_;
  std::unique_ptr<Routes> routes_;
};

std::vector<LiveMapSpec> AllKinds() {
  std::vector<uint64_t> functions = SomeFunctions(100);
  const auto count = static_cast<uint32_t>(functions.size());
  return {{.name = "numbers", .entries = 3'000},
          {.name = "growing", .entries = 6'000, .grows_only = true},
          {.name = "histograms", .slots = 28, .entries = 50},
          {.name = "functions",
           .decoders = {"ksym"},
           .entries = count,
           .key_size = 8,
           .keys = std::move(functions)}};
}

TEST_F(SteadyScrapeTest, AsTextAllocatesNothing) {
  Start(AllKinds());
  ExpectNoneWhenWarm({.path = "/metrics"});
}

TEST_F(SteadyScrapeTest, InGzipAllocatesNothing) {
  Start(AllKinds());
  ExpectNoneWhenWarm(
      {.path = "/metrics",
       .headers = {{"Host", "localhost:9435"}, {"Accept-Encoding", "gzip"}}});
}

// The first scrape tells that the map is large enough.
TEST_F(SteadyScrapeTest, ALargeMapThatOnlyGainsEntriesIsCopied) {
  if (!KernelIsAtLeast(5, 14)) {
    GTEST_SKIP() << "programs that walk maps came with Linux 5.14";
  }
  Start(AllKinds());
  for (const char* method : {"batches", "copies", "copies"}) {
    const absl::Status counted = live_->Count();
    ASSERT_TRUE(counted.ok()) << counted;
    TextWriter writer;
    ASSERT_TRUE(routes_->Handle({.path = "/metrics"}).stream(writer));
    EXPECT_THAT(
        writer.text,
        testing::HasSubstr(absl::StrCat(
            "map_read_method{config=\"growing\",map=\"growing\",method=\"",
            method, "\"} 1\n")));
    EXPECT_THAT(writer.text,
                testing::HasSubstr("map_read_method{config=\"numbers\",map="
                                   "\"numbers\",method=\"batches\"} 1\n"));
  }
}

// Files that the symbols were read from, and how often.
class CountedReads {
 public:
  LiveSymbolsOptions options() {
    LiveSymbolsOptions options;
    options.read = [this](const std::string& path, std::string& text) {
      ++reads_[path];
      ReadFileInto(path, text);
    };
    return options;
  }
  int of(const std::string& path) { return reads_[path]; }

 private:
  std::map<std::string, int> reads_;
};

TEST_F(SteadyScrapeTest, SymbolsAreReadOnlyIfADecoderAsksForThem) {
  for (const auto& [decoder, reads] : {std::pair{"uint", 0}, {"ksym", 1}}) {
    CountedReads files;
    Start({{.decoders = {decoder},
            .entries = 100,
            .key_size = 8,
            .keys = SomeFunctions(100)}},
          files.options());
    for (int i = 0; i < 3; ++i) AllocationsOf({.path = "/metrics"});
    EXPECT_EQ(files.of("/proc/kallsyms"), reads) << decoder;
    EXPECT_EQ(files.of("/proc/modules") > 0, reads > 0) << decoder;
    routes_.reset();
    live_.reset();
  }
}

}  // namespace
}  // namespace ebpf_exporter
