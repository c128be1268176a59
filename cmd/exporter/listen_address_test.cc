#include "cmd/exporter/listen_address.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using Family = ListenAddress::Family;

TEST(ListenAddressTest, ReadsTheFormsUsersWrite) {
  struct Case {
    const char* text;
    Family family;
    const char* host;
    int port;
  };
  for (const Case& c : {Case{":9435", Family::kAny, "", 9435},
                        Case{"127.0.0.1:0", Family::kIpv4, "127.0.0.1", 0},
                        Case{"0.0.0.0:80", Family::kIpv4, "0.0.0.0", 80},
                        Case{"[::1]:65535", Family::kIpv6, "::1", 65535},
                        Case{"[::]:9435", Family::kIpv6, "::", 9435},
                        Case{"localhost:1", Family::kIpv4, "127.0.0.1", 1}}) {
    SCOPED_TRACE(c.text);
    const auto address = ParseListenAddress(c.text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->family, c.family);
    EXPECT_EQ(address->host, c.host);
    EXPECT_EQ(address->port, c.port);
  }
}

TEST(ListenAddressTest, PrintsWhatItReads) {
  for (const char* text : {":9435", "127.0.0.1:80", "[::1]:9435"}) {
    EXPECT_EQ(ParseListenAddress(text)->ToString(), text);
  }
}

TEST(ListenAddressTest, RefusesTheRestAndSaysWhy) {
  for (const char* text : {"",
                           ":",
                           "9435",
                           "host:9435",
                           "1.2.3:80",
                           "1.2.3.4.5:80",
                           "::1:80",
                           "[::1]",
                           "[:::]:80",
                           "[127.0.0.1]:80",
                           "[]:80",
                           "[:80",
                           ":65536",
                           ":-1",
                           ":+1",
                           ": 1",
                           ":http",
                           ":99999999999",
                           "127.0.0.1:80s",
                           "127.0.0.1:80,127.0.0.1:81"}) {
    SCOPED_TRACE(text);
    const auto address = ParseListenAddress(text);
    ASSERT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(address.status().message().find(std::string("\"") + text + "\""),
              std::string::npos);
  }
}

}  // namespace
}  // namespace ebpf_exporter
