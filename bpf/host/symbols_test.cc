#include "bpf/host/symbols.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kText[] =
    "ffffffff81000000 T _text\n"
    "ffffffff81000200 t tick\n";
constexpr char kHidden[] =
    "0000000000000000 T _text\n"
    "0000000000000000 t tick\n";
constexpr char kModule[] = "ffffffffc0001000 t probe\t[nvme]\n";

class LiveSymbolsTest : public ::testing::Test {
 protected:
  LiveSymbolsTest() {
    options_.kallsyms = "kallsyms";
    options_.modules = "modules";
    options_.kptr_restrict = "kptr_restrict";
    options_.now = [this] { return now_; };
    options_.read = [this](const std::string& path, std::string& text) {
      ++reads_[path];
      text = files_[path];
    };
    files_["kallsyms"] = kText;
    files_["kptr_restrict"] = "1\n";
  }

  static std::string Ask(const LiveSymbols& symbols, uint64_t address) {
    std::string out = "<";
    const bool found = symbols.AppendSymbol(address, out);
    return found ? out : out + "?";
  }

  LiveSymbolsOptions options_;
  std::map<std::string, std::string> files_;
  std::map<std::string, int> reads_;
  std::chrono::steady_clock::time_point now_;
};

TEST_F(LiveSymbolsTest, ResolvesExactAddresses) {
  const LiveSymbols symbols(options_);
  EXPECT_EQ(Ask(symbols, 0xffffffff81000200), "<tick");
  EXPECT_EQ(Ask(symbols, 0xffffffff81000201), "<?");
}

TEST_F(LiveSymbolsTest, ResolvesAddressesInsideASymbol) {
  LiveSymbols symbols(options_);
  std::string out;
  const auto near = symbols.AppendNear(0xffffffff81000210, 64, out);
  ASSERT_TRUE(near.has_value());
  EXPECT_EQ(near->distance, 0x10u);
  EXPECT_EQ(out, "tick");
  EXPECT_FALSE(symbols.AppendNear(0xffffffff81000210, 15, out).has_value());
}

TEST_F(LiveSymbolsTest, BehindABpfProgramThereMayBeANewOne) {
  files_["kallsyms"] = "ffffffffc0000000 t bpf_prog_1\t[bpf]\n";
  LiveSymbols symbols(options_);
  std::string out;
  symbols.AppendNear(0xffffffffc0000100, 4096, out);
  files_["kallsyms"] += "ffffffffc0000080 t bpf_prog_2\t[bpf]\n";
  now_ += seconds(1);
  symbols.Refresh();
  EXPECT_EQ(symbols.epoch(), 1);
  out.clear();
  symbols.AppendNear(0xffffffffc0000100, 4096, out);
  EXPECT_EQ(out, "bpf_prog_2\t[bpf]");
}

TEST_F(LiveSymbolsTest, AHundredUnknownAddressesReadNothing) {
  LiveSymbols symbols(options_);
  for (uint64_t i = 0; i < 100; ++i) EXPECT_EQ(Ask(symbols, 1 + i), "<?");
  EXPECT_EQ(reads_["kallsyms"], 1);
  EXPECT_EQ(reads_["modules"], 1);
}

TEST_F(LiveSymbolsTest, ReadsWhenFirstAskedAndNotBefore) {
  LiveSymbols symbols(options_);
  symbols.Refresh();
  EXPECT_EQ(reads_["kallsyms"], 0);
  Ask(symbols, 0xffffffff81000000);
  Ask(symbols, 0xffffffff81000200);
  EXPECT_EQ(reads_["kallsyms"], 1);
}

TEST_F(LiveSymbolsTest, ANewModuleIsNoticedAtOnce) {
  LiveSymbols symbols(options_);
  EXPECT_EQ(Ask(symbols, 0xffffffffc0001000), "<?");
  const uint64_t epoch = symbols.epoch();
  files_["kallsyms"] = std::string(kText) + kModule;
  files_["modules"] = "nvme 16384 2 - Live 0xffffffffc0001000\n";
  symbols.Refresh();
  EXPECT_EQ(Ask(symbols, 0xffffffffc0001000), "<probe\t[nvme]");
  EXPECT_GT(symbols.epoch(), epoch);
}

TEST_F(LiveSymbolsTest, AModuleThatGoesTakesItsNamesAlong) {
  files_["kallsyms"] = std::string(kText) + kModule;
  files_["modules"] = "nvme 16384 2 - Live 0xffffffffc0001000\n";
  LiveSymbols symbols(options_);
  EXPECT_EQ(Ask(symbols, 0xffffffffc0001000), "<probe\t[nvme]");
  files_["kallsyms"] = kText;
  files_["modules"] = "";
  symbols.Refresh();
  EXPECT_EQ(Ask(symbols, 0xffffffffc0001000), "<?");
}

TEST_F(LiveSymbolsTest, ReferenceCountsOfModulesDoNotMatter) {
  const size_t before = internal::HashModules(
      "nvme 16384 2 - Live 0xffffffffc0001000\n"
      "xfs 1 0 - Live 0xffffffffc0100000\n");
  EXPECT_EQ(before, internal::HashModules(
                        "nvme 16384 7 raid0, Live 0xffffffffc0001000\n"
                        "xfs 1 1 - Live 0xffffffffc0100000\n"));
  EXPECT_NE(before,
            internal::HashModules("nvme 16384 2 - Live 0xffffffffc0002000\n"
                                  "xfs 1 0 - Live 0xffffffffc0100000\n"));
}

TEST_F(LiveSymbolsTest, AMissIsLookedUpAgainAfterABackOff) {
  LiveSymbols symbols(options_);
  Ask(symbols, 0xffffffffc0001000);
  files_["kallsyms"] = std::string(kText) + kModule;
  now_ += std::chrono::milliseconds(999);
  symbols.Refresh();
  EXPECT_EQ(Ask(symbols, 0xffffffffc0001000), "<?");
  now_ += std::chrono::milliseconds(1);
  symbols.Refresh();
  EXPECT_EQ(Ask(symbols, 0xffffffffc0001000), "<probe\t[nvme]");
  EXPECT_EQ(symbols.epoch(), 1);
}

TEST_F(LiveSymbolsTest, WithoutAMissNothingIsReadAgain) {
  LiveSymbols symbols(options_);
  Ask(symbols, 0xffffffff81000000);
  now_ += minutes(60);
  symbols.Refresh();
  EXPECT_EQ(reads_["kallsyms"], 1);
  EXPECT_EQ(symbols.epoch(), 0);
}

TEST_F(LiveSymbolsTest, BackOffDoublesUpToFiveMinutesWhileNothingChanges) {
  LiveSymbols symbols(options_);
  Ask(symbols, 1);
  std::vector<int> waits;
  for (int waited = 1; waits.size() < 11; ++waited) {
    const int reads = reads_["kallsyms"];
    now_ += seconds(1);
    symbols.Refresh();
    Ask(symbols, 1);
    if (reads_["kallsyms"] == reads) continue;
    waits.push_back(waited);
    waited = 0;
  }
  EXPECT_THAT(waits, ElementsAre(1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300));
  EXPECT_EQ(symbols.epoch(), 0);
}

TEST_F(LiveSymbolsTest, HiddenAddressesResolveNothingAndWarnOnce) {
  files_["kallsyms"] = kHidden;
  LiveSymbols symbols(options_);
  EXPECT_EQ(Ask(symbols, 0), "<?");
  EXPECT_EQ(Ask(symbols, 0xffffffff81000000), "<?");
  EXPECT_THAT(symbols.TakeWarning(),
              AllOf(HasSubstr("are hidden"), HasSubstr("CAP_SYSLOG")));
  now_ += minutes(60);
  symbols.Refresh();
  EXPECT_THAT(symbols.TakeWarning(), IsEmpty());
}

TEST_F(LiveSymbolsTest, NamesTheSysctlThatHidesAddressesFromEverybody) {
  files_["kallsyms"] = kHidden;
  files_["kptr_restrict"] = "2\n";
  LiveSymbols symbols(options_);
  Ask(symbols, 0);
  EXPECT_THAT(symbols.TakeWarning(),
              HasSubstr("sudo sysctl kernel.kptr_restrict=1"));
}

TEST_F(LiveSymbolsTest, PrivilegesGivenUpLaterTakeNothingAway) {
  LiveSymbols symbols(options_);
  Ask(symbols, 1);
  files_["kallsyms"] = kHidden;
  now_ += seconds(1);
  symbols.Refresh();
  EXPECT_EQ(Ask(symbols, 0xffffffff81000000), "<_text");
  EXPECT_EQ(symbols.epoch(), 0);
  EXPECT_THAT(symbols.TakeWarning(), AllOf(HasSubstr("stay as they were read"),
                                           HasSubstr("keep cap_syslog")));
}

TEST_F(LiveSymbolsTest, PreparedSymbolsOutlivePrivileges) {
  LiveSymbols symbols(options_);
  symbols.Prepare();
  symbols.Prepare();
  EXPECT_EQ(reads_["kallsyms"], 1);
  files_["kallsyms"] = kHidden;
  EXPECT_EQ(Ask(symbols, 0xffffffff81000000), "<_text");
  EXPECT_EQ(reads_["kallsyms"], 1);
  symbols.Refresh();
  EXPECT_EQ(reads_["kallsyms"], 1);
  EXPECT_THAT(symbols.TakeWarning(), IsEmpty());
}

TEST_F(LiveSymbolsTest, MissingFileResolvesNothingAndSaysSo) {
  files_["kallsyms"].clear();
  LiveSymbols symbols(options_);
  EXPECT_EQ(Ask(symbols, 0xffffffff81000000), "<?");
  EXPECT_THAT(symbols.TakeWarning(), HasSubstr("cannot be read"));
}

TEST_F(LiveSymbolsTest, ReadersGoOnWhileItRefreshes) {
  LiveSymbols symbols(options_);
  std::vector<std::thread> readers;
  std::atomic<bool> stop = false;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        ASSERT_EQ(Ask(symbols, 0xffffffff81000000), "<_text");
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    files_["modules"] = "m 1 0 - Live 0x" + std::to_string(i) + "\n";
    symbols.Refresh();
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

TEST(LiveSymbolsOfThisKernel, AnswersOrSaysWhyNot) {
  LiveSymbols symbols;
  std::string out;
  symbols.AppendSymbol(1, out);
  std::ifstream kallsyms("/proc/kallsyms");
  std::string line;
  if (!std::getline(kallsyms, line)) GTEST_SKIP() << "no /proc/kallsyms";
  if (std::stoull(line, nullptr, 16) == 0 && !symbols.TakeWarning().empty()) {
    return;  // hidden from this user
  }
  // The last symbols have addresses of their own on every kernel.
  std::string last;
  for (; std::getline(kallsyms, line);) {
    if (line.size() > 19 && line[17] == 'T') last = line;
  }
  ASSERT_FALSE(last.empty());
  EXPECT_TRUE(symbols.AppendSymbol(std::stoull(last, nullptr, 16), out));
}

}  // namespace
}  // namespace ebpf_exporter
