#include "cmd/tabledump/text_sink.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(SafeSinkTest, LinesComeOutSafeHoweverTheyAreCut) {
  const std::string text = "a \x1b[1m диск\nb\xc2\x9b\nlast\x07";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    StringSink sink;
    SafeSink safe(&sink);
    EXPECT_TRUE(safe.Write(text.substr(0, cut)));
    EXPECT_TRUE(safe.Write(text.substr(cut)));
    EXPECT_TRUE(safe.Finish());
    EXPECT_EQ(sink.text(), "a \\x1b[1m диск\nb\\x9b\nlast\\x07") << cut;
  }
}

class DeafSink : public TextSink {
 public:
  bool Write(std::string_view) override { return false; }
};

TEST(SafeSinkTest, SaysThatNobodyListens) {
  DeafSink deaf;
  SafeSink safe(&deaf);
  EXPECT_FALSE(safe.Write("line\n"));
}

}  // namespace
}  // namespace ebpf_exporter
