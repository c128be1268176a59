// Hostile and odd forms of bpftool's JSON; the plain ones are in
// bpftool_recorded_test.cc.

#include "core/dump/bpftool_json.h"

#include <bit>
#include <string>
#include <string_view>

#include "core/dump/bpftool_exercise.h"
#include "core/layout/shape_builder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Keys and values as text, `k=v` or `k=v/w`.
std::string Summary(const PlainDump& dump) {
  std::string text;
  for (const PlainMap& map : dump.maps) {
    text += map.name + "(";
    for (const PlainEntry& entry : map.entries) {
      text += " " + entry.key + "=";
      for (const std::string& value : entry.values) text += value + "/";
    }
    text += " )";
  }
  return text;
}

std::string Entry(std::string_view key, std::string_view value) {
  return JsonEntry({std::string(key), {std::string(value)}}, false);
}

PlainDump Lenient(std::string_view text) {
  DumpOptions options;
  options.lenient = true;
  return ReadWhole(text, options);
}

std::string Message(const PlainDump& dump) {
  return std::string(dump.status.message());
}

TEST(BpftoolJsonTest, AMapWithoutEntries) {
  EXPECT_EQ(Summary(ReadWhole("[]")), "( )");
  EXPECT_EQ(Summary(ReadWhole(" [\n]\n")), "( )");
}

TEST(BpftoolJsonTest, NumbersInsteadOfStrings) {
  EXPECT_EQ(Summary(ReadWhole(R"([{"key":[107,49],"value":[118]}])")),
            "( k1=v/ )");
}

TEST(BpftoolJsonTest, MembersMayComeInAnyOrder) {
  EXPECT_EQ(Summary(ReadWhole(
                R"([{"formatted":{"key":"k","value":5},"value":["0x76"],)"
                R"("more":[{"a":null}],"key":["0x6b"]}])")),
            "( k=v/ )");
}

TEST(BpftoolJsonTest, EntriesOneBehindTheOther) {
  EXPECT_EQ(Summary(ReadWhole(Entry("a", "1") + "\n" + Entry("b", "2") + "\n")),
            "( a=1/ b=2/ )");
}

TEST(BpftoolJsonTest, AMapOutsideOfAnArray) {
  EXPECT_EQ(
      Summary(ReadWhole(R"({"id":7,"type":"hash","name":"m","elements":[)" +
                        Entry("a", "1") + "]}")),
      "m( a=1/ )");
}

TEST(BpftoolJsonTest, TheUsersNameIsForMapsWithout) {
  DumpOptions options;
  options.map_name = "mine";
  EXPECT_EQ(Summary(ReadWhole("[]", options)), "mine( )");
  EXPECT_EQ(Summary(ReadWhole(R"([{"name":"own","elements":[]}])", options)),
            "own( )");
}

TEST(BpftoolJsonTest, AByteOrderMarkIsNoDamage) {
  EXPECT_EQ(Summary(ReadWhole("\xEF\xBB\xBF[" + Entry("a", "1") + "]")),
            "( a=1/ )");
}

TEST(BpftoolJsonTest, FailedLookupsAreSkippedAndCounted) {
  const PlainDump dump = ReadWhole(
      "[" + Entry("a", "1") +
      R"(,{"key":["0x62"],"value":{"error":"No such file or directory"}},)" +
      Entry("c", "3") + "]");
  EXPECT_EQ(Summary(dump), "( a=1/ c=3/ )");
  EXPECT_EQ(dump.error_entries, 1u);
  EXPECT_THAT(dump.damage, IsEmpty());
}

// Without -j, bpftool prints these between the entries as text.
TEST(BpftoolJsonTest, FailedLookupsInPrintedFormAreSkippedAndCounted) {
  DumpOptions options;
  options.shapes = {MapFor(ShapeFor("u8", 1, {Unsigned("", 0, 1)}),
                           ShapeFor("u8", 1, {Unsigned("", 0, 1)}))};
  const std::string one_line = "key: 01 00 00 00  value: <no entry>\n";
  const std::string lines = "key:\n01 00\nvalue:\nNo such file or directory\n";
  for (const std::string& error : {one_line, lines}) {
    const PlainDump dump = ReadWhole(
        "[" + error + "{\n  \"key\": 97, \"value\": 49\n    }" + error + error +
            ",{\n  \"key\": 98, \"value\": 50\n    }\n" + error + "]\n",
        options);
    EXPECT_EQ(dump.status, absl::OkStatus());
    EXPECT_EQ(Summary(dump), "( a=1/ b=2/ )");
    EXPECT_EQ(dump.error_entries, 4u);
  }
}

TEST(BpftoolJsonTest, EntriesWithoutAValueAreLeftOut) {
  const PlainDump dump = ReadWhole(
      "[" + Entry("a", "1") + R"(,{"key":["0x62"]},)" +
      R"({"key":["0x62"],"inner_map_id":5},)" + Entry("c", "3") + ",{}]");
  EXPECT_EQ(Summary(dump), "( a=1/ c=3/ )");
  EXPECT_EQ(dump.error_entries, 3u);
  EXPECT_THAT(dump.damage,
              ElementsAre("byte 35: an entry is left out: it has no value"));
}

TEST(BpftoolJsonTest, MissingCpusAreLeftOut) {
  const std::string whole = JsonEntry({"a", {"1", "2"}}, true);
  const std::string half = R"({"key":["0x62"],"values":[{"cpu":1,"value":)"
                           R"(["0x32"]}]})";
  const PlainDump dump = ReadWhole("[" + whole + "," + half + "]");
  EXPECT_EQ(Summary(dump), "( a=1/2/ )");
  EXPECT_EQ(dump.error_entries, 1u);
  EXPECT_THAT(dump.damage, ElementsAre("byte 83: an entry is left out: its "
                                       "value of CPU 0 is missing"));
}

// Half of the keys are of another length: the layout of the first rules.
TEST(BpftoolJsonTest, KeysOfAnotherLengthAreLeftOut) {
  const std::string entries = "[" + Entry("ab", "1") + "," + Entry("a", "1") +
                              "," + Entry("cd", "2") + "," + Entry("c", "2") +
                              "]";
  const PlainDump dump = ReadWhole(entries);
  EXPECT_EQ(Summary(dump), "( ab=1/ cd=2/ )");
  EXPECT_EQ(dump.error_entries, 2u);
  DumpOptions options;
  options.key_size = 1;
  EXPECT_EQ(Summary(ReadWhole(entries, options)), "( a=1/ c=2/ )");
}

// A key that was dumped twice, because the walk began anew, comes twice; the
// table counts a key once.
TEST(BpftoolJsonTest, DuplicateKeysAreGivenAsTheyStand) {
  EXPECT_EQ(
      Summary(ReadWhole("[" + Entry("a", "1") + "," + Entry("a", "2") + "]")),
      "( a=1/ a=2/ )");
}

struct Damage {
  std::string_view text;
  std::string_view message;
};

constexpr std::string_view kGood = R"([{"key":["0x61"],"value":["0x31"]})";

TEST(BpftoolJsonTest, DamageIsNamedByItsByte) {
  const Damage rows[] = {
      {R"(,{"key":["0x100"],"value":["0x31"]}])",
       "byte 43: `0x100` is not a byte of a key or a value"},
      {R"(,{"key":["0x61","zz"],"value":["0x31"]}])",
       "byte 50: `zz` is not a byte of a key or a value"},
      {"",
       "byte 34: the dump ends here, where a comma or the end of the array "
       "should come: it was cut short"},
      {",",
       "byte 35: the dump ends here, where an opening brace should come: "
       "it was cut short"},
      {R"(,{"key":["0x61")",
       "byte 49: the dump ends here, where a comma should come: it was cut "
       "short"},
      {"][]", "byte 35: a second dump begins here: give each its own file"},
      {R"(] {"error":"x"})",
       "byte 36: a second dump begins here: give each its own file"},
      {"]x", "byte 35: something follows the end of the dump"},
      {",]", "byte 35: expected an opening brace, found `]`"},
      {",5]", "byte 35: expected an opening brace, found `5`"},
      {R"(,{"key":["0x61"] "value":["0x31"]}])",
       "byte 51: expected a comma, found `\\\"`"},
      {R"(,{"key":["0x61"],"values":[{"cpu":0,"value":["0x31"]},5]}])",
       "byte 88: expected the value of a CPU, found `5`"},
      {R"(,{"key":["0x61"],"values":[{"value":["0x31"]}]}])",
       "byte 61: a value without its \"cpu\""},
      {R"(,{"key":["0x61"],"values":[{"cpu":65536,"value":["0x31"]}]}])",
       "byte 61: a value of a CPU that no host has"},
      {R"(,{"key":["0x61"],"value":{"a":5}}])",
       "byte 35: an entry cannot be read: printed by its BTF, without raw "
       "bytes: give the object with the map's types (--object), or dump with "
       "`bpftool -j`"},
  };
  for (const Damage& row : rows) {
    const std::string text = std::string(kGood) + std::string(row.text);
    const PlainDump dump = ReadWhole(text);
    EXPECT_EQ(Message(dump), row.message) << row.text;
    EXPECT_EQ(Summary(dump), "( a=1/ )") << row.text;
    const PlainDump lenient = Lenient(text);
    EXPECT_EQ(lenient.status, absl::OkStatus());
    EXPECT_EQ(Summary(lenient), "( a=1/ )") << row.text;
    EXPECT_THAT(lenient.damage, ElementsAre("the rest is not read: " +
                                            std::string(row.message)));
  }
}

TEST(BpftoolJsonTest, AKeyOfOneBadByteIsTakenForPrintedAndRefused) {
  EXPECT_EQ(Message(ReadWhole(R"([{"key":["zz"],"value":["0x31"]}])")),
            "byte 1: an entry cannot be read: printed by its BTF, without raw "
            "bytes: give the object with the map's types (--object), or dump "
            "with `bpftool -j`");
}

TEST(BpftoolJsonTest, DamageOfMapsIsNamedByItsByte) {
  const Damage rows[] = {
      {R"([{"id":7,"elements":5}])",
       "byte 20: expected an array of entries, found `5`"},
      {R"([{"id":7}])",
       "byte 8: expected a comma and the map's \"elements\", found `}`"},
      {R"([{"bytes_key":4294967296,"elements":[]}])",
       "byte 14: a size that is no number of 32 bits"},
      {R"([{"elements":[],"id":7,"name":"m"}])",
       "byte 23: the name of a map must precede its elements"},
      {R"([{"elements":[])",
       "byte 15: the dump ends here, where the end of the map should come: it "
       "was cut short"},
      {"[5]",
       "byte 0: `[5]` begins no form of dump that is known: neither a "
       "capture nor what `bpftool map dump` prints; for raw entries "
       "give --key-size and --value-size"},
  };
  for (const Damage& row : rows) {
    EXPECT_EQ(Message(ReadWhole(row.text)), row.message) << row.text;
  }
}

TEST(BpftoolJsonTest, CutAnywhereItIsNoticed) {
  const std::string text =
      R"([{"id":7,"type":"percpu_hash","name":"m","elements":[)" +
      JsonEntry({"a", {"1", "2"}}, true) + R"(,)" +
      JsonEntry({"b", {"3", "4"}}, true) + "]},{\"id\":8,\"elements\":[]}]";
  ASSERT_TRUE(ReadWhole(text).status.ok());
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(ReadWhole(text.substr(0, length)).status.ok()) << length;
    const PlainDump lenient = Lenient(text.substr(0, length));
    EXPECT_EQ(lenient.damage.size() + !lenient.status.ok(), 1u) << length;
  }
}

// Text that begins with a quote, beside chars that are one: see
// bpftool_string_test.cc. Raw bytes stand beside them, so nothing is lost.
TEST(BpftoolJsonTest, FormattedTextThatIsNotJsonIsPassedOver) {
  for (std::string_view formatted :
       {R"({"c":"""})", R"({"c":"\"})", R"({"c":"\","d":"""})",
        R"([""","\",",","]","}"])", R"({"a":{"c":"\"},"b":(unsupported-kind})",
        R"({"text":"\",\"]}"})"}) {
    const std::string text =
        R"([{"key":["0x61"],"value":["0x31"],"formatted":{"key":)" +
        std::string(formatted) + R"(,"value":5}},)" + Entry("b", "2") + "]";
    const PlainDump dump = ReadWhole(text);
    EXPECT_EQ(dump.status, absl::OkStatus()) << formatted;
    EXPECT_EQ(Summary(dump), "( a=1/ b=2/ )") << formatted;
  }
}

TEST(BpftoolJsonTest, SaysWhyTheTypesAreNotKnown) {
  DumpOptions options;
  const std::string_view entry = R"([{"key":5,"value":6}])";
  const auto mend = [&options](std::string_view text) {
    const std::string message = Message(ReadWhole(text, options));
    const size_t begin = message.find("raw bytes: ") + 11;
    return message.substr(begin, message.find(", or dump") - begin);
  };
  EXPECT_EQ(mend(entry), "give the object with the map's types (--object)");
  options.shapes = {MapFor(4, 8), MapFor(4, 8)};
  EXPECT_EQ(mend(entry), "say which of the object's maps it is");
  options.map_name = "t";
  EXPECT_EQ(mend(entry), "the object does not describe the map's types");
  options.map_name = "u";
  EXPECT_EQ(mend(entry), "the object has no map `u`");
}

TEST(BpftoolJsonTest, FormattedAloneIsReadByTheTypes) {
  DumpOptions options;
  options.shapes = {
      MapFor(ShapeFor("char[2]", 2, {Chars("", 0, 2)}), OneNumber())};
  const std::string_view text =
      R"([{"formatted":{"key":"ab","value":18446744073709551615}}])";
  for (std::endian order : {std::endian::little, std::endian::big}) {
    options.endian = order;
    const PlainDump dump = ReadWhole(text, options);
    EXPECT_EQ(dump.status, absl::OkStatus());
    EXPECT_EQ(Summary(dump), "( ab=" + std::string(8, '\xff') + "/ )");
  }
}

TEST(BpftoolJsonTest, PrintedNumbersHaveTheOrderThatIsAskedFor) {
  DumpOptions options;
  options.shapes = {MapFor(ShapeFor("u16", 2, {Unsigned("", 0, 2)}),
                           ShapeFor("u16", 2, {Unsigned("", 0, 2)}))};
  options.endian = std::endian::big;
  EXPECT_EQ(Summary(ReadWhole(R"([{"key":24930,"value":12594}])", options)),
            "( ab=12/ )");
}

// An array of numbers is not taken for bytes where the type says otherwise.
TEST(BpftoolJsonTest, PrintedArraysOfNumbersAreReadByTheirType) {
  DumpOptions options;
  options.endian = std::endian::little;
  options.shapes = {MapFor(ShapeFor("u16[2]", 4, {Numbers("", 0, 2, 2)}),
                           ShapeFor("u8[2]", 2, {Numbers("", 0, 1, 2)}))};
  EXPECT_EQ(Summary(ReadWhole(R"([{"key":[97,98],"value":[49,50]}])", options)),
            "( " + std::string("a\0b\0", 4) + "=12/ )");
}

// Gigabytes pass through: a source that makes its bytes while they are read.
class EndlessSource final : public ByteSource {
 public:
  explicit EndlessSource(size_t entries) : left_(entries) {}
  absl::StatusOr<size_t> Read(std::span<char> to) override {
    if (rest_.empty() && left_ == 0) return 0;
    if (rest_.empty()) {
      --left_;
      rest_ = left_ == 0 ? last_ : entry_;
    }
    const size_t count = std::min(to.size(), rest_.size());
    std::copy_n(rest_.data(), count, to.data());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  const std::string last_ = Entry("abcdefgh", "12345678") + "]";
  const std::string entry_ = Entry("abcdefgh", "12345678") + ",";
  size_t left_;
  std::string_view rest_ = "[";
};

TEST(BpftoolJsonTest, ALongDumpIsReadBatchByBatch) {
  constexpr size_t kEntries = 50'000;
  auto reader =
      OpenDump(std::make_unique<EndlessSource>(kEntries), DumpOptions());
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE((*reader)->NextMap().ok());
  size_t count = 0;
  while (true) {
    absl::StatusOr<EntryBatch> batch = (*reader)->NextBatch();
    ASSERT_TRUE(batch.ok()) << batch.status();
    if (batch->count == 0) break;
    EXPECT_LE(batch->count, 1024u);
    count += batch->count;
  }
  EXPECT_EQ(count, kEntries);
}

}  // namespace
}  // namespace ebpf_exporter
