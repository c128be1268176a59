#include "cmd/exporter/recording_names.h"

#include <string>
#include <thread>

#include "core/resolve/kallsyms.h"
#include "core/resolve/name_table.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

class FixedSymbols final : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    return AppendNear(address, 0, out).has_value();
  }
  std::optional<NearSymbol> AppendNear(uint64_t address, uint64_t reach,
                                       std::string& out) const override {
    return table_.AppendNear(address, reach, out);
  }
  uint64_t epoch() const override { return 7; }

 private:
  const SymbolTable table_ = SymbolTable::Parse(
      "0000000000000010 t first\n"
      "0000000000000100 D data\n"
      "ffffffff81000020 t other\t[module]\n");
};

// What a CaptureWriter was given, in words.
struct Written {
  void AddSymbols(const std::string& lines) { text += "symbols\n" + lines; }
  void AddNames(NameKind kind, const NumberedNames& names) {
    text += "names " + std::to_string(static_cast<int>(kind)) + "\n";
    for (const NumberedName& one : names) {
      text += std::to_string(one.id) + " " + one.name + "\n";
    }
  }
  std::string text;
};

std::string Take(NameRecording& recording) {
  Written written;
  recording.WriteTo(written);
  return written.text;
}

TEST(RecordingSymbolsTest, AnswersAsTheSymbolsBehindIt) {
  const FixedSymbols fixed;
  const RecordingSymbols symbols(&fixed);
  std::string out = "> ";
  EXPECT_TRUE(symbols.AppendSymbol(0x10, out));
  EXPECT_EQ(out, "> first");
  EXPECT_FALSE(symbols.AppendSymbol(0x11, out));
  EXPECT_EQ(out, "> first");
  EXPECT_EQ(symbols.AppendNear(0x14, 4, out)->distance, 4u);
  EXPECT_EQ(symbols.epoch(), 7u);
}

TEST(RecordingSymbolsTest, RemembersWhatWasFoundOnce) {
  const FixedSymbols fixed;
  const RecordingSymbols symbols(&fixed);
  std::string out;
  symbols.AppendSymbol(0x10, out);  // before: not remembered
  NameRecording recording;
  EXPECT_EQ(Take(recording), "");
  out = "> ";
  symbols.AppendSymbol(0xffffffff81000020, out);
  symbols.AppendSymbol(0x11, out);
  symbols.AppendSymbol(0xffffffff81000020, out);
  EXPECT_EQ(Take(recording), "symbols\nffffffff81000020 t other\t[module]\n");
  symbols.AppendSymbol(0xffffffff81000020, out);
  symbols.AppendSymbol(0x10, out);
  EXPECT_EQ(Take(recording), "symbols\n0000000000000010 t first\n");
  EXPECT_EQ(Take(recording), "");
}

TEST(RecordingSymbolsTest, AddressesInsideASymbolRecordItsBeginning) {
  const FixedSymbols fixed;
  const RecordingSymbols symbols(&fixed);
  NameRecording recording;
  std::string out;
  symbols.AppendNear(0x18, 64, out);
  symbols.AppendNear(0x14, 64, out);
  symbols.AppendNear(0x104, 64, out);
  EXPECT_EQ(Take(recording),
            "symbols\n0000000000000010 t first\n0000000000000100 d data\n");
}

TEST(RecordingSymbolsTest, AskingInVainIsRecordedOnce) {
  const FixedSymbols fixed;
  const RecordingSymbols symbols(&fixed);
  NameRecording recording;
  std::string out;
  symbols.AppendSymbol(0x11, out);
  EXPECT_EQ(Take(recording), "symbols\n");
  symbols.AppendSymbol(0x12, out);
  EXPECT_EQ(Take(recording), "");
}

TEST(RecordingSymbolsTest, OtherThreadsAreNotListenedTo) {
  const FixedSymbols fixed;
  const RecordingSymbols symbols(&fixed);
  NameRecording recording;
  std::thread other([&symbols] {
    std::string out;
    symbols.AppendSymbol(0x10, out);
  });
  other.join();
  EXPECT_EQ(Take(recording), "");
}

TEST(RecordingNamesTest, EachKindByItself) {
  const NameTable table({{1, "lo"}, {2, "eth0"}});
  const RecordingNames interfaces(NameKind::kInterfaces, &table);
  const RecordingNames pci(NameKind::kPci, &table);
  NameRecording recording;
  std::string out = ">";
  EXPECT_TRUE(interfaces.AppendName(2, out));
  EXPECT_TRUE(interfaces.AppendName(2, out));
  EXPECT_FALSE(interfaces.AppendName(3, out));
  EXPECT_EQ(out, ">eth0eth0");
  EXPECT_EQ(Take(recording), "names 1\n2 eth0\n");
  EXPECT_TRUE(pci.available());
  EXPECT_EQ(Take(recording), "names 3\n");
  interfaces.AppendName(1, out);
  EXPECT_EQ(Take(recording), "names 1\n1 lo\n");
}

}  // namespace
}  // namespace ebpf_exporter
