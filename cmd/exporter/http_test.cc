#include "cmd/exporter/http.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(RequestTest, HeaderNamesMatchInAnyCase) {
  const Request request{.headers = {{"ACCEPT", "text/plain"}}};
  EXPECT_EQ(request.Header("Accept"), "text/plain");
}

TEST(RequestTest, TheFirstHeaderOfAnameCounts) {
  const Request request{.headers = {{"Accept", "a"}, {"accept", "b"}}};
  EXPECT_EQ(request.Header("accept"), "a");
}

TEST(RequestTest, AMissingHeaderIsEmpty) {
  const Request request{.headers = {{"Accept-Encoding", "gzip"}}};
  EXPECT_EQ(request.Header("Accept"), "");
}

}  // namespace
}  // namespace ebpf_exporter
