// Entries that come and go at full speed while the map is walked: each page is
// whole. No series is there twice, none that stayed is missing, none has
// another value than its entry.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bpf/loader/create_map.h"
#include "bpf/loader/privileges.h"
#include "cmd/exporter/http.h"
#include "cmd/exporter/live_exporter.h"
#include "cmd/exporter/routes.h"
#include "core/exposition/text_parser.h"
#include "gtest/gtest.h"
#include "tools/build/patience.h"

namespace ebpf_exporter {
namespace {

constexpr uint32_t kStaying = 1000;
constexpr uint32_t kEntries = 4 * kStaying;

struct TextWriter final : BodyWriter {
  bool Write(std::string_view chunk) override {
    text += chunk;
    return true;
  }
  std::string text;
};

// Takes the entries above kStaying out, one by one, and puts two of three back.
void Churn(const LiveExporter& live, const std::atomic<bool>& stop) {
  const auto& [shape, fd] = live.map(0);
  for (uint32_t i = 0; !stop; ++i) {
    const uint32_t key = kStaying + i % (kEntries - kStaying);
    const uint64_t value = key;
    const auto key_bytes = std::as_bytes(std::span(&key, 1));
    static_cast<void>(DeleteEntries(fd, shape, key_bytes));
    if (i % 3 == 0) continue;
    static_cast<void>(
        PutEntries(fd, shape, key_bytes, std::as_bytes(std::span(&value, 1))));
  }
}

// The parser refuses a page with a series that is there twice.
void ExpectWhole(const std::string& text, size_t& series) {
  const auto page = ParsePrometheusText(text);
  ASSERT_TRUE(page.ok()) << page.status();
  std::vector<bool> seen(kEntries);
  for (const ParsedSample& sample : page->at("ebpf_exporter_numbers").samples) {
    ASSERT_EQ(sample.value, sample.Label("id"));
    seen.at(std::stoul(std::string(sample.Label("id")))) = true;
    ++series;
  }
  for (uint32_t key = 0; key < kStaying; ++key) ASSERT_TRUE(seen[key]) << key;
}

TEST(ChurnTest, PagesAreWholeWhileEntriesComeAndGo) {
  const absl::Status privileges = CheckPrivileges();
  if (!privileges.ok()) GTEST_SKIP() << privileges;
  auto live = LiveExporter::Start({{.entries = kEntries}});
  ASSERT_TRUE(live.ok()) << live.status();
  Routes routes(&(*live)->exporter(), "/metrics", false);
  std::atomic<bool> stop = false;
  std::thread churn([&] { Churn(**live, stop); });
  const size_t pages = 40 / static_cast<size_t>(std::min(Patience(), 5));
  size_t series = 0;
  for (size_t i = 0; i < pages && !testing::Test::HasFailure(); ++i) {
    TextWriter page;
    const Response response = routes.Handle({.path = "/metrics"});
    EXPECT_TRUE(response.stream(page));
    ExpectWhole(page.text, series);
  }
  stop = true;
  churn.join();
  // Some did go, or nothing was tried.
  EXPECT_LT(series, pages * kEntries);
  EXPECT_GT(series, pages * kStaying);
}

}  // namespace
}  // namespace ebpf_exporter
