#include "core/decode/pci.h"

#include <string>

#include "core/resolve/name_table.h"
#include "core/resolve/pci_id.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

class NoDatabase : public NameResolver {
 public:
  bool AppendName(uint64_t, std::string&) const override { return false; }
  uint64_t epoch() const override { return 0; }
  bool available() const override { return false; }
};

const NameTable& Names() {
  static const NameTable names(
      {{*PciId(PciKind::kVendor, 0x8086), "Intel Corporation"},
       {*PciId(PciKind::kVendor, 0x0e11), "Compaq Computer Corporation"},
       {*PciId(PciKind::kDevice, 0x0e11a0f3), "Triflex"},
       {*PciId(PciKind::kClass, 0x02), "Network controller"},
       {*PciId(PciKind::kSubclass, 0x0200), "Ethernet controller"}});
  return names;
}

template <typename D>
std::string Decode(ByteView in, bool missed = false) {
  std::string out = ">";
  const Outcome outcome = D(&Names()).Decode(in, out);
  if (outcome.verdict == Verdict::kError) return std::string(outcome.reason);
  EXPECT_EQ(outcome.sources, kPciNames);
  EXPECT_EQ(outcome.missed, missed);
  return out.substr(1);
}

TEST(PciDecoderTest, Names) {
  EXPECT_EQ(Decode<PciVendorDecoder>("32902"), "Intel Corporation");
  EXPECT_EQ(Decode<PciClassDecoder>("2"), "Network controller");
  EXPECT_EQ(Decode<PciSubclassDecoder>("512"), "Ethernet controller");
}

TEST(PciDecoderTest, VendorsBelow0x1000) {
  EXPECT_EQ(Decode<PciVendorDecoder>("3601"), "Compaq Computer Corporation");
  EXPECT_EQ(Decode<PciDeviceDecoder>("236036339"), "Triflex");
}

TEST(PciDecoderTest, UnknownOnesAsTheOriginalsPrintThem) {
  EXPECT_EQ(Decode<PciVendorDecoder>("1", true), "unknown pci vendor: 0x01");
  EXPECT_EQ(Decode<PciVendorDecoder>("65535", true),
            "unknown pci vendor: 0xffff");
  EXPECT_EQ(Decode<PciDeviceDecoder>("1", true), "unknown pci device: 0x0001");
  EXPECT_EQ(Decode<PciDeviceDecoder>("2156265472", true),
            "unknown pci device: 0x80860000");
  EXPECT_EQ(Decode<PciClassDecoder>("3", true), "unknown pci class: 0x03");
  EXPECT_EQ(Decode<PciSubclassDecoder>("769", true), "unknown pci class: 0x03");
  EXPECT_EQ(Decode<PciSubclassDecoder>("513", true),
            "unknown pci subclass: 0x01 (class 0x02)");
}

TEST(PciDecoderTest, NumbersTooLargeForTheirKind) {
  EXPECT_EQ(Decode<PciVendorDecoder>("65536", true),
            "unknown pci vendor: 0x10000");
  EXPECT_EQ(Decode<PciDeviceDecoder>("18446744073709551615", true),
            "unknown pci device: 0xffffffffffffffff");
  EXPECT_EQ(Decode<PciSubclassDecoder>("66048", true),
            "unknown pci class: 0x102");
}

TEST(PciDecoderTest, WithoutADatabase) {
  const NoDatabase none;
  std::string out;
  EXPECT_TRUE(PciVendorDecoder(&none).Decode("32902", out).missed);
  EXPECT_EQ(out, "missing pci.ids db");
  out.clear();
  EXPECT_TRUE(PciSubclassDecoder(nullptr).Decode("1", out).missed);
  EXPECT_EQ(out, "missing pci.ids db");
}

TEST(PciDecoderTest, TextThatIsNoNumberIsAnError) {
  EXPECT_EQ(Decode<PciVendorDecoder>("0x8086"), "pci_not_a_number");
  EXPECT_EQ(Decode<PciClassDecoder>("-1"), "pci_not_a_number");
  EXPECT_EQ(Decode<PciDeviceDecoder>(""), "pci_not_a_number");
}

}  // namespace
}  // namespace ebpf_exporter
