#include "bpf/include/packet.bpf.h"

#include <array>
#include <cstring>

#include "gtest/gtest.h"

namespace {

TEST(PacketTest, HeadersAreAsLongAsOnTheWire) {
  EXPECT_EQ(sizeof(ethernet_header), 14u);
  EXPECT_EQ(sizeof(ipv4_header), 20u);
  EXPECT_EQ(sizeof(ipv6_header), 40u);
  EXPECT_EQ(sizeof(udp_header), 8u);
  EXPECT_EQ(sizeof(tcp_header), 20u);
}

// An echo request from 127.0.0.1, with the option "router alert".
TEST(PacketTest, Ipv4HeadersSayHowLongTheyAre) {
  constexpr std::array<unsigned char, 24> kPacket = {
      0x46, 0,   0, 52, 0, 1, 0, 0, 64,  1,    0, 0,
      127,  0,   0, 1,  127, 0, 0, 1, 148, 0x04, 0, 0};
  ipv4_header ip;
  std::memcpy(&ip, kPacket.data(), sizeof(ip));
  EXPECT_EQ(ipv4_header_bytes(&ip), 24u);
  EXPECT_EQ(ip.protocol, PROTOCOL_ICMP);
  EXPECT_EQ(ip.ttl, 64);
}

}  // namespace
