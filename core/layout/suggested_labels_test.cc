#include "core/layout/suggested_labels.h"

#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Yaml(const TypeShape& key, const std::vector<LabelConfig>& labels,
                 bool last_is_bucket) {
  return ToYaml(SuggestLabels(key, labels, last_is_bucket), 0);
}

TEST(SuggestedLabelsTest, FromNothingIsAConfigToStartFrom) {
  EXPECT_EQ(Yaml(DiskKey(), {}, false),
            "labels:\n"
            "  - name: disk\n"
            "    size: 32\n"
            "    decoders:\n"
            "      - name: string\n"
            "  - name: op\n"
            "    size: 1\n"
            "    padding: 7\n"
            "    decoders:\n"
            "      - name: uint\n"
            "  - name: slot\n"
            "    size: 8\n"
            "    decoders:\n"
            "      - name: uint\n");
}

TEST(SuggestedLabelsTest, KeepsTheLabelsOfTheConfigInOrder) {
  EXPECT_EQ(Yaml(DiskKey(),
                 {LabelFor("device", 1, "string"), LabelFor("operation", 1),
                  LabelFor("bucket", 8)},
                 true),
            "labels:\n"
            "  - name: device\n"
            "    size: 32\n"
            "  - name: operation\n"
            "    size: 1\n"
            "    padding: 7\n"
            "  - name: bucket\n"
            "    size: 8\n");
}

TEST(SuggestedLabelsTest, ExchangesLabelsByWhatTheirDecodersTake) {
  EXPECT_EQ(Yaml(DiskKey(),
                 {LabelFor("operation", 8), LabelFor("device", 32, "string"),
                  LabelFor("bucket", 8)},
                 true),
            "labels:\n"
            "  - name: device\n"
            "    size: 32\n"
            "  - name: operation\n"
            "    size: 1\n"
            "    padding: 7\n"
            "  - name: bucket\n"
            "    size: 8\n");
}

TEST(SuggestedLabelsTest, TheBucketStaysLast) {
  std::vector<LabelConfig> labels = {LabelFor("device", 32, "string"),
                                     LabelFor("bucket", 8)};
  std::vector<SuggestedLabel> suggested =
      SuggestLabels(DiskKey(), labels, true);
  ASSERT_EQ(suggested.size(), 3u);
  EXPECT_EQ(suggested[1].name, "op");
  EXPECT_EQ(suggested[1].label, nullptr);
  EXPECT_EQ(suggested[1].decoder, "uint");
  EXPECT_EQ(suggested[2].label, &labels[1]);
}

TEST(SuggestedLabelsTest, NamesWinOverOrder) {
  std::vector<LabelConfig> labels = {LabelFor("slot", 8), LabelFor("op", 8)};
  std::vector<SuggestedLabel> suggested =
      SuggestLabels(DiskKey(), labels, false);
  EXPECT_EQ(suggested[0].label, nullptr);
  EXPECT_EQ(suggested[1].label, &labels[1]);
  EXPECT_EQ(suggested[2].label, &labels[0]);
}

TEST(SuggestedLabelsTest, MakesNamesThatLabelsMayHave) {
  TypeShape key =
      ShapeFor("s", 16,
               {Unsigned("peer.port", 0, 4),
                MemberFor(MemberKind::kPointer, "function *", "fn", 8, 8)});
  EXPECT_EQ(Yaml(key, {}, false),
            "labels:\n"
            "  - name: peer_port\n"
            "    size: 4\n"
            "    padding: 4\n"
            "    decoders:\n"
            "      - name: uint\n"
            "  - name: fn\n"
            "    size: 8\n"
            "    decoders:\n"
            "      - name: ksym\n");
  EXPECT_EQ(SuggestLabels(OneNumber(), {}, false)[0].name, "key");
}

TEST(SuggestedLabelsTest, DecodersOfWhatBtfAndNamesTell) {
  Member state = Unsigned("state", 0, 4);
  state.enums.names = {{1, "OPEN"}};
  const TypeShape key =
      ShapeFor("s", 80,
               {state, Signed("ret", 4, 4), Unsigned("ifindex", 8, 4),
                Unsigned("dev", 12, 4), Unsigned("cgroup_id", 16, 8),
                MemberFor(MemberKind::kUnsigned, "__be32", "peer", 24, 4),
                MemberFor(MemberKind::kChars, "__u8[16]", "saddr", 28, 16),
                MemberFor(MemberKind::kChars, "__u8[6]", "from", 44, 6),
                Numbers("kstack", 56, 8, 3)});
  std::vector<std::string> chains;
  for (const SuggestedLabel& label : SuggestLabels(key, {}, false)) {
    chains.push_back(label.decoder + " " + label.then);
  }
  EXPECT_EQ(chains,
            (std::vector<std::string>{"enum ", "int ", "ifname ", "majorminor ",
                                      "uint cgroup", "inet_ip ", "inet_ip ",
                                      "mac ", "kstack "}));
  const TypeShape cgroup = ShapeFor("s", 8, {Unsigned("cgroup", 0, 8)});
  EXPECT_EQ(Yaml(cgroup, {}, false),
            "labels:\n"
            "  - name: cgroup\n"
            "    size: 8\n"
            "    decoders:\n"
            "      - name: uint\n"
            "      - name: cgroup\n");
}

}  // namespace
}  // namespace ebpf_exporter
