#include "core/decode/ksym.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "core/resolve/kallsyms.h"
#include "core/resolve/symbols.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

const SymbolTable& Table() {
  static const SymbolTable table = SymbolTable::Parse(
      "ffffffff81000000 T schedule\n"
      "ffffffff82000000 D jiffies\n"
      "ffffffffc0001000 t nf_hook\t[nf_tables]\n");
  return table;
}

class FewSymbols : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    return Table().AppendSymbol(address, out);
  }
  std::optional<NearSymbol> AppendNear(uint64_t address, uint64_t reach,
                                       std::string& out) const override {
    return Table().AppendNear(address, reach, out);
  }
  uint64_t epoch() const override { return 0; }
};

const FewSymbols kTwoSymbols;

std::string Bytes(uint64_t address) {
  std::string bytes(sizeof(address), '\0');
  std::memcpy(bytes.data(), &address, sizeof(address));
  return bytes;
}

TEST(KsymDecoderTest, NamesExactAddresses) {
  const KsymDecoder decoder(&kTwoSymbols);
  std::string out;
  const Outcome outcome = decoder.Decode(Bytes(0xffffffff81000000), out);
  EXPECT_EQ(out, "schedule");
  EXPECT_EQ(outcome.verdict, Verdict::kKeep);
  EXPECT_EQ(outcome.sources, kSymbols);
  EXPECT_FALSE(outcome.missed);
}

TEST(KsymDecoderTest, KeepsTheModuleOfASymbol) {
  std::string out;
  KsymDecoder(&kTwoSymbols).Decode(Bytes(0xffffffffc0001000), out);
  EXPECT_EQ(out, "nf_hook\t[nf_tables]");
}

TEST(KsymDecoderTest, OtherAddressesAreMissed) {
  const KsymDecoder decoder(&kTwoSymbols);
  for (const auto& [address, text] :
       {std::pair<uint64_t, std::string>{0xffffffff81000001,
                                         "unknown_addr:0xffffffff81000001"},
        {0, "unknown_addr:0x0"},
        {0xABC, "unknown_addr:0xabc"},
        {UINT64_MAX, "unknown_addr:0xffffffffffffffff"}}) {
    std::string out;
    const Outcome outcome = decoder.Decode(Bytes(address), out);
    EXPECT_EQ(out, text);
    EXPECT_EQ(outcome.verdict, Verdict::kKeep);
    EXPECT_EQ(outcome.sources, kSymbols);
    EXPECT_TRUE(outcome.missed);
  }
}

// A kernel with IBT begins functions with endbr64, of 4 bytes: a kprobe stops
// behind it.
TEST(KsymDecoderTest, BehindTheLandingPadIsStillTheFunction) {
  const KsymDecoder decoder(&kTwoSymbols);
  std::string out;
  EXPECT_FALSE(decoder.Decode(Bytes(0xffffffff81000004), out).missed);
  EXPECT_EQ(out, "schedule");
  out.clear();
  EXPECT_FALSE(decoder.Decode(Bytes(0xffffffffc0001004), out).missed);
  EXPECT_EQ(out, "nf_hook\t[nf_tables]");
}

TEST(KsymDecoderTest, NoOtherDistanceIsAndNoData) {
  const KsymDecoder decoder(&kTwoSymbols);
  for (const uint64_t address :
       {0xffffffff81000001, 0xffffffff81000003, 0xffffffff81000005,
        0xffffffff81000008, 0xffffffff80fffffc, 0xffffffff82000004}) {
    std::string out = ">";
    EXPECT_TRUE(decoder.Decode(Bytes(address), out).missed);
    EXPECT_EQ(out.substr(0, 16), ">unknown_addr:0x") << out;
  }
  std::string out;
  decoder.Decode(Bytes(0xffffffff82000000), out);
  EXPECT_EQ(out, "jiffies");
}

TEST(KsymDecoderTest, WithoutASourceAllIsMissed) {
  const KsymDecoder decoder(nullptr);
  std::string out;
  EXPECT_TRUE(decoder.Decode(Bytes(0x10), out).missed);
  EXPECT_EQ(out, "unknown_addr:0x10");
}

TEST(KsymDecoderTest, UsesTheFirstEightBytes) {
  std::string out;
  KsymDecoder(&kTwoSymbols).Decode(Bytes(0xffffffff81000000) + "more", out);
  EXPECT_EQ(out, "schedule");
}

TEST(KsymDecoderTest, FewerBytesAreAnError) {
  for (size_t size = 0; size < 8; ++size) {
    std::string out;
    const Outcome outcome =
        KsymDecoder(&kTwoSymbols).Decode(std::string(size, 'x'), out);
    EXPECT_EQ(outcome.verdict, Verdict::kError);
    EXPECT_EQ(outcome.reason, "ksym_too_short");
  }
}

}  // namespace
}  // namespace ebpf_exporter
