#include "cmd/exporter/log_format.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Line(std::string_view message, std::vector<LogField> fields,
                 LogFormat format = LogFormat::kLogfmt) {
  const auto time = std::chrono::system_clock::time_point(
      std::chrono::milliseconds(1'600'000'000'123));
  return FormatLogLine({time, LogLevel::kWarn, message, fields}, format);
}

// The message as it is written.
std::string Message(std::string_view message,
                    LogFormat format = LogFormat::kLogfmt) {
  std::string line = Line(message, {}, format);
  if (format == LogFormat::kJson) line.pop_back();
  const std::string key = format == LogFormat::kJson ? "\"msg\":" : "msg=";
  return line.substr(line.find(key) + key.size());
}

TEST(LogFormatTest, LogfmtIsExactlyThis) {
  EXPECT_EQ(Line("cannot attach", {{"config", "bio"}, {"errno", -2}}),
            "time=2020-09-13T12:26:40.123Z level=warn msg=\"cannot attach\" "
            "config=bio errno=-2");
}

TEST(LogFormatTest, JsonIsExactlyThis) {
  EXPECT_EQ(Line("cannot attach", {{"config", "bio"}, {"errno", -2}},
                 LogFormat::kJson),
            R"({"time":"2020-09-13T12:26:40.123Z","level":"warn",)"
            R"("msg":"cannot attach","config":"bio","errno":"-2"})");
}

TEST(LogFormatTest, QuotesWhatIsNoPlainWord) {
  EXPECT_EQ(Message("plain:word/1.5"), "plain:word/1.5");
  EXPECT_EQ(Message(""), R"("")");
  EXPECT_EQ(Message("a=b"), R"("a=b")");
  EXPECT_EQ(Message("say \"hi\" \\ bye"), R"("say \"hi\" \\ bye")");
  EXPECT_EQ(Message("gr\xc3\xbc\xc3\x9f"), "\"gr\xc3\xbc\xc3\x9f\"");
}

TEST(LogFormatTest, EscapesControlCharacters) {
  for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    EXPECT_EQ(Message("a\nb\tc\rd", format), R"("a\nb\tc\rd")");
    EXPECT_EQ(Message(std::string_view("\0\x1b[2J\x7f", 6), format),
              "\"\\u0000\\u001b[2J\\u007f\"");
    EXPECT_EQ(Message("\xc2\x9b", format), R"("\u009b")");
  }
}

TEST(LogFormatTest, BytesThatAreNotUtf8AreShownOrReplaced) {
  EXPECT_EQ(Message("a\xff\xc3"), R"("a\xff\xc3")");
  EXPECT_EQ(Message("a\xff\xc3", LogFormat::kJson), R"("a\ufffd\ufffd")");
}

TEST(LogFormatTest, EveryLevelHasItsName) {
  EXPECT_EQ(LogLevelName(LogLevel::kDebug), "debug");
  EXPECT_EQ(LogLevelName(LogLevel::kInfo), "info");
  EXPECT_EQ(LogLevelName(LogLevel::kWarn), "warn");
  EXPECT_EQ(LogLevelName(LogLevel::kError), "error");
}

TEST(Utf8LengthTest, KnowsWhatUnicodeAllows) {
  using internal::Utf8Length;
  EXPECT_EQ(Utf8Length("a"), 1u);
  EXPECT_EQ(Utf8Length("\xc2\x80"), 2u);
  EXPECT_EQ(Utf8Length("\xe0\xa0\x80"), 3u);
  EXPECT_EQ(Utf8Length("\xed\x9f\xbf"), 3u);
  EXPECT_EQ(Utf8Length("\xf4\x8f\xbf\xbf"), 4u);
  for (const char* bad :
       {"\x80", "\xc1\xbf", "\xc2", "\xc2x", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf0\x9f\x98",
        "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_EQ(Utf8Length(bad), 0u) << bad;
  }
}

// Whatever the bytes: one line, printable, and the quotes balance.
TEST(LogFormatTest, AnyBytesGiveOneCleanLine) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
      const std::string line = Line(bytes, {{"key", bytes}}, format);
      size_t quotes = 0;
      for (size_t i = 0; i < line.size(); ++i) {
        ASSERT_GE(static_cast<unsigned char>(line[i]), 0x20);
        if (line[i] == '\\') {
          ++i;
        } else if (line[i] == '"') {
          ++quotes;
        }
      }
      ASSERT_EQ(quotes % 2, 0u) << line;
      std::string_view rest = line;
      while (!rest.empty()) {
        const size_t length = internal::Utf8Length(rest);
        ASSERT_GT(length, 0u) << line;
        rest.remove_prefix(length);
      }
    }
  }
}

}  // namespace
}  // namespace ebpf_exporter
