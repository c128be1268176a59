#include "bpf/host/block_devices.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;

TEST(BlockDeviceSourceTest, ReadsTheFileOnceForEachPoll) {
  std::string text = " 8 0 1 sda\n";
  int reads = 0;
  BlockDeviceSource source([&](const std::string& path) {
    EXPECT_EQ(path, "/proc/partitions");
    ++reads;
    return text;
  });
  EXPECT_THAT(*source.Read(),
              ElementsAre(NumberedName{BlockDeviceId(8, 0), "sda"}));
  EXPECT_FALSE(source.MayHaveChanged());
  EXPECT_EQ(reads, 2);
  text = " 8 16 1 sdb\n";
  EXPECT_TRUE(source.MayHaveChanged());
  EXPECT_THAT(*source.Read(),
              ElementsAre(NumberedName{BlockDeviceId(8, 16), "sdb"}));
  EXPECT_EQ(reads, 3);
}

TEST(BlockDeviceSourceTest, ThisHostsDevicesAreDevices) {
  BlockDeviceSource source;
  const std::optional<NumberedNames> devices = source.Read();
  ASSERT_TRUE(devices.has_value());
  for (const NumberedName& device : *devices) {
    struct stat info = {};
    const std::string path = "/sys/class/block/" + device.name;
    if (device.name.find('/') != std::string::npos) continue;
    EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  }
}

}  // namespace
}  // namespace ebpf_exporter
