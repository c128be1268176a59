#include "bpf/loader/kernel_types.h"

#include <fstream>
#include <string>

#include "bpf/host/read_file.h"
#include "bpf/loader/fake_kernel_btf.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

class KernelTypesTest : public ::testing::Test {
 protected:
  FakeKernelBtf fake_{::testing::TempDir()};
  KernelTypes types_{fake_.vmlinux()};
};

TEST_F(KernelTypesTest, FindsWhatVmlinuxHas) {
  EXPECT_TRUE(types_.status().ok());
  absl::StatusOr<const Btf*> types =
      types_.TypesWith(BtfKind::kFunction, "vfs_read");
  ASSERT_TRUE(types.ok()) << types.status();
  EXPECT_NE((*types)->Find(BtfKind::kFunction, "vfs_read"), 0);
}

TEST_F(KernelTypesTest, FindsWhatAModuleHasWithTheTypesItBuildsOn) {
  absl::StatusOr<const Btf*> types =
      types_.TypesWith(BtfKind::kTypedef, "btf_trace_nvme_sq");
  ASSERT_TRUE(types.ok()) << types.status();
  EXPECT_NE((*types)->Find(BtfKind::kTypedef, "btf_trace_nvme_sq"), 0);
  EXPECT_NE((*types)->Find(BtfKind::kStruct, "request"), 0);
}

TEST_F(KernelTypesTest, WhatIsNowhereIsNotFound) {
  EXPECT_EQ(types_.TypesWith(BtfKind::kFunction, "vfs").status().code(),
            absl::StatusCode::kNotFound);
  // A name of another kind.
  EXPECT_EQ(types_.TypesWith(BtfKind::kStruct, "vfs_read").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(KernelTypesTest, AKernelWithoutTypesSaysSo) {
  KernelTypes none("/nonexistent/vmlinux");
  EXPECT_THAT(std::string(none.status().message()),
              HasSubstr("CONFIG_DEBUG_INFO_BTF"));
  EXPECT_EQ(none.TypesWith(BtfKind::kFunction, "vfs_read").status(),
            none.status());
}

TEST_F(KernelTypesTest, DamagedTypesAreNoTypes) {
  const std::string whole = ReadFile(fake_.vmlinux());
  std::ofstream(fake_.vmlinux(), std::ios::binary)
      << whole.substr(0, whole.size() / 2);
  KernelTypes damaged(fake_.vmlinux());
  EXPECT_EQ(damaged.status().code(), absl::StatusCode::kNotFound);
}

TEST(JoinBtf, RefusesDamagedParts) {
  EXPECT_EQ(internal::JoinBtf("", ""), "");
  EXPECT_EQ(internal::JoinBtf(std::string(24, '\xff'), std::string(24, '\xff')),
            "");
}

}  // namespace
}  // namespace ebpf_exporter
