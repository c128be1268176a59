#include "core/decode/majorminor.h"

#include <sys/sysmacros.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "core/resolve/name_table.h"
#include "core/resolve/names.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// As the C library packs a device, which is how the kernel does it.
std::string Bytes(unsigned major, unsigned minor) {
  const uint32_t device = static_cast<uint32_t>(makedev(major, minor));
  std::string bytes(sizeof(device), '\0');
  std::memcpy(bytes.data(), &device, sizeof(device));
  return bytes;
}

TEST(MajorMinorDecoderTest, NamesDevices) {
  const NameTable devices({{BlockDeviceId(8, 1), "sda1"},
                           {BlockDeviceId(259, 300), "nvme9n1p7"},
                           {BlockDeviceId(4095, 1048575), "last"}});
  const MajorMinorDecoder decoder(&devices);
  std::string out;
  EXPECT_EQ(decoder.Decode(Bytes(8, 1), out).sources, kBlockDevices);
  EXPECT_EQ(out, "sda1");
  out.clear();
  EXPECT_FALSE(decoder.Decode(Bytes(259, 300) + "more", out).missed);
  EXPECT_EQ(out, "nvme9n1p7");
  out.clear();
  decoder.Decode(Bytes(4095, 1048575), out);
  EXPECT_EQ(out, "last");
}

TEST(MajorMinorDecoderTest, OthersAreMissed) {
  std::string out;
  EXPECT_TRUE(MajorMinorDecoder(nullptr).Decode(Bytes(8, 300), out).missed);
  EXPECT_EQ(out, "unknown:8:300");
  out.clear();
  MajorMinorDecoder(nullptr).Decode(Bytes(0, 0), out);
  EXPECT_EQ(out, "unknown:0:0");
}

TEST(MajorMinorDecoderTest, FewerBytesAreAnError) {
  std::string out;
  EXPECT_EQ(MajorMinorDecoder(nullptr).Decode("abc", out).reason,
            "majorminor_too_short");
}

}  // namespace
}  // namespace ebpf_exporter
