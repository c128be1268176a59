#include "core/dump/bpftool_cursor.h"

#include <memory>
#include <string>
#include <string_view>

#include "core/dump/bpftool_exercise.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

DumpCursor CursorOver(std::string text) {
  return DumpCursor(std::make_unique<StringSource>(std::move(text)));
}

TEST(DumpCursorTest, PeeksAndGoesOn) {
  DumpCursor in = CursorOver("ab");
  EXPECT_EQ(in.Peek(), 'a');
  EXPECT_EQ(in.PeekAt(1), 'b');
  EXPECT_EQ(in.PeekAt(2), DumpCursor::kEnd);
  EXPECT_FALSE(in.Take('b'));
  EXPECT_TRUE(in.Take('a'));
  EXPECT_EQ(in.offset(), 1u);
  EXPECT_TRUE(in.Sees("b"));
  EXPECT_FALSE(in.Sees("bc"));
  in.Skip();
  EXPECT_EQ(in.Peek(), DumpCursor::kEnd);
  EXPECT_EQ(in.offset(), 2u);
}

TEST(DumpCursorTest, BytesAreNotNegative) {
  EXPECT_EQ(CursorOver("\xff").Peek(), 0xff);
}

TEST(DumpCursorTest, SkipsTheSpacesOfJson) {
  DumpCursor in = CursorOver(" \t\r\nx");
  EXPECT_EQ(in.PastSpace(0), 4u);
  in.SkipSpace();
  EXPECT_EQ(in.Peek(), 'x');
}

TEST(DumpCursorTest, LooksForNoSpaceBeyondItsSight) {
  DumpCursor in = CursorOver(std::string(10000, ' ') + "x");
  EXPECT_EQ(in.PastSpace(0), DumpCursor::kSight);
}

// A megabyte through the window, in pieces that do not fit it.
TEST(DumpCursorTest, WalksThroughALongTextInPieces) {
  std::string text;
  for (int i = 0; text.size() < 1 << 20; ++i) text += std::to_string(i);
  DumpCursor in(std::make_unique<PieceSource>(text, 977));
  std::string seen;
  while (in.Peek() != DumpCursor::kEnd) {
    const int ahead = in.PeekAt(5);
    const size_t at = seen.size() + 5;
    ASSERT_EQ(ahead, at < text.size() ? text[at] : DumpCursor::kEnd);
    seen.push_back(static_cast<char>(in.Peek()));
    in.Skip();
  }
  EXPECT_EQ(seen, text);
  EXPECT_EQ(in.offset(), text.size());
}

TEST(DumpCursorTest, ShowsWhatIsAheadAlsoWhenItComesInPieces) {
  DumpCursor in(std::make_unique<PieceSource>(std::string(1000, 'x'), 1));
  EXPECT_GE(in.Ahead().size(), DumpCursor::kSight);
  in.Skip(DumpCursor::kSight);
  EXPECT_GE(in.Ahead().size(), DumpCursor::kSight);
  EXPECT_EQ(in.offset(), DumpCursor::kSight);
}

TEST(DumpCursorTest, KeepsTheFirstFailureAndNamesItsByte) {
  DumpCursor in = CursorOver("ab");
  EXPECT_TRUE(in.Take('a'));
  EXPECT_FALSE(in.FailExpecting("a comma"));
  EXPECT_FALSE(in.FailAt(0, "another"));
  EXPECT_EQ(in.status().message(), "byte 1: expected a comma, found `b`");
}

TEST(DumpCursorTest, FailuresShowNoControlBytes) {
  DumpCursor in = CursorOver("\x1b[31m");
  in.FailExpecting("a comma");
  EXPECT_EQ(in.status().message(), "byte 0: expected a comma, found `\\x1b`");
}

TEST(DumpCursorTest, TheEndIsSaidToBeACut) {
  DumpCursor in = CursorOver("");
  in.FailExpecting("a comma");
  EXPECT_THAT(std::string(in.status().message()),
              HasSubstr("byte 0: the dump ends here, where a comma should "
                        "come: it was cut short"));
}

class FailingSource final : public ByteSource {
 public:
  absl::StatusOr<size_t> Read(std::span<char>) override {
    return absl::UnavailableError("the disk is gone");
  }
};

TEST(DumpCursorTest, ErrorsOfTheSourceGoBeforeThoseOfTheText) {
  DumpCursor in(std::make_unique<FailingSource>());
  EXPECT_EQ(in.Peek(), DumpCursor::kEnd);
  in.FailExpecting("a comma");
  EXPECT_EQ(in.status().message(), "the disk is gone");
}

}  // namespace
}  // namespace ebpf_exporter
