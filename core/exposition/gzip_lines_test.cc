#include "core/exposition/gzip_lines.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#include "core/exposition/chunk_buffer.h"
#include "core/exposition/gzip_crc.h"
#include "core/exposition/gzip_inflate.h"
#include "core/exposition/gzip_row.h"
#include "core/exposition/gzip_zlib.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct StringSink {
  std::string bytes;

  bool Write(std::string_view chunk) {
    bytes += chunk;
    return true;
  }
};

static_assert(TextOutput<GzipLines<StringSink>>);
static_assert(TextOutput<ChunkBuffer<StringSink>>);

// What is read back of what `write` wrote.
template <typename Write>
std::string ReadBack(Write write) {
  StringSink sink;
  GzipLines<StringSink> lines(&sink);
  write(lines);
  lines.Finish();
  EXPECT_TRUE(lines.ok());
  const auto text = ZlibGunzip(sink.bytes);
  EXPECT_EQ(Gunzip(sink.bytes), text);
  return text.value_or("not a stream");
}

TEST(GzipLinesTest, NumbersAreThoseOfTheText) {
  EXPECT_EQ(ReadBack([](auto& lines) {
              lines.Append("a ");
              lines.AppendUnsigned(UINT64_MAX);
              lines.Append("\na ");
              lines.AppendSigned(std::numeric_limits<int64_t>::min());
              lines.Append("\na ");
              lines.AppendSigned(7);
              lines.Append("\na ");
              lines.AppendGoDouble(-1.5e-7);
              lines.Append("\na ");
              lines.AppendGoDouble(std::numeric_limits<double>::infinity());
              lines.Append("\n");
            }),
            "a 18446744073709551615\na -9223372036854775808\na 7\n"
            "a -1.5e-07\na +Inf\n");
}

TEST(GzipLinesTest, TextOfAnyShape) {
  EXPECT_EQ(ReadBack([](auto&) {}), "");
  EXPECT_EQ(ReadBack([](auto& lines) { lines.Append(""); }), "");
  EXPECT_EQ(ReadBack([](auto& lines) { lines.Append("no end"); }), "no end");
  EXPECT_EQ(ReadBack([](auto& lines) { lines.Append("\n\n\nx\n\n"); }),
            "\n\n\nx\n\n");
  EXPECT_EQ(ReadBack([](auto& lines) {
              lines.AppendUnsigned(12);
              lines.AppendUnsigned(34);
              lines.Append("x");
              lines.AppendUnsigned(56);
              lines.Append("x");
            }),
            "1234x56x");
}

TEST(GzipLinesTest, RowsAndTextAlternate) {
  const std::string unit = "\nx_total{a=\"2\"} ";
  std::string row;
  GzipRowBuilder builder(&row);
  builder.Begin(
      {GzipCrc::Get().Append(0, unit), static_cast<uint32_t>(unit.size())});
  builder.Match(12, unit.size());
  builder.Literals("2\"} ");
  builder.End();
  const auto row_size = static_cast<ptrdiff_t>(row.size());
  row.append(kRowPadding, '\0');
  EXPECT_EQ(ReadBack([&](auto& lines) {
              lines.Append("\nx_total{a=\"1\"} ");
              lines.AppendUnsigned(100);
              lines.Append("\n");
              const GzipRowHead head = ReadRowHead(row.data());
              EXPECT_EQ(lines.PutUnsigned(row.data(), head, 20) - row.data(),
                        row_size);
              lines.PutSigned(row.data(), head, -3);
              lines.PutGoDouble(row.data(), head, 0.25);
              lines.Recall(unit);
              lines.Append("x_total{a=\"3\"} ");
              lines.AppendUnsigned(4);
              lines.Append("\n");
            }),
            "\nx_total{a=\"1\"} 100\nx_total{a=\"2\"} 20\nx_total{a=\"2\"} -3\n"
            "x_total{a=\"2\"} 0.25\nx_total{a=\"3\"} 4\n");
}

TEST(GzipLinesTest, LinesLongerThanTheWindow) {
  const std::string text(100'000, 'w');
  std::string expected;
  EXPECT_EQ(ReadBack([&](auto& lines) {
              for (int i = 0; i < 3; ++i) {
                lines.Append(text);
                lines.Append(" ");
                lines.AppendUnsigned(1);
                lines.Append("\nshort ");
                lines.AppendUnsigned(2);
                lines.Append("\n");
                expected += text + " 1\nshort 2\n";
              }
            }),
            expected);
}

TEST(GzipLinesPropertyTest, TextInAnyPiecesIsRead) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    std::string expected;
    EXPECT_EQ(ReadBack([&](auto& lines) {
                for (size_t left = random() % 60; left > 0; --left) {
                  std::string piece(random() % 40, 'p');
                  for (char& c : piece) {
                    if (random() % 4 == 0) c = "\n{\"0\xff"[random() % 5];
                  }
                  lines.Append(piece);
                  expected += piece;
                  if (random() % 2 == 0) continue;
                  const uint64_t number = random() >> (random() % 64);
                  lines.AppendUnsigned(number);
                  expected += std::to_string(number);
                }
              }),
              expected);
  }
}

}  // namespace
}  // namespace ebpf_exporter
