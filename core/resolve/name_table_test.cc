#include "core/resolve/name_table.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(NameTableTest, KnowsWhatItWasGiven) {
  NameTable names({{1, "lo"}, {2, "eth0"}});
  names.Add(2, "wan");
  names.Add(3, "");
  const NameResolver& resolver = names;
  std::string out = ">";
  EXPECT_TRUE(resolver.AppendName(2, out));
  EXPECT_TRUE(resolver.AppendName(3, out));
  EXPECT_FALSE(resolver.AppendName(4, out));
  EXPECT_EQ(out, ">wan");
  EXPECT_TRUE(resolver.available());
  EXPECT_EQ(names.size(), 3u);
}

}  // namespace
}  // namespace ebpf_exporter
