#include "core/decode/cgroup.h"

#include <string>

#include "core/resolve/name_table.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

const NameTable& Cgroups() {
  static const NameTable cgroups({{1, "/sys/fs/cgroup"},
                                  {77, "/sys/fs/cgroup/a.slice\n"},
                                  {UINT64_MAX, "/last"}});
  return cgroups;
}

TEST(CgroupDecoderTest, PathsOfIds) {
  std::string out = ">";
  const Outcome outcome = CgroupDecoder(&Cgroups()).Decode("77", out);
  EXPECT_EQ(out, ">/sys/fs/cgroup/a.slice\n");
  EXPECT_EQ(outcome.sources, kCgroups);
  EXPECT_FALSE(outcome.missed);
  out.clear();
  CgroupDecoder(&Cgroups()).Decode("18446744073709551615", out);
  EXPECT_EQ(out, "/last");
}

TEST(CgroupDecoderTest, OthersAreMissed) {
  for (const std::string id : {"0", "78", "-1"}) {
    std::string out;
    const Outcome outcome = CgroupDecoder(&Cgroups()).Decode(id, out);
    EXPECT_EQ(out, "unknown_cgroup_id:" + id);
    EXPECT_EQ(outcome.verdict, Verdict::kKeep);
    EXPECT_TRUE(outcome.missed);
  }
  std::string out;
  EXPECT_TRUE(CgroupDecoder(nullptr).Decode("1", out).missed);
}

TEST(CgroupDecoderTest, TextThatIsNoNumberIsAnError) {
  std::string out;
  EXPECT_EQ(CgroupDecoder(&Cgroups()).Decode("init", out).reason,
            "cgroup_not_a_number");
}

}  // namespace
}  // namespace ebpf_exporter
