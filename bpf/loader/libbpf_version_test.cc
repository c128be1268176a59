#include "bpf/loader/libbpf_version.h"

#include <cstdlib>
#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// Older ones refuse whole objects for sections that they do not know.
TEST(LibbpfVersionTest, IsNewEnoughForWhatUsersHave) {
  EXPECT_GE(std::atof(LibbpfVersion().c_str()), 1.5) << LibbpfVersion();
}

}  // namespace
}  // namespace ebpf_exporter
