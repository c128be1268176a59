#include "cmd/exporter/recording_symbols.h"

#include <string>
#include <thread>

#include "core/resolve/kallsyms.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

class FixedSymbols final : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    if (address == 0x10) out += "first";
    if (address == 0xffffffff81000020) out += "other\t[module]";
    return address == 0x10 || address == 0xffffffff81000020;
  }
  uint64_t epoch() const override { return 7; }
};

TEST(RecordingSymbolsTest, AnswersAsTheSymbolsBehindIt) {
  const FixedSymbols fixed;
  const RecordingSymbols symbols(&fixed);
  std::string out = "> ";
  EXPECT_TRUE(symbols.AppendSymbol(0x10, out));
  EXPECT_EQ(out, "> first");
  EXPECT_FALSE(symbols.AppendSymbol(0x11, out));
  EXPECT_EQ(out, "> first");
  EXPECT_EQ(symbols.epoch(), 7u);
}

TEST(RecordingSymbolsTest, RemembersWhatWasFoundOnce) {
  const FixedSymbols fixed;
  const RecordingSymbols symbols(&fixed);
  std::string out;
  symbols.AppendSymbol(0x10, out);  // before: not remembered
  SymbolRecording recording;
  EXPECT_EQ(recording.TakeLines(), "");
  out = "> ";
  symbols.AppendSymbol(0xffffffff81000020, out);
  symbols.AppendSymbol(0x11, out);
  symbols.AppendSymbol(0xffffffff81000020, out);
  EXPECT_EQ(recording.TakeLines(), "ffffffff81000020 t other\t[module]\n");
  symbols.AppendSymbol(0xffffffff81000020, out);
  symbols.AppendSymbol(0x10, out);
  const std::string lines = recording.TakeLines();
  EXPECT_EQ(lines, "0000000000000010 t first\n");
  EXPECT_EQ(SymbolTable::Parse(lines).Find(0x10), "first");
}

TEST(RecordingSymbolsTest, OtherThreadsAreNotListenedTo) {
  const FixedSymbols fixed;
  const RecordingSymbols symbols(&fixed);
  SymbolRecording recording;
  std::thread other([&symbols] {
    std::string out;
    symbols.AppendSymbol(0x10, out);
  });
  other.join();
  EXPECT_EQ(recording.TakeLines(), "");
}

}  // namespace
}  // namespace ebpf_exporter
