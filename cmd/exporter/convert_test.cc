#include "cmd/exporter/convert.h"

#include <filesystem>
#include <string>

#include "core/config/read_config.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

constexpr char kMetrics[] =
    "    metrics:\n      counters:\n      - {name: a_total, help: h, table: a,"
    " labels: [{name: l, size: 8, decoders: [{name: uint}]}]}\n";

// The text with an object in place of its only code.
std::string With(const std::string& text) {
  const ParsedConfig parsed = ReadConfig(text, "a.yaml");
  EXPECT_EQ(parsed.config.programs.size(), 1) << text;
  return WithObject(text, parsed.config.programs.at(0), "p.bpf.o");
}

TEST(WithObjectTest, TheRestOfTheTextStays) {
  const std::string head =
      std::string("# a comment\nprograms:\n  - name: p # here\n") + kMetrics;
  EXPECT_EQ(With(head + "    code: |\n      int x;\n\n      int y;\n"
                        "    kprobes: {f: g} # last\n"),
            head + "    object: p.bpf.o\n    kprobes: {f: g} # last\n");
  // At the end of the text, and without a last line end.
  EXPECT_EQ(With(head + "    code: |-\n        int x;\n          int y;"),
            head + "    object: p.bpf.o");
  EXPECT_EQ(With(head + "    \"code\": |\n      int x;\n\n\n"),
            head + "    object: p.bpf.o\n\n\n");
}

TEST(WithObjectTest, LinesMayEndAsElsewhere) {
  std::string text = std::string("programs:\n  - name: p\n") + kMetrics +
                     "    code: |\n      int x;\n\n    kprobes: {f: g}\n";
  std::string crlf;
  for (const char c : text) {
    if (c == '\n') crlf += '\r';
    crlf += c;
  }
  const std::string written = With(crlf);
  EXPECT_THAT(written, ::testing::HasSubstr("    object: p.bpf.o"));
  EXPECT_THAT(written, ::testing::HasSubstr("    kprobes: {f: g}\r\n"));
  EXPECT_THAT(written, ::testing::Not(::testing::HasSubstr("int x")));
}

TEST(CompileConfigTest, WhatIsWrongLeavesNothingBehind) {
  InlineCompiler compiler({});
  const std::string directory = testing::TempDir() + "/nothing";
  const auto compile = [&](const std::string& text) {
    return CompileConfig({.file = "a.yaml", .text = text, .read_object = {}},
                         directory, compiler);
  };
  EXPECT_EQ(compile("programs: []\n"), 1);
  EXPECT_EQ(compile("programs: ["), 1);
  EXPECT_EQ(compile(std::string("programs:\n  - name: ../p\n") + kMetrics +
                    "    code: |\n      int f(void *c) { return 0; }\n"
                    "    kprobes: {f: f}\n"),
            1);
  EXPECT_EQ(compile(std::string("programs:\n  - name: p\n") + kMetrics +
                    "    code: |\n      int f(void *c) { return 0; }\n"
                    "    kprobes: {f: g}\n"),
            1);
  EXPECT_FALSE(std::filesystem::exists(directory));
}

}  // namespace
}  // namespace ebpf_exporter
