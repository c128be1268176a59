#include "core/decode/inet_ip.h"

#include <arpa/inet.h>

#include <random>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;

std::string Decode(ByteView in) {
  std::string out = ">";
  EXPECT_EQ(InetIpDecoder().Decode(in, out).verdict, Verdict::kKeep);
  return out.substr(1);
}

// The bytes of an address, by the C library.
std::string Bytes(const char* address) {
  std::string bytes(16, '\0');
  EXPECT_EQ(inet_pton(AF_INET6, address, bytes.data()), 1) << address;
  return bytes;
}

TEST(InetIpDecoderTest, FourBytes) {
  EXPECT_EQ(Decode("\xc0\x00\x02\x01"s), "192.0.2.1");
  EXPECT_EQ(Decode("\0\0\0\0"s), "0.0.0.0");
  EXPECT_EQ(Decode("\xff\xff\xff\xff"), "255.255.255.255");
}

TEST(InetIpDecoderTest, SixteenBytesAsRfc5952) {
  for (const std::string address :
       {"2001:db8::1", "::", "::1", "1::", "2001:db8:0:1:1:1:1:1",
        "2001:0:0:1::1", "2001:db8::1:0:0:1", "1:2:3:4:5:6:7:8", "fe80::1:0:0",
        "1:0:3:0:5:0:7:0", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:0", "::102:304"}) {
    const std::string full = Decode(Bytes(address.c_str()));
    EXPECT_EQ(Bytes(full.c_str()), Bytes(address.c_str())) << full;
  }
  EXPECT_EQ(Decode(Bytes("2001:db8:0:0:1:0:0:1")), "2001:db8::1:0:0:1");
  EXPECT_EQ(Decode(Bytes("2001:0:0:1:0:0:0:1")), "2001:0:0:1::1");
  EXPECT_EQ(Decode(Bytes("2001:db8:0:1:1:1:1:1")), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(Decode(Bytes("2001:DB8::ABCD")), "2001:db8::abcd");
  EXPECT_EQ(Decode(Bytes("::")), "::");
  EXPECT_EQ(Decode(Bytes("::1")), "::1");
  EXPECT_EQ(Decode(Bytes("1::")), "1::");
}

TEST(InetIpDecoderTest, Ipv4InIpv6) {
  EXPECT_EQ(Decode(Bytes("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(Decode(Bytes("::1.2.3.4")), "::102:304");
  EXPECT_EQ(Decode(Bytes("64:ff9b::1.2.3.4")), "64:ff9b::102:304");
}

TEST(InetIpDecoderTest, OtherSizesAreBytes) {
  EXPECT_EQ(Decode("\1\2\3\4\xff"), "?01020304ff");
  EXPECT_EQ(Decode(""), "?");
}

TEST(InetIpDecoderTest, WhatItWritesReadsBackTheSame) {
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    std::string bytes(16, '\0');
    for (char& byte : bytes) {
      if (random() % 3 == 0) byte = static_cast<char>(random());
    }
    if (Decode(bytes).find('.') != std::string::npos) continue;
    EXPECT_EQ(Bytes(Decode(bytes).c_str()), bytes);
  }
}

}  // namespace
}  // namespace ebpf_exporter
