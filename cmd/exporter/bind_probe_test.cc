#include "cmd/exporter/bind_probe.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

TEST(BindProbeTest, AFreeAddressIsReturnedAsItIs) {
  const auto address = ProbeBind(*ParseListenAddress("127.0.0.1:0"));
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->ToString(), "127.0.0.1:0");
}

TEST(BindProbeTest, AllAddressesAreThoseOfTheHost) {
  const auto address = ProbeBind(*ParseListenAddress(":0"));
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_THAT(address->ToString(), testing::AnyOf(":0", "0.0.0.0:0"));
}

TEST(BindProbeTest, AnAddressInUseIsNamed) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in in_use = {};
  in_use.sin_family = AF_INET;
  in_use.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(in_use);
  auto* address = reinterpret_cast<sockaddr*>(&in_use);
  ASSERT_EQ(bind(fd, address, size), 0);
  ASSERT_EQ(listen(fd, 1), 0);
  ASSERT_EQ(getsockname(fd, address, &size), 0);

  const std::string text =
      "127.0.0.1:" + std::to_string(ntohs(in_use.sin_port));
  const auto probed = ProbeBind(*ParseListenAddress(text));
  EXPECT_EQ(probed.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(probed.status().message()), HasSubstr(text));

  close(fd);
  EXPECT_TRUE(ProbeBind(*ParseListenAddress(text)).ok());
}

TEST(BindProbeTest, AnAddressOfAnotherHostIsNamed) {
  const auto probed = ProbeBind(*ParseListenAddress("192.0.2.1:0"));
  EXPECT_THAT(std::string(probed.status().message()),
              HasSubstr("cannot listen on 192.0.2.1:0"));
}

}  // namespace
}  // namespace ebpf_exporter
