#include "core/decode/ifname.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "core/resolve/name_table.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Bytes(uint32_t index) {
  std::string bytes(sizeof(index), '\0');
  std::memcpy(bytes.data(), &index, sizeof(index));
  return bytes;
}

TEST(IfnameDecoderTest, NamesIndexes) {
  const NameTable interfaces({{1, "lo"}, {4, "eth0"}});
  const IfnameDecoder decoder(&interfaces);
  std::string out;
  EXPECT_EQ(decoder.Decode(Bytes(4), out).sources, kInterfaces);
  EXPECT_EQ(out, "eth0");
  out.clear();
  EXPECT_FALSE(decoder.Decode(Bytes(1) + "more", out).missed);
  EXPECT_EQ(out, "lo");
}

TEST(IfnameDecoderTest, OthersAreMissed) {
  std::string out;
  EXPECT_TRUE(IfnameDecoder(nullptr).Decode(Bytes(0), out).missed);
  EXPECT_EQ(out, "unknown:0");
  out.clear();
  EXPECT_TRUE(IfnameDecoder(nullptr).Decode(Bytes(UINT32_MAX), out).missed);
  EXPECT_EQ(out, "unknown:4294967295");
}

TEST(IfnameDecoderTest, FewerBytesAreAnError) {
  std::string out;
  EXPECT_EQ(IfnameDecoder(nullptr).Decode("abc", out).reason,
            "ifname_too_short");
}

}  // namespace
}  // namespace ebpf_exporter
