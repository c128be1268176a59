// What a person sees: colours where they are wanted, and nothing of a dump that
// a terminal would obey.

#include <string>

#include "cmd/tabledump/tabledump_process.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

RunResult Decode(const std::string& config, const std::string& dump,
                 const std::string& format, bool terminal,
                 std::vector<std::string> environment = {"TERM=xterm"}) {
  RunOptions options;
  options.directory = "testdata/dumps/tabledump";
  options.terminal = terminal;
  options.environment = std::move(environment);
  RunResult result = RunTabledump(
      {"decode", "--config.file", config, "--format", format, dump}, options);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out, "");
  return result;
}

// Without what the colours of this program are made of, and a terminal's ends
// of lines.
std::string Plain(std::string text) {
  for (const std::string code :
       {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\r\n"}) {
    for (size_t at; (at = text.find(code)) != std::string::npos;) {
      text.replace(at, code.size(), code == "\r\n" ? "\n" : "");
    }
  }
  return text;
}

TEST(TerminalTest, ColoursAreForTerminals) {
  const auto has_colours = [](const RunResult& result) {
    return result.out.find('\x1b') != std::string::npos;
  };
  const auto decode = [](bool terminal, std::vector<std::string> environment) {
    return Decode("disks.yaml", "disks.json", "table", terminal,
                  std::move(environment));
  };
  EXPECT_TRUE(has_colours(decode(true, {"TERM=xterm"})));
  EXPECT_FALSE(has_colours(decode(false, {"TERM=xterm"})));
  EXPECT_FALSE(has_colours(decode(true, {"TERM=xterm", "NO_COLOR=1"})));
  EXPECT_FALSE(has_colours(decode(true, {"TERM=dumb"})));
  EXPECT_EQ(Plain(decode(true, {"TERM=xterm"}).out),
            decode(false, {"TERM=xterm"}).out);
}

TEST(TerminalTest, NoFormatLetsADumpSendEscapes) {
  for (const char* format : {"table", "json", "ndjson", "csv", "prom"}) {
    const RunResult result =
        Decode("hostile.yaml", "hostile.json", format, true);
    const std::string shown = Plain(result.out);
    for (const char c : shown) {
      const auto byte = static_cast<unsigned char>(c);
      EXPECT_TRUE(byte >= 0x20 || byte == '\n') << format << " " << int{byte};
      EXPECT_NE(byte, 0x7f) << format;
    }
    EXPECT_EQ(shown.find("\xc2\x9b"), std::string::npos) << format;
    EXPECT_EQ(shown.find("\u202e"), std::string::npos) << format;
  }
}

TEST(TerminalTest, InAPipeTheTextIsTheExportersOwn) {
  const RunResult result =
      Decode("hostile.yaml", "hostile.json", "prom", false);
  EXPECT_NE(result.out.find("comm=\"\x1b[2J\x1b]0;owned\x07\""),
            std::string::npos);
}

}  // namespace
}  // namespace ebpf_exporter
