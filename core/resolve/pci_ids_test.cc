#include "core/resolve/pci_ids.h"

#include "core/resolve/pci_id.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ParsePciIdsTest, VendorsDevicesClassesSubclasses) {
  EXPECT_THAT(
      ParsePciIds("# comment\n"
                  "0e11  Compaq\n"
                  "\ta0f3  Triflex\r\n"
                  "\t\t0e11 b03f  a subsystem\n"
                  "\n"
                  "8086  Intel Corporation\n"
                  "\t1533  I210 Gigabit\n"
                  "C 02  Network controller\n"
                  "\t00  Ethernet controller\n"
                  "\t\t00  an interface\n"),
      ElementsAre(
          NumberedName{*PciId(PciKind::kVendor, 0x0e11), "Compaq"},
          NumberedName{*PciId(PciKind::kDevice, 0x0e11a0f3), "Triflex"},
          NumberedName{*PciId(PciKind::kVendor, 0x8086), "Intel Corporation"},
          NumberedName{*PciId(PciKind::kDevice, 0x80861533), "I210 Gigabit"},
          NumberedName{*PciId(PciKind::kClass, 2), "Network controller"},
          NumberedName{*PciId(PciKind::kSubclass, 0x200),
                       "Ethernet controller"}));
}

TEST(ParsePciIdsTest, PassesOverOtherLines) {
  EXPECT_THAT(ParsePciIds("\t1533  nobody's\n808  short\nxyz1  no number\n"
                          "8086 one space\n8086  \nC 1  short\nS 00  serial\n"
                          "\t00  nobody's\n"),
              IsEmpty());
}

TEST(PciIdTest, NumbersFitTheirKind) {
  EXPECT_TRUE(PciId(PciKind::kVendor, 0xffff).has_value());
  EXPECT_FALSE(PciId(PciKind::kVendor, 0x10000).has_value());
  EXPECT_FALSE(PciId(PciKind::kClass, 0x100).has_value());
  EXPECT_NE(PciId(PciKind::kClass, 2), PciId(PciKind::kVendor, 2));
}

}  // namespace
}  // namespace ebpf_exporter
