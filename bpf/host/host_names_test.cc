#include "bpf/host/host_names.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(HostNamesTest, KnowsThisHostAndThatNothingChanges) {
  HostNames names;
  EXPECT_EQ(names.Refresh(), kNoSource);
  std::string out;
  EXPECT_TRUE(names.interfaces().AppendName(1, out));
  EXPECT_EQ(out, "lo");
  EXPECT_FALSE(names.block_devices().AppendName(UINT64_MAX, out));
  EXPECT_FALSE(names.pci().AppendName(UINT64_MAX, out));
  names.Refresh();
  EXPECT_EQ(names.Refresh(), kNoSource);
}

}  // namespace
}  // namespace ebpf_exporter
