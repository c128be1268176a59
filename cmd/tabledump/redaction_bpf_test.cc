// A live map whose texts are secrets, captured with --redact: nothing of them
// is in the file, and everything else is. Needs root.

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/loader/create_map.h"
#include "bpf/loader/loader.h"
#include "bpf/loader/privileges.h"
#include "cmd/tabledump/tabledump_process.h"
#include "core/dump/byte_source.h"
#include "core/dump/zstd_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::MatchesRegex;
using ::testing::SizeIs;

// As bpf/loader/testdata/texts.bpf.c has them.
struct TextKey {
  char command[16];
  uint32_t number;
  char hole[4];
  uint64_t address;
  char path[16];
  struct {
    char name[8];
    uint32_t port;
  } peers[2];
};

struct TextValue {
  char last[8];
  uint64_t count;
};

constexpr char kConfig[] = R"(
programs:
  - name: p
    metrics:
      counters:
        - name: texts_total
          help: Texts
          table: tabledump_texts
          value: count
          labels:
            - {name: command, size: 16, decoders: [{name: string}]}
            - {name: number, size: 4, padding: 4, decoders: [{name: uint}]}
            - {name: address, size: 8, decoders: [{name: uint}]}
            - {name: path, size: 16, decoders: [{name: string}]}
            - {name: first, size: 8, decoders: [{name: string}]}
            - {name: first_port, size: 4, decoders: [{name: uint}]}
            - {name: second, size: 8, decoders: [{name: string}]}
            - {name: second_port, size: 4, decoders: [{name: uint}]}
)";

// Every secret that the entries below hold.
constexpr std::string_view kSecrets[] = {"postgres", "sec",       "et",
                                         "hol",      "/etc/shad", "alice",
                                         "roberto",  "lasthost"};

TextKey KeyFor(std::string_view command, uint32_t number) {
  TextKey key = {};
  command.copy(key.command, sizeof(key.command));
  // Behind the NUL, what a longer text left there.
  std::memcpy(key.command + 10, "sec\0et", 6);
  key.number = number;
  std::memcpy(key.hole, "hol", 3);
  key.address = 0x1122334455667788;
  std::memcpy(key.path, "/etc/shad", 9);
  std::memcpy(key.peers[0].name, "alice", 5);
  key.peers[0].port = 80;
  std::memcpy(key.peers[1].name, number == 3 ? "alice\0\0" : "roberto", 7);
  key.peers[1].port = 443;
  return key;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Unpacked(const std::string& path) {
  ZstdSource source(std::make_unique<StringSource>(ReadText(path)));
  std::string text;
  char block[4096];
  while (true) {
    const absl::StatusOr<size_t> got = source.Read(block);
    EXPECT_TRUE(got.ok()) << got.status();
    if (!got.ok() || *got == 0) return text;
    text.append(block, *got);
  }
}

// The kernel keeps maps of earlier tests for a while, so names are not enough.
std::string IdOf(int fd) {
  const std::string info = ReadText(absl::StrCat("/proc/self/fdinfo/", fd));
  for (const std::string_view line : absl::StrSplit(info, '\n')) {
    const std::vector<std::string> words = absl::StrSplit(line, '\t');
    if (words.size() == 2 && words[0] == "map_id:") return words[1];
  }
  return "";
}

class RedactionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const absl::Status allowed = CheckPrivileges();
        !allowed.ok() || geteuid() != 0) {
      GTEST_SKIP() << "needs root: " << allowed;
    }
    std::ofstream(config_) << kConfig;
    const std::string object = ReadText("bpf/loader/testdata/texts.bpf.o");
    ProgramConfig program;
    program.name = "p";
    LoadResult result =
        Loader().Load(program, std::as_bytes(std::span(object)), "texts.bpf.o");
    ASSERT_TRUE(result.config.has_value()) << result.failures.front().detail;
    live_ = *std::move(result.config);
    live_->detach();
    Fill(live_->maps.front());
  }

  void Fill(const LoadedMap& map) {
    const absl::StatusOr<size_t> cpus = CpusOfMap(map.shape);
    ASSERT_TRUE(cpus.ok()) << cpus.status();
    const std::vector<TextKey> keys = {
        KeyFor("postgres", 1), KeyFor("postgres", 2), KeyFor("bash-long", 3)};
    std::vector<TextValue> values;
    for (size_t i = 0; i < keys.size() * *cpus; ++i) {
      values.push_back({.last = {}, .count = i < *cpus ? 7u : 9u});
      std::memcpy(values.back().last, "lasthost", 8);
    }
    const absl::Status put =
        PutEntries(map.fd, map.shape, std::as_bytes(std::span(keys)),
                   std::as_bytes(std::span(values)));
    ASSERT_TRUE(put.ok()) << put;
  }

  std::string Captured(std::string_view name, bool redact) {
    const std::string path =
        absl::StrCat(std::getenv("TEST_TMPDIR"), "/", name);
    std::vector<std::string> arguments = {
        "capture", "--map-id", IdOf(live_->maps.front().fd), "-o", path};
    if (redact) arguments.push_back("--redact");
    const RunResult result = RunTabledump(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return path;
  }

  // The rows of a decoded capture, in the order of `number`; each its cells:
  // metric, the labels, value.
  std::vector<std::vector<std::string>> Decoded(const std::string& path) {
    const RunResult result = RunTabledump(
        {"decode", "--config.file", config_, "--format", "csv", path});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::vector<std::string> lines =
        absl::StrSplit(result.out, '\n', absl::SkipEmpty());
    std::vector<std::vector<std::string>> rows(4);
    for (const std::string& line : lines) {
      std::vector<std::string> cells = absl::StrSplit(line, ',');
      size_t number = 0;
      if (cells.size() > 2 && absl::SimpleAtoi(cells[2], &number)) {
        rows.at(number) = cells;
      }
    }
    rows.erase(rows.begin());
    return rows;
  }

  const std::string config_ =
      absl::StrCat(std::getenv("TEST_TMPDIR"), "/texts.yaml");
  std::optional<LoadedConfig> live_;
};

TEST_F(RedactionTest, NoSecretIsInTheFile) {
  const std::string open = ReadText(Captured("open.capture", false));
  const std::string redacted = ReadText(Captured("redacted.capture", true));
  const std::string unpacked = Unpacked(Captured("redacted.capture.zst", true));
  EXPECT_EQ(redacted.size(), open.size());
  for (const std::string_view secret : kSecrets) {
    EXPECT_TRUE(absl::StrContains(open, secret)) << secret;
    if (secret.size() < 4) continue;  // so short that chance may write it
    EXPECT_FALSE(absl::StrContains(redacted, secret)) << secret;
    EXPECT_FALSE(absl::StrContains(unpacked, secret)) << secret;
  }
  // The short ones are looked for where they stood, by their neighbours.
  for (const std::string& text : {redacted, unpacked}) {
    EXPECT_FALSE(absl::StrContains(text, std::string_view("sec\0et", 6)));
    EXPECT_FALSE(absl::StrContains(text, std::string_view("hol\0\x88\x77", 6)));
  }
}

TEST_F(RedactionTest, TheRestDecodesAsItWas) {
  const auto open = Decoded(Captured("open.capture", false));
  const auto redacted = Decoded(Captured("redacted.capture", true));
  ASSERT_THAT(open, SizeIs(3));
  ASSERT_THAT(redacted, SizeIs(3));
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(redacted[i].size(), open[i].size());
    for (const size_t text : {1, 4, 5, 7}) {
      EXPECT_THAT(redacted[i][text], MatchesRegex("[a-z0-9]+"));
      EXPECT_EQ(redacted[i][text].size(), open[i][text].size());
      EXPECT_NE(redacted[i][text], open[i][text]);
    }
    for (const size_t number : {0, 2, 3, 6, 8, 9}) {
      EXPECT_EQ(redacted[i][number], open[i][number]);
    }
  }
}

TEST_F(RedactionTest, EqualTextsStayEqual) {
  const auto rows = Decoded(Captured("redacted.capture", true));
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0][1], rows[1][1]);
  EXPECT_NE(rows[0][1], rows[2][1]);
  EXPECT_EQ(rows[0][4], rows[2][4]);
  // `alice`, wherever she stands.
  EXPECT_EQ(rows[0][5], rows[2][7]);
  EXPECT_NE(rows[0][5], rows[0][7]);
}

TEST_F(RedactionTest, AnotherCaptureHasOtherTexts) {
  EXPECT_NE(Decoded(Captured("one.capture", true))[0][1],
            Decoded(Captured("two.capture", true))[0][1]);
}

TEST_F(RedactionTest, TypesAndSizesStay) {
  const RunResult open =
      RunTabledump({"layout", Captured("open.capture", false)});
  const RunResult redacted =
      RunTabledump({"layout", Captured("redacted.capture", true)});
  EXPECT_EQ(open.exit_code, 0) << open.err;
  EXPECT_EQ(redacted.out, open.out);
  EXPECT_TRUE(absl::StrContains(redacted.out, "struct text_key, 72 bytes"))
      << redacted.out;
}

}  // namespace
}  // namespace ebpf_exporter
