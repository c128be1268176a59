#include "core/exposition/gzip_row.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "core/exposition/gzip_bits.h"
#include "core/exposition/gzip_code.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Bits(const std::string& row, size_t gap) {
  std::string bytes(16 * 1024, '\0');
  BitCursor out(bytes.data());
  PutRow(row.data(), gap, GzipCode::Get(), out);
  out.Align();
  bytes.resize(static_cast<size_t>(out.end() - bytes.data()));
  return bytes;
}

// What a row of these tokens should put.
class Expected {
 public:
  Expected& Literals(std::string_view text) {
    for (const char c : text) out_.Put(GzipCode::Get().Literal(c));
    return *this;
  }
  Expected& Match(size_t length, size_t distance) {
    out_.Put(GzipCode::Get().Length(length));
    out_.Put(GzipCode::Get().Distance(distance));
    return *this;
  }
  std::string Bytes() {
    out_.Align();
    return bytes_.substr(0, static_cast<size_t>(out_.end() - bytes_.data()));
  }

 private:
  std::string bytes_ = std::string(16 * 1024, '\0');
  BitCursor out_{bytes_.data()};
};

template <typename Fill>
std::string MakeRow(Fill fill) {
  std::string text;
  GzipRowBuilder row(&text);
  row.Begin({0xdeadbeef, 77});
  fill(row);
  row.End();
  text.append(kRowPadding, 'x');
  return text;
}

TEST(GzipRowTest, HeadIsKept) {
  const std::string row = MakeRow([](GzipRowBuilder& r) { r.Literals("a"); });
  EXPECT_EQ(ReadRowHead(row.data()).crc, 0xdeadbeefu);
  EXPECT_EQ(ReadRowHead(row.data()).size, 77u);
}

TEST(GzipRowTest, DistancesGrowByTheValueBetween) {
  const std::string row = MakeRow([](GzipRowBuilder& r) {
    r.Match(40, 70);
    r.Literals("123");
    r.Match(3, 71);
  });
  for (const size_t gap : {size_t{0}, size_t{1}, size_t{20}, size_t{24}}) {
    EXPECT_EQ(Bits(row, gap), Expected()
                                  .Match(40, 70 + gap)
                                  .Literals("123")
                                  .Match(3, 71 + gap)
                                  .Bytes());
  }
}

TEST(GzipRowTest, ATypicalRowIsSmall) {
  const std::string row = MakeRow([](GzipRowBuilder& r) {
    r.Match(40, 70);
    r.Literals("123");
    r.Match(3, 71);
  });
  EXPECT_EQ(row.size() - kRowPadding, 17u);
}

TEST(GzipRowTest, LongLiteralsTakeSeveralSegments) {
  const std::string text(500, '\xff');
  const std::string row = MakeRow([&](GzipRowBuilder& r) {
    r.Literals(text);
    r.Literals("z");
  });
  EXPECT_EQ(Bits(row, 5), Expected().Literals(text + "z").Bytes());
}

TEST(GzipRowTest, LongMatchesAreCutSoThatNoRestIsTooShort) {
  struct Case {
    size_t length, first, second, third;
  };
  for (const Case& c :
       {Case{258, 258, 0, 0}, Case{259, 255, 4, 0}, Case{260, 255, 5, 0},
        Case{261, 258, 3, 0}, Case{516, 258, 258, 0}, Case{517, 258, 255, 4},
        Case{600, 258, 258, 84}}) {
    Expected expected;
    expected.Match(c.first, 900 + 7);
    if (c.second > 0) expected.Match(c.second, 900 + 7);
    if (c.third > 0) expected.Match(c.third, 900 + 7);
    EXPECT_EQ(
        Bits(MakeRow([&](GzipRowBuilder& r) { r.Match(c.length, 900); }), 7),
        expected.Bytes())
        << c.length;
  }
}

TEST(GzipRowTest, RowsFollowOneAnother) {
  std::string text;
  GzipRowBuilder row(&text);
  row.Begin({1, 5});
  row.Literals("hello");
  row.End();
  const size_t second = text.size();
  row.Uncoded();
  const size_t third = text.size();
  row.Begin({3, 9});
  row.Match(9, 9);
  row.End();
  const size_t end = text.size();
  text.append(kRowPadding, '\0');
  const char* const begin = text.data();
  EXPECT_EQ(SkipRow(begin), begin + second);
  EXPECT_EQ(ReadRowHead(begin + second).size, 0u);
  EXPECT_EQ(SkipRow(begin + second), begin + third);
  EXPECT_EQ(SkipRow(begin + third), begin + end);
  char bytes[64];
  BitCursor out(bytes);
  EXPECT_EQ(PutRow(begin, 0, GzipCode::Get(), out), begin + second);
}

}  // namespace
}  // namespace ebpf_exporter
