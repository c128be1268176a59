#include "core/config/node_reader.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/yaml.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

// A text's tree with a reader on it.
class Document {
 public:
  explicit Document(std::string_view text, YamlOptions options = {})
      : options_(options),
        tree_(internal::ParseTree(text, options_, reporter_)),
        reader_(tree_, options_, reporter_) {}

  NodeReader& reader() { return reader_; }
  // All fields of the root map.
  Fields Root() {
    return Fields(reader_.FreeMap(Field{"root", {1, 1}, &reader_.root()}));
  }
  std::string Findings() {
    std::string out;
    for (const Finding& finding : std::move(reporter_).Take()) {
      out += ToString(finding) + "\n";
    }
    return out;
  }

 private:
  YamlOptions options_;
  Reporter reporter_{"t"};
  YamlTree tree_;
  NodeReader reader_;
};

std::string KeysAndTexts(const Fields& fields) {
  std::string out;
  for (const Field& field : fields.all()) {
    absl::StrAppend(&out, field.key, "=", field.value->text, " ");
  }
  return out;
}

TEST(NodeReaderTest, ReadsEachKind) {
  Document document(
      "text: 0x10\nflag: yes\ncount: 0x10\nsigned: -3\nreal: 1e-06\n"
      "wait: 10m\nwords: [a, 1, ~]\nreals: [1, .5]\n");
  const Fields fields = document.Root();
  NodeReader& reader = document.reader();
  std::string text;
  reader.Read(fields["text"], text);
  EXPECT_EQ(text, "0x10");
  bool flag = false;
  reader.Read(fields["flag"], flag);
  EXPECT_TRUE(flag);
  uint32_t count = 0;
  reader.Read(fields["count"], count);
  EXPECT_EQ(count, 16u);
  int64_t number = 0;
  reader.Read(fields["signed"], number);
  EXPECT_EQ(number, -3);
  double real = 0;
  reader.Read(fields["real"], real);
  EXPECT_EQ(real, 1e-06);
  int64_t wait = 0;
  reader.ReadDuration(fields["wait"], wait);
  EXPECT_EQ(wait, 600000000000);
  std::vector<std::string> words;
  reader.Read(fields["words"], words);
  EXPECT_EQ(words, (std::vector<std::string>{"a", "1", ""}));
  std::vector<double> reals;
  reader.Read(fields["reals"], reals);
  EXPECT_EQ(reals, (std::vector<double>{1, 0.5}));
  EXPECT_EQ(document.Findings(), "");
}

TEST(NodeReaderTest, AbsentAndNullLeaveTheDefault) {
  Document document("null: ~\nempty:\n");
  const Fields fields = document.Root();
  uint32_t value = 7;
  document.reader().Read(fields["null"], value);
  document.reader().Read(fields["empty"], value);
  document.reader().Read(fields["absent"], value);
  EXPECT_EQ(value, 7u);
  EXPECT_TRUE(document.reader().List(fields["empty"]).empty());
  EXPECT_TRUE(document.reader().FreeMap(fields["absent"]).empty());
  EXPECT_EQ(document.Findings(), "");
}

TEST(NodeReaderTest, WrongKindsAreReportedWithTheirPlace) {
  Document document("a: [1]\nb: x\nc: {d: e}\n");
  const Fields fields = document.Root();
  std::string text = "kept";
  document.reader().Read(fields["a"], text);
  EXPECT_EQ(text, "kept");
  uint32_t number = 7;
  document.reader().Read(fields["b"], number);
  EXPECT_EQ(number, 7u);
  document.reader().List(fields["c"]);
  document.reader().FreeMap(fields["b"]);
  EXPECT_EQ(document.Findings(),
            "t:1:4: error: a: expected a single value, found a list\n"
            "t:2:4: error: b: \"x\" is not a number\n"
            "t:2:4: error: b: expected a map, found \"x\"\n"
            "t:3:4: error: c: expected a list, each item behind a `- `, found "
            "a map\n");
}

TEST(NodeReaderTest, MergedKeysComeLastAndDoNotOverride) {
  Document document(
      "a: {<<: {x: merged, y: merged}, x: own}\n"
      "b: {<<: [{x: first}, {x: second, z: second, <<: {w: deep}}]}\n"
      "c: {\"<<\": text}\n");
  const Fields fields = document.Root();
  NodeReader& reader = document.reader();
  EXPECT_EQ(KeysAndTexts(Fields(reader.FreeMap(fields["a"]))),
            "x=own y=merged ");
  EXPECT_EQ(KeysAndTexts(Fields(reader.FreeMap(fields["b"]))),
            "x=first z=second w=deep ");
  EXPECT_EQ(KeysAndTexts(Fields(reader.FreeMap(fields["c"]))), "<<=text ");
  EXPECT_EQ(document.Findings(), "");
}

TEST(NodeReaderTest, DuplicateKeysAreErrorsAlsoInsideMergedMaps) {
  Document document("a: {<<: {x: 1, x: 2}, y: 1, y: 2}\n");
  const Fields fields = document.Root();
  EXPECT_EQ(KeysAndTexts(Fields(document.reader().FreeMap(fields["a"]))),
            "y=1 x=1 ");
  EXPECT_EQ(document.Findings(),
            "t:1:16: error: key \"x\" is written twice in this map; remove "
            "one\n"
            "t:1:29: error: key \"y\" is written twice in this map; remove "
            "one\n");
}

TEST(NodeReaderTest, MapReportsUnknownKeys) {
  Document document("x-mine: 1\n.mine: 2\nprograms: 3\nprogram: 4\n");
  const Fields fields =
      document.reader().Map(document.reader().root(), kTopLevel);
  EXPECT_EQ(KeysAndTexts(fields), "programs=3 ");
  EXPECT_EQ(document.Findings(),
            "t:4:1: error: unknown key \"program\" in the top level; did you "
            "mean \"programs\"?\n");
}

TEST(NodeReaderTest, OnlyTheTopLevelIsExtensible) {
  Document document("x-mine: 1\n");
  document.reader().Map(document.reader().root(), kDecoderLevel);
  EXPECT_EQ(document.Findings().substr(0, 12), "t:1:1: error");
}

TEST(NodeReaderTest, BudgetEndsReading) {
  YamlOptions options;
  options.max_nodes = 20;
  Document document("a: &a [1, 2, 3, 4]\nb: [*a, *a, *a]\n", options);
  const Fields fields = document.Root();
  NodeReader& reader = document.reader();
  for (int i = 0; i < 3; ++i) {
    for (const YamlNode* item : reader.List(fields["b"])) {
      reader.List(Field{"b", {}, item});
    }
  }
  EXPECT_TRUE(reader.budget_spent());
  EXPECT_TRUE(reader.List(fields["b"]).empty());
  EXPECT_EQ(document.Findings(),
            "t:2:9: error: written out, the aliases of this file are more than "
            "20 values or 8388608 bytes; reading stops here; use fewer "
            "aliases\n");
}

TEST(NodeReaderTest, PeekTextReportsNothing) {
  Document document("&k name: &v b\nother: *v\n*k : c\n");
  const YamlNode& root = document.reader().root();
  EXPECT_EQ(document.reader().PeekText(root, "name"), "b");
  EXPECT_EQ(document.reader().PeekText(root, "other"), "b");
  EXPECT_EQ(document.reader().PeekText(root, "absent"), "");
  EXPECT_EQ(document.Findings(), "");
}

}  // namespace
}  // namespace ebpf_exporter
