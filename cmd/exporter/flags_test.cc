#include "cmd/exporter/flags.h"

#include <initializer_list>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<Flags> Parse(std::initializer_list<const char*> arguments) {
  return ParseFlags(std::vector<const char*>(arguments));
}

// The flags, which must be good.
Flags Good(std::initializer_list<const char*> arguments) {
  const auto flags = Parse(arguments);
  EXPECT_TRUE(flags.ok()) << flags.status();
  return flags.ok() ? *flags : Flags();
}

// The message, which must be there.
std::string Bad(std::initializer_list<const char*> arguments) {
  const auto flags = Parse(arguments);
  EXPECT_EQ(flags.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(flags.status().message());
}

TEST(FlagsTest, WithoutArgumentsAreTheDefaults) {
  const Flags flags = Good({});
  EXPECT_EQ(flags.purpose, Flags::Purpose::kServe);
  EXPECT_EQ(flags.config_file, "");
  EXPECT_FALSE(flags.config_check);
  EXPECT_FALSE(flags.config_strict);
  EXPECT_EQ(flags.config_unknown_keys, UnknownKeys::kError);
  EXPECT_EQ(flags.listen_address, ":9435");
  EXPECT_EQ(flags.telemetry_path, "/metrics");
  EXPECT_FALSE(flags.debug);
  EXPECT_FALSE(flags.once);
  EXPECT_EQ(flags.log_level, LogLevel::kInfo);
  EXPECT_EQ(flags.log_format, LogFormat::kLogfmt);
  EXPECT_FALSE(flags.bpf_stats);
  EXPECT_EQ(flags.series_limit, 4'000'000);
}

TEST(FlagsTest, AllCanBeSet) {
  const Flags flags =
      Good({"--config.file=a.yaml", "--config.check", "--config.strict",
            "--config.unknown-keys=warn", "--web.listen-address=127.0.0.1:0",
            "--web.telemetry-path=/m", "--debug", "--once=1m30s",
            "--log.level=error", "--log.format=json", "--bpf.stats",
            "--limits.series=7"});
  EXPECT_EQ(flags.config_file, "a.yaml");
  EXPECT_TRUE(flags.config_check);
  EXPECT_TRUE(flags.config_strict);
  EXPECT_EQ(flags.config_unknown_keys, UnknownKeys::kWarn);
  EXPECT_EQ(flags.listen_address, "127.0.0.1:0");
  EXPECT_EQ(flags.telemetry_path, "/m");
  EXPECT_TRUE(flags.debug);
  EXPECT_EQ(flags.once, 90s);
  EXPECT_EQ(flags.log_level, LogLevel::kError);
  EXPECT_EQ(flags.log_format, LogFormat::kJson);
  EXPECT_TRUE(flags.bpf_stats);
  EXPECT_EQ(flags.series_limit, 7);
}

TEST(FlagsTest, AValueMayBeTheNextArgument) {
  EXPECT_EQ(Good({"--config.file", "a b.yaml"}).config_file, "a b.yaml");
  EXPECT_EQ(Good({"--web.telemetry-path", "/m"}).telemetry_path, "/m");
}

TEST(FlagsTest, ASwitchCanBeTakenBack) {
  EXPECT_FALSE(Good({"--debug", "--no-debug"}).debug);
  EXPECT_FALSE(Good({"--no-config.strict"}).config_strict);
  EXPECT_FALSE(Good({"--debug=false"}).debug);
}

TEST(FlagsTest, OnceAloneIsTenSeconds) {
  EXPECT_EQ(Good({"--once"}).once, 10s);
}

TEST(FlagsTest, OnceMayBeAtOnce) { EXPECT_EQ(Good({"--once=0"}).once, 0s); }

TEST(FlagsTest, HelpWinsOverTheRest) {
  EXPECT_EQ(Good({"--help"}).purpose, Flags::Purpose::kHelp);
  EXPECT_EQ(Good({"-h", "--version"}).purpose, Flags::Purpose::kHelp);
  EXPECT_EQ(Good({"--version"}).purpose, Flags::Purpose::kVersion);
}

TEST(FlagsTest, ErrorsAreOneLineWithAHint) {
  EXPECT_EQ(Bad({"--bogus"}),
            "exporter: error: unknown flag --bogus, try "
            "--help");
  EXPECT_EQ(Bad({"bo\ngus"}),
            "exporter: error: unexpected argument bo gus, try --help");
}

TEST(FlagsTest, AnUnknownFlagIsToldItsNeighbour) {
  EXPECT_THAT(Bad({"--config.fiel=a"}),
              HasSubstr("--config.fiel (did you mean --config.file?)"));
}

TEST(FlagsTest, MissingAndRepeatedValuesAreErrors) {
  EXPECT_THAT(Bad({"--config.file"}), HasSubstr("--config.file needs a value"));
  EXPECT_THAT(Bad({"--config.file="}),
              HasSubstr("--config.file needs a value"));
  EXPECT_THAT(Bad({"--config.file=a", "--config.file=b"}),
              HasSubstr("--config.file is given more than once"));
}

TEST(FlagsTest, BadValuesNameTheFlagAndTheValue) {
  EXPECT_THAT(Bad({"--log.level=trace"}),
              HasSubstr("--log.level: \"trace\" is none of debug, info, warn, "
                        "error"));
  EXPECT_THAT(Bad({"--log.format=xml"}),
              HasSubstr("--log.format: \"xml\" is none of logfmt, json"));
  EXPECT_THAT(Bad({"--config.unknown-keys=ignore"}),
              HasSubstr("\"ignore\" is none of error, warn"));
  EXPECT_THAT(Bad({"--web.listen-address=9435"}),
              HasSubstr("--web.listen-address: bad listen address \"9435\""));
  for (const char* text :
       {"--limits.series=0", "--limits.series=-1", "--limits.series=1e3",
        "--limits.series=9223372036854775808"}) {
    EXPECT_THAT(Bad({text}), HasSubstr("is no whole number from 1 up"));
  }
  for (const char* text : {"--once=5", "--once=-1s", "--once=x"}) {
    EXPECT_THAT(Bad({text}), HasSubstr("is no duration"));
  }
}

TEST(FlagsTest, TheTelemetryPathLeavesTheOtherPagesAlone) {
  for (const char* path :
       {"--web.telemetry-path=/", "--web.telemetry-path=m",
        "--web.telemetry-path=/-/healthy", "--web.telemetry-path=/tables",
        "--web.telemetry-path=/debug/capture"}) {
    EXPECT_THAT(Bad({path}), HasSubstr("must start with / and not be"));
  }
  for (const char* path :
       {"--web.telemetry-path=/a b", "--web.telemetry-path=/a?b",
        "--web.telemetry-path=/\xc3\xa4"}) {
    EXPECT_THAT(Bad({path}), HasSubstr("a path has no spaces"));
  }
}

TEST(HelpTextTest, NamesEveryFlagAndNoNegation) {
  const std::string help = HelpText();
  for (const char* flag :
       {"--config.file", "--config.check", "--config.strict",
        "--config.unknown-keys", "--web.listen-address", "--web.telemetry-path",
        "--debug", "--capture", "--once", "--log.level", "--log.format",
        "--bpf.stats", "--limits.series", "--version", "--help"}) {
    EXPECT_THAT(help, HasSubstr(flag));
  }
  EXPECT_THAT(help, HasSubstr(":9435"));
  EXPECT_THAT(help, Not(HasSubstr("--no-")));
}

TEST(FlagsTest, ThoseOfTheSecondGeneration) {
  const Flags flags =
      Good({"--config.dir=d", "--config.names", "a,b", "--no-config.strict",
            "--config.skip-cache-size=100", "--log.no-timestamps",
            "--btf.path=/b", "--capabilities.keep=cap_bpf,cap_syslog",
            "--no-debug", "--no-config.check"});
  EXPECT_EQ(flags.config_dir, "d");
  EXPECT_EQ(flags.config_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(flags.log_timestamps);
  EXPECT_EQ(flags.btf_path, "/b");
  EXPECT_EQ(flags.keep_capabilities, uint64_t{1} << 39 | uint64_t{1} << 34);
  EXPECT_EQ(Good({"--capabilities.keep=none"}).keep_capabilities, 0u);
  EXPECT_EQ(Good({"--capabilities.keep=all"}).keep_capabilities, std::nullopt);
  EXPECT_TRUE(Good({"--no-log.no-timestamps"}).log_timestamps);
}

TEST(FlagsTest, NamesOfConfigsLeadNowhereElse) {
  EXPECT_THAT(Bad({"--config.dir=d", "--config.names=../../etc/passwd"}),
              HasSubstr("\"../../etc/passwd\" is no name"));
  EXPECT_THAT(Bad({"--config.names=a"}), HasSubstr("give --config.dir"));
  EXPECT_THAT(Bad({"--config.dir=d", "--config.file=f"}),
              HasSubstr("exclude each other"));
  EXPECT_THAT(Bad({"--config.dir=d", "--config.skip-cache-size=x"}),
              HasSubstr("no whole number"));
}

TEST(FlagsTest, WhatComesLaterOrIsUnknownSaysSo) {
  EXPECT_THAT(Bad({"--web.listen-address=fd://0"}), HasSubstr("comes later"));
  EXPECT_THAT(Bad({"--capabilities.keep=cap_bfp"}), HasSubstr("cap_bfp"));
  EXPECT_THAT(Bad({"--web.telemetry-path=/maps"}), HasSubstr("/maps"));
}

}  // namespace
}  // namespace ebpf_exporter
