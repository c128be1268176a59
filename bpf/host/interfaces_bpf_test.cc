// Interfaces that come, are renamed and go, in a network namespace of the
// test's own.

#include <sched.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "bpf/host/interfaces.h"
#include "bpf/host/polled_names.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

bool RunCommand(const std::string& command) {
  return std::system((command + " 2>/dev/null").c_str()) == 0;
}

TEST(InterfacesTest, RenamesAreNoticedAndWhatWentKeepsItsName) {
  if (unshare(CLONE_NEWNET) != 0 ||
      !RunCommand("ip link add first index 7 type dummy")) {
    std::cerr << "\n*** SKIPPED, NOTHING WAS TESTED: a network namespace with "
                 "a dummy interface cannot be made\n\n";
    GTEST_SKIP();
  }
  PolledNames names(std::make_unique<InterfaceSource>());
  const auto ask = [&names](uint64_t index) {
    std::string out;
    return names.AppendName(index, out) ? out : "?";
  };
  EXPECT_EQ(ask(7), "first");
  EXPECT_EQ(ask(8), "?");
  ASSERT_TRUE(RunCommand("ip link set first name second"));
  EXPECT_EQ(ask(7), "first");
  names.Refresh();
  EXPECT_EQ(ask(7), "second");
  EXPECT_EQ(names.epoch(), 1u);
  EXPECT_EQ(ask(8), "?");  // who sees a new epoch asks for all again
  ASSERT_TRUE(RunCommand("ip link add third index 8 type dummy"));
  names.Refresh();
  EXPECT_EQ(ask(8), "third");
  EXPECT_EQ(names.epoch(), 2u);
  ASSERT_TRUE(RunCommand("ip link del second"));
  names.Refresh();
  EXPECT_EQ(ask(7), "second");
  EXPECT_EQ(names.epoch(), 2u);
}

}  // namespace
}  // namespace ebpf_exporter
