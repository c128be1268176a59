#include "cmd/exporter/process_families.h"

#include <variant>
#include <vector>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::vector<PlainFamily> ProcessFamilies(const ProcessStats& stats) {
  FamilyBook book;
  std::vector<PlainFamily> families;
  AddProcess(stats, book);
  book.Write(families);
  EXPECT_EQ(families.size(), 9u);
  return families;
}

TEST(ProcessFamiliesTest, CarryWhatIsKnownAndNothingElse) {
  const auto families =
      ProcessFamilies({.cpu_seconds = 1.5, .resident_memory_bytes = 4096});
  for (const PlainFamily& family : families) {
    SCOPED_TRACE(family.header.name);
    if (family.header.name == "process_cpu_seconds_total") {
      EXPECT_EQ(family.header.type, FamilyType::kCounter);
      EXPECT_EQ(family.header.help,
                "Total user and system CPU time spent in seconds.");
      ASSERT_EQ(family.samples.size(), 1u);
      EXPECT_EQ(std::get<double>(family.samples[0].value), 1.5);
    } else if (family.header.name == "process_resident_memory_bytes") {
      EXPECT_EQ(family.header.type, FamilyType::kGauge);
      ASSERT_EQ(family.samples.size(), 1u);
      EXPECT_EQ(std::get<uint64_t>(family.samples[0].value), 4096u);
    } else {
      EXPECT_TRUE(family.samples.empty());
    }
  }
}

}  // namespace
}  // namespace ebpf_exporter
