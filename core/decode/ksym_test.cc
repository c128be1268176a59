#include "core/decode/ksym.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct TwoSymbols {
  bool AppendSymbol(uint64_t address, std::string& out) const {
    if (address == 0xffffffff81000000) {
      out += "schedule";
    } else if (address == 0xffffffffc0001000) {
      out += "nf_hook\t[nf_tables]";
    } else {
      return false;
    }
    return true;
  }
};

constexpr TwoSymbols kTwoSymbols;

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

TEST(KsymDecoderTest, WithoutASourceAllIsMissed) {
  const KsymDecoder<SymbolResolver> decoder(nullptr);
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
