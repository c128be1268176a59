// Hostile and odd forms of bpftool's text; the plain ones are in
// bpftool_recorded_test.cc.

#include "core/dump/bpftool_text.h"

#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "core/dump/bpftool_exercise.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Message(const PlainDump& dump) {
  return std::string(dump.status.message());
}

constexpr std::string_view kEntry = "key: 61  value: 31\n";

TEST(BpftoolTextTest, FailedLookupsAreCountedAndNotInTheSum) {
  const PlainDump dump = ReadWhole(
      "key: 61  value: 31\nkey: 62  value: <no entry>\n"
      "key:\n63\nvalue:\nUnknown error 524\nkey: 64  value: 34\n"
      "Found 2 elements\n");
  EXPECT_EQ(dump.status, absl::OkStatus());
  ASSERT_THAT(dump.maps, SizeIs(1));
  EXPECT_THAT(dump.maps[0].entries,
              ElementsAre(PlainEntry{"a", {"1"}}, PlainEntry{"d", {"4"}}));
  EXPECT_EQ(dump.error_entries, 2u);
}

TEST(BpftoolTextTest, EntriesWithoutAValueAreLeftOut) {
  const PlainDump dump = ReadWhole(
      "key: 61  value: 31\nkey: 62  inner_map_id: 7\nFound 2 elements\n");
  EXPECT_EQ(dump.status, absl::OkStatus());
  EXPECT_EQ(dump.error_entries, 1u);
  EXPECT_THAT(dump.damage,
              ElementsAre("byte 19: an entry is left out: it has no value"));
}

TEST(BpftoolTextTest, MapsWithoutKeysHaveValuesOnly) {
  const PlainDump dump = ReadWhole("value: 31\nvalue: 32\nFound 2 elements\n");
  EXPECT_EQ(dump.status, absl::OkStatus());
  ASSERT_THAT(dump.maps, SizeIs(1));
  EXPECT_THAT(dump.maps[0].entries,
              ElementsAre(PlainEntry{"", {"1"}}, PlainEntry{"", {"2"}}));
}

TEST(BpftoolTextTest, LinesMayEndAsOnWindows) {
  const PlainDump dump = ReadWhole(
      "key:\r\n61\r\nvalue (CPU 00): 31\r\nvalue (CPU 01): 32\r\n"
      "Found 1 element\r\n");
  EXPECT_EQ(dump.status, absl::OkStatus());
  ASSERT_THAT(dump.maps, SizeIs(1));
  EXPECT_EQ(dump.maps[0].type, MapType::kPerCpuHash);
  EXPECT_THAT(dump.maps[0].entries, ElementsAre(PlainEntry{"a", {"1", "2"}}));
}

TEST(BpftoolTextTest, WarningsArePassedOver) {
  const PlainDump dump =
      ReadWhole("Warning: cannot read values\n" + std::string(kEntry) +
                "Warning: again\nFound 1 element\n");
  EXPECT_EQ(dump.status, absl::OkStatus());
  EXPECT_THAT(dump.maps.at(0).entries, SizeIs(1));
}

TEST(BpftoolTextTest, MissingCpusAreLeftOut) {
  const PlainDump dump = ReadWhole(
      "key:\n61\nvalue (CPU 00): 31\nvalue (CPU 01): 32\n"
      "key:\n62\nvalue (CPU 00): 31\nFound 2 elements\n");
  EXPECT_EQ(dump.status, absl::OkStatus());
  EXPECT_THAT(dump.maps.at(0).entries, SizeIs(1));
  EXPECT_THAT(dump.damage, ElementsAre("byte 46: an entry is left out: its "
                                       "value of CPU 1 is missing"));
}

TEST(BpftoolTextTest, DamageIsNamedByItsByte) {
  struct {
    std::string_view rest;
    std::string_view message;
  } const rows[] = {
      {"",
       "byte 19: the dump ends here, where an entry or the line `Found .. "
       "elements` should come: it was cut short"},
      {"Found 2 elements\n",
       "byte 19: the dump counts 2 entries of this map, but has 1"},
      {"Found many elements\n",
       "byte 19: a line that does not count the entries"},
      {"Found 1 element\nkey: 61  value: 31\n",
       "byte 35: expected another map or the end of the dump, found `k`"},
      {"key: 61  value: 3",
       "byte 36: the dump ends here, where an entry or the line `Found .. "
       "elements` should come: it was cut short"},
      {"key: 61  value: ",
       "byte 35: the dump ends here, where a value should come: it was cut "
       "short"},
      {"key: 61 6", "byte 27: expected a byte or a value, found `6`"},
      {"key: zz  value: 31\n",
       "byte 24: expected a byte or a value, found `z`"},
      {"key: 061  value: 31\n",
       "byte 24: expected a byte or a value, found `0`"},
      {"key:\n61\nvalue (CPU 65536): 31\n", "byte 42: a CPU that no host has"},
      {"key:\n61\nvalue (CPU x): 31\n", "byte 38: expected `):`, found `x`"},
      {"Error: get map by id (1): No such file or directory\n",
       "byte 19: no dump, but an error of bpftool's: Error: get map by id (1): "
       "No such file or directory"},
      {"what\n",
       "byte 19: expected an entry or the line `Found .. elements`, "
       "found `w`"},
      {"12: hash  name x  flags 0x0\n",
       "byte 19: expected an entry or the line `Found .. elements`, found `1`"},
  };
  for (const auto& row : rows) {
    const std::string text = std::string(kEntry) + std::string(row.rest);
    const PlainDump dump = ReadWhole(text);
    EXPECT_EQ(Message(dump), row.message) << row.rest;
    ASSERT_THAT(dump.maps, SizeIs(1));
    EXPECT_THAT(dump.maps[0].entries, ElementsAre(PlainEntry{"a", {"1"}}));
    DumpOptions options;
    options.lenient = true;
    const PlainDump lenient = ReadWhole(text, options);
    EXPECT_EQ(lenient.status, absl::OkStatus());
    EXPECT_THAT(lenient.maps.at(0).entries,
                ElementsAre(PlainEntry{"a", {"1"}}));
    EXPECT_THAT(lenient.damage, ElementsAre("the rest is not read: " +
                                            std::string(row.message)));
  }
}

TEST(BpftoolTextTest, CutAnywhereItIsNoticed) {
  const std::string text =
      "12: percpu_hash  name m  flags 0x0\nkey:\n61\nvalue (CPU 00): 31\n"
      "value (CPU 01): 32\nFound 1 element\n\n13: hash  name n  flags 0x0\n"
      "key: 61  value: 31\nFound 1 element\n";
  const PlainDump whole = ReadWhole(text);
  ASSERT_EQ(whole.status, absl::OkStatus());
  ASSERT_THAT(whole.maps, SizeIs(2));
  for (size_t length = 0; length < text.size(); ++length) {
    const std::string cut = text.substr(0, length);
    // Behind the count of a map nothing shows that there was another.
    const bool complete =
        absl::StripTrailingAsciiWhitespace(cut).ends_with("Found 1 element");
    EXPECT_EQ(ReadWhole(cut).status.ok(), complete) << cut;
  }
}

TEST(BpftoolTextTest, LongLinesAreNotKept) {
  const std::string text =
      "12: hash  name " + std::string(1 << 20, 'x') + "\nFound 0 elements\n";
  const PlainDump dump = ReadWhole(text);
  EXPECT_EQ(dump.status, absl::OkStatus());
  EXPECT_LE(dump.maps.at(0).name.size(), 200u);
}

}  // namespace
}  // namespace ebpf_exporter
