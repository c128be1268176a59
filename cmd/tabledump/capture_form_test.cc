// Captures decoded from end to end: native, foreign, packed and damaged ones,
// with the names and the times that they recorded.

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cmd/tabledump/tabledump_process.h"
#include "cmd/tabledump/text_sink.h"
#include "core/dump/capture_writer.h"
#include "core/dump/zstd_sink.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr uint64_t kAddress = 0xffffffff81000010;

// A number in the byte order of the captured host.
std::string Number(uint64_t number, size_t size, bool foreign) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) {
    const bool little = (std::endian::native == std::endian::little) != foreign;
    const size_t shift = 8 * (little ? i : size - 1 - i);
    bytes += static_cast<char>(number >> shift);
  }
  return bytes;
}

std::string Comm(std::string text) {
  text.resize(16, '\0');
  return text;
}

struct Options {
  bool foreign = false;
  uint64_t seconds = 1000;
  uint64_t more = 0;        // added to each value
  std::string config = "";  // of the map
};

EntryBatch BatchOf(const std::string& keys, const std::string& values) {
  EntryBatch batch;
  batch.keys = reinterpret_cast<const std::byte*>(keys.data());
  batch.values = reinterpret_cast<const std::byte*>(values.data());
  batch.key_size = 24;
  batch.count = keys.size() / batch.key_size;
  batch.value_size = batch.value_stride = 8;
  batch.cpus = 2;
  return batch;
}

// Calls of disks.yaml, per CPU.
template <ByteSink S>
void WriteCalls(S* sink, const Options& options) {
  const bool big = (std::endian::native == std::endian::big) != options.foreign;
  CaptureWriter<S> writer(
      sink, {.kernel_release = "6.1",
             .time_nanoseconds = options.seconds * 1'000'000'000,
             .possible_cpus = 2,
             .endian = big ? std::endian::big : std::endian::little});
  writer.AddSymbols("ffffffff81000010 t do_it\n");
  CapturedMap map;
  map.shape.name = "calls_with_a_lo";
  map.shape.type = MapType::kPerCpuHash;
  map.shape.key_size = 24;
  map.shape.value_size = 8;
  map.shape.max_entries = 64;
  map.config = options.config;
  writer.BeginMap(map);
  const bool foreign = options.foreign;
  const std::string keys = Comm("bash") + Number(kAddress, 8, foreign) +
                           Comm("bash") + Number(kAddress + 1, 8, foreign);
  const std::string values = Number(1 + options.more, 8, foreign) +
                             Number(2, 8, foreign) + Number(30, 8, foreign) +
                             Number(4, 8, foreign);
  writer.Add(BatchOf(keys, values));
  writer.Finish();
}

std::string CaptureOf(const Options& options = {}) {
  StringSink sink;
  WriteCalls<TextSink>(&sink, options);
  return sink.text();
}

std::string Saved(std::string_view name, std::string_view bytes) {
  const std::string path = absl::StrCat(std::getenv("TEST_TMPDIR"), "/", name);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

RunResult Tabledump(std::vector<std::string> arguments) {
  return RunTabledump(arguments, {.directory = "testdata/dumps/tabledump"});
}

RunResult Decode(const std::string& path, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {
      "decode",      "--config.file", "disks.yaml", "--metric",
      "calls_total", "--format",      "prom",       path};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Tabledump(arguments);
}

constexpr char kSeries[] =
    "# HELP ebpf_exporter_calls_total Calls by command and place\n"
    "# TYPE ebpf_exporter_calls_total counter\n"
    "ebpf_exporter_calls_total{comm=\"bash\",where=\"do_it\"} 3\n"
    "ebpf_exporter_calls_total{comm=\"bash\",where=\"unknown_addr:"
    "0xffffffff81000011\"} 34\n";

TEST(CaptureFormTest, NamesComeFromTheCapture) {
  const RunResult result = Decode(Saved("native", CaptureOf()));
  EXPECT_EQ(result.out, kSeries);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.exit_code, 0);
}

TEST(CaptureFormTest, AForeignOneIsTheSame) {
  EXPECT_EQ(Decode(Saved("foreign", CaptureOf({.foreign = true}))).out,
            kSeries);
}

TEST(CaptureFormTest, TheCaptureKnowsItsByteOrder) {
  EXPECT_EQ(Decode(Saved("native", CaptureOf()), {"--endian", "big"}).out,
            kSeries);
  EXPECT_EQ(Decode(Saved("native", CaptureOf()), {"--endian", "little"}).out,
            kSeries);
}

TEST(CaptureFormTest, APackedOneIsTheSame) {
  StringSink packed;
  ZstdSink<TextSink> zstd(&packed);
  WriteCalls(&zstd, {});
  ASSERT_TRUE(zstd.Finish());
  EXPECT_EQ(Decode(Saved("packed.zst", packed.text())).out, kSeries);
}

TEST(CaptureFormTest, DamageIsAnErrorUnlessItIsTolerated) {
  std::string cut = CaptureOf();
  cut.resize(cut.size() - 10);
  const std::string path = Saved("cut", cut);
  const RunResult strict = Decode(path);
  EXPECT_EQ(strict.exit_code, 2);
  EXPECT_EQ(strict.out, "");
  EXPECT_NE(strict.err.find("tabledump: error: "), std::string::npos);
  const RunResult lenient = Decode(path, {"--lenient"});
  EXPECT_EQ(lenient.exit_code, 0);
  EXPECT_EQ(lenient.out, kSeries);
  EXPECT_NE(lenient.err.find("tabledump: note: "), std::string::npos);
}

TEST(CaptureFormTest, AMapOfAnotherProgramIsNotTaken) {
  // Two programs read a map of this name; the capture says whose it is.
  std::string two;
  {
    std::ifstream file("testdata/dumps/tabledump/disks.yaml");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const std::string program = text.substr(text.find("  - name: disks"));
    two = text + absl::StrReplaceAll(program, {{"name: disks", "name: other"},
                                               {"&cpu", "&cpu2"},
                                               {"*cpu", "*cpu2"},
                                               {"_total", "2_total"},
                                               {"name: balance", "name: bal2"},
                                               {"_seconds", "2_seconds"}});
  }
  const std::string config = Saved("two.yaml", two);
  const auto decode = [&](const std::string& of) {
    const RunResult result =
        Tabledump({"decode", "--config.file", config, "--format", "prom",
                   Saved("of", CaptureOf({.config = of}))});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  };
  EXPECT_EQ(decode("disks"), kSeries);
  EXPECT_EQ(decode("other"),
            absl::StrReplaceAll(kSeries, {{"calls_total", "calls2_total"}}));
  EXPECT_NE(decode("").find("calls2_total"), std::string::npos);
}

TEST(CaptureFormTest, DiffKnowsTheTimeBetween) {
  const std::string before = Saved("before", CaptureOf());
  const std::string after =
      Saved("after", CaptureOf({.seconds = 1010, .more = 25}));
  const auto diff = [](const std::string& a, const std::string& b) {
    return Tabledump({"diff", "--config.file", "disks.yaml", "--metric",
                      "calls_total", "--rate", a, b});
  };
  const RunResult result = diff(before, after);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "ebpf_exporter_calls_total  counter\n"
            "  = {comm=\"bash\",where=\"do_it\"}  3 -> 28  +25  2.5/s\n"
            "  unchanged series: 1\n");
  EXPECT_EQ(diff(after, before).exit_code, 2);
}

TEST(CaptureFormTest, ExplainTakesNamesFromTheDump) {
  const RunResult result =
      Tabledump({"explain", "--config.file", "disks.yaml", "--metric",
                 "calls_total", "--dump", Saved("native", CaptureOf()),
                 "62617368000000000000000000000000", "10000081ffffffff"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("ksym: \"do_it\""), std::string::npos)
      << result.out;
}

// A file of the 2.x form, whose regexps keep what matched, over a map whose key
// has no CPU.
constexpr std::string_view kSplit = R"(
metrics:
  counters:
    - name: split_total
      help: Calls by CPU
      table: calls_with_a_long_name
      labels:
        - name: comm
          size: 16
          decoders:
            - name: string
            - name: regexp
              regexps: ['^ba']
        - name: where
          size: 8
          decoders:
            - name: ksym
        - name: cpu
          size: 2
          decoders:
            - name: uint
)";

TEST(CaptureFormTest, ExplainSplitsByCpuAndKeepsTheMatch) {
  for (const bool foreign : {false, true}) {
    const std::string config = Saved("split.yaml", kSplit);
    const std::string dump =
        Saved("split.capture", CaptureOf({.foreign = foreign}));
    const auto explain = [&](const std::string& key) {
      return Tabledump({"explain", "--config.file", config, "--metric",
                        "split_total", "--dump", dump,
                        absl::BytesToHexString(key)});
    };
    const std::string key = Comm("bash") + Number(kAddress, 8, foreign);
    const RunResult plain = explain(key);
    EXPECT_EQ(plain.exit_code, 0) << plain.err;
    EXPECT_TRUE(absl::StrContains(plain.err, "explained for CPU 0"))
        << plain.err;
    EXPECT_TRUE(absl::EndsWith(
        plain.out,
        "result: ebpf_exporter_split_total{comm=\"ba\",cpu=\"0\","
        "where=\"do_it\"}\n"))
        << plain.out;
    const RunResult whole = explain(key + Number(3, 2, foreign));
    EXPECT_EQ(whole.exit_code, 0) << whole.err;
    EXPECT_TRUE(absl::StrContains(whole.out, "cpu=\"3\"")) << whole.out;
    const RunResult wrong = explain(key + "x");
    EXPECT_NE(wrong.exit_code, 0);
    EXPECT_TRUE(
        absl::StrContains(wrong.err, "have 24, or 26 with the number of a CPU"))
        << wrong.err;
  }
}

}  // namespace
}  // namespace ebpf_exporter
