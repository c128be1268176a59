#include "cmd/tabledump/flags.h"

#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string ErrorOf(std::vector<const char*> arguments) {
  const absl::StatusOr<Flags> flags = ParseFlags(arguments);
  return flags.ok() ? "" : std::string(flags.status().message());
}

template <typename F>
F Parsed(std::vector<const char*> arguments) {
  const absl::StatusOr<Flags> flags = ParseFlags(arguments);
  EXPECT_TRUE(flags.ok()) << flags.status();
  EXPECT_TRUE(flags.ok() && std::holds_alternative<F>(*flags));
  return flags.ok() ? std::get<F>(*flags) : F();
}

TEST(FlagsTest, DecodeHasDefaults) {
  const auto flags =
      Parsed<DecodeFlags>({"decode", "--config.file", "c.yaml", "d.json"});
  EXPECT_EQ(flags.dump.path, "d.json");
  EXPECT_EQ(flags.choice.config_file, "c.yaml");
  EXPECT_EQ(flags.format, DecodeFormat::kTable);
  EXPECT_FALSE(flags.strict);
  EXPECT_FALSE(flags.dump.lenient);
  EXPECT_FALSE(flags.dump.endian);
}

TEST(FlagsTest, DecodeTakesEverything) {
  const auto flags = Parsed<DecodeFlags>(
      {"decode", "--config.file=c", "--program=p", "--metric=m", "--format",
       "ndjson", "--strict", "--lenient", "--endian", "big", "--key-size", "4",
       "--value-size", "8", "--cpus", "2", "--object", "o", "-"});
  EXPECT_EQ(flags.dump.path, "-");
  EXPECT_EQ(flags.choice.program, "p");
  EXPECT_EQ(flags.choice.metric, "m");
  EXPECT_EQ(flags.format, DecodeFormat::kNdjson);
  EXPECT_TRUE(flags.strict);
  EXPECT_TRUE(flags.dump.lenient);
  EXPECT_EQ(flags.dump.endian, std::endian::big);
  EXPECT_EQ(flags.dump.key_size, 4u);
  EXPECT_EQ(flags.dump.value_size, 8u);
  EXPECT_EQ(flags.dump.cpus, 2u);
  EXPECT_EQ(flags.dump.object, "o");
}

TEST(FlagsTest, DiffReadsBothDumpsAlike) {
  const auto flags =
      Parsed<DiffFlags>({"diff", "--config.file", "c", "--rate", "--interval",
                         "1m30s", "--endian", "little", "a", "-"});
  EXPECT_EQ(flags.before.path, "a");
  EXPECT_EQ(flags.after.path, "-");
  EXPECT_EQ(flags.before.endian, std::endian::little);
  EXPECT_EQ(flags.after.endian, std::endian::little);
  EXPECT_EQ(flags.interval_nanoseconds, 90'000'000'000);
}

TEST(FlagsTest, CaptureIsOfOneMapOrOneConfiguration) {
  EXPECT_EQ(
      Parsed<CaptureFlags>({"capture", "--map-id", "7", "-o", "-"}).map_id, 7u);
  EXPECT_EQ(
      Parsed<CaptureFlags>({"capture", "--pinned", "/p", "-o", "x"}).pinned,
      "/p");
  EXPECT_NE(ErrorOf({"capture", "-o", "x"}), "");
  EXPECT_NE(ErrorOf({"capture", "--map-id", "7", "--map-name", "x", "-o", "x"}),
            "");
  EXPECT_NE(ErrorOf({"capture", "--map-id", "7"}), "");
}

TEST(FlagsTest, ExplainTakesAKeyInPieces) {
  const auto flags = Parsed<ExplainFlags>(
      {"explain", "--config.file", "c", "--metric", "m", "0a", "00"});
  EXPECT_EQ(flags.key, (std::vector<std::string>{"0a", "00"}));
}

TEST(FlagsTest, WrongUseIsOneLine) {
  for (const std::vector<const char*>& arguments :
       std::vector<std::vector<const char*>>{
           {},
           {"nonsense"},
           {"decode"},
           {"decode", "--config.file", "c", "--nonsense", "d"},
           {"decode", "--config.file", "c", "--format", "xml", "d"},
           {"decode", "--config.file", "c", "--key-size", "x", "d"},
           {"decode", "--config.file", "c", "--key-size", "4", "d"},
           {"decode", "--config.file", "c", "--cpus", "0", "d"},
           {"decode", "--config.file", "c", "--endian", "middle", "d"},
           {"explain", "--config.file", "c", "00"},
           {"check"},
           {"diff", "--config.file", "c", "a"},
           {"diff", "--config.file", "c", "-", "-"},
           {"diff", "--config.file", "c", "--interval", "x", "a", "b"},
       }) {
    const std::string error = ErrorOf(arguments);
    EXPECT_NE(error, "");
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

TEST(FlagsTest, HelpIsForTheSubcommandToo) {
  EXPECT_NE(Parsed<PrintFlags>({"--help"}).text.find("Exit codes"),
            std::string::npos);
  EXPECT_NE(Parsed<PrintFlags>({"decode", "--help"}).text.find("--format"),
            std::string::npos);
}

}  // namespace
}  // namespace ebpf_exporter
