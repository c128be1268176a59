#include "bpf/host/pci_names.h"

#include <fstream>
#include <string>

#include "core/resolve/pci_id.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;

TEST(PciNameSourceTest, TheFirstFileThatIsThereCounts) {
  const std::string path = testing::TempDir() + "/pci.ids";
  PciNameSource source({path + ".none", path});
  EXPECT_FALSE(source.Read().has_value());
  EXPECT_FALSE(source.MayHaveChanged());
  std::ofstream(path) << "0e11  Compaq\n";
  EXPECT_TRUE(source.MayHaveChanged());
  EXPECT_THAT(*source.Read(), ElementsAre(NumberedName{
                                  *PciId(PciKind::kVendor, 0x0e11), "Compaq"}));
  EXPECT_FALSE(source.MayHaveChanged());
  std::ofstream(path) << "0e11  Compaq Computer\n";
  EXPECT_TRUE(source.MayHaveChanged());
}

TEST(PciNameSourceTest, ThisHostsDatabaseHasIntelIfThereIsOne) {
  PciNameSource source;
  const std::optional<NumberedNames> names = source.Read();
  if (!names) GTEST_SKIP() << "pci.ids is not installed";
  EXPECT_THAT(*names,
              testing::Contains(NumberedName{*PciId(PciKind::kVendor, 0x8086),
                                             "Intel Corporation"}));
}

}  // namespace
}  // namespace ebpf_exporter
