#include "core/decode/decoders.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/config/names.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;

class OneSymbol : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    if (address != 0) return false;
    out += "null_function";
    return true;
  }
  uint64_t epoch() const override { return 0; }
};

DecoderConfig Named(std::string name) {
  DecoderConfig config;
  config.name = std::move(name);
  return config;
}

DecoderConfig Regexp(std::vector<std::string> patterns) {
  DecoderConfig config = Named("regexp");
  config.has_regexps = true;
  config.regexps = std::move(patterns);
  return config;
}

DecoderConfig StaticMap(
    std::vector<std::pair<std::string, std::string>> entries) {
  DecoderConfig config = Named("static_map");
  config.has_static_map = true;
  config.static_map = std::move(entries);
  return config;
}

LabelConfig Label(std::vector<DecoderConfig> decoders) {
  LabelConfig label;
  label.name = "op";
  label.decoders = std::move(decoders);
  return label;
}

absl::StatusOr<Pipeline<AnyDecoder>> Make(
    std::vector<DecoderConfig> decoders,
    RegexpMode mode = RegexpMode::kKeepInput) {
  static const OneSymbol symbols;
  return MakePipeline(Label(std::move(decoders)), {.symbols = &symbols}, mode);
}

std::string Decoded(std::vector<DecoderConfig> decoders, ByteView in,
                    RegexpMode mode = RegexpMode::kKeepInput) {
  const auto pipeline = Make(std::move(decoders), mode);
  if (!pipeline.ok()) return std::string(pipeline.status().message());
  std::string out;
  const Outcome outcome = pipeline->Run(in, out);
  if (outcome.verdict == Verdict::kSkip) return "(skipped)";
  if (outcome.verdict == Verdict::kError) return std::string(outcome.reason);
  return out;
}

TEST(AnyDecoderTest, HasTheDecodersThatAFileMayName) {
  EXPECT_TRUE(std::equal(AnyDecoder::kNames.begin(), AnyDecoder::kNames.end(),
                         kDecoderNames.begin(), kDecoderNames.end()));
}

TEST(MakeDecoderTest, MakesEveryDecoderByItsName) {
  for (const std::string_view name : AnyDecoder::kNames) {
    DecoderConfig config = Named(std::string(name));
    config.has_regexps = true;
    config.has_static_map = true;
    const auto decoder = MakeDecoder(config, {}, RegexpMode::kKeepInput);
    ASSERT_TRUE(decoder.ok()) << decoder.status();
    EXPECT_EQ(decoder->name(), name);
  }
}

TEST(MakeDecoderTest, UnknownNamesListTheKnownOnes) {
  const auto decoder = MakeDecoder(Named("uit"), {}, RegexpMode::kKeepInput);
  ASSERT_FALSE(decoder.ok());
  EXPECT_EQ(decoder.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(decoder.status().message(),
            "decoder `uit`: no such decoder; known are "
            "cgroup, dname, enum, errno, hex, ifname, inet_ip, int, kstack, "
            "ksym, mac, majorminor, pci_class, pci_device, pci_subclass, "
            "pci_vendor, regexp, static_map, string, syscall, uint");
  EXPECT_FALSE(MakeDecoder(Named(""), {}, RegexpMode::kKeepInput).ok());
  EXPECT_FALSE(MakeDecoder(Named("any"), {}, RegexpMode::kKeepInput).ok());
}

TEST(MakePipelineTest, DecodesTheOperationOfABlockRequest) {
  const std::vector<DecoderConfig> decoders = {
      Named("uint"), StaticMap({{"1", "read"}, {"2", "write"}})};
  EXPECT_EQ(Decoded(decoders, "\1\0\0\0\0\0\0\0"s), "read");
  EXPECT_EQ(Decoded(decoders, "\2\0\0\0\0\0\0\0"s), "write");
  EXPECT_EQ(Decoded(decoders, "\3\0\0\0\0\0\0\0"s), "unknown:3");
  EXPECT_EQ(Decoded(decoders, "\3\0\0"s), "uint_wrong_size");
}

TEST(MakePipelineTest, DecodesTheCommandOfAPageCacheOperation) {
  const std::vector<DecoderConfig> decoders = {
      Named("string"), Regexp({"^systemd-journal$", "^syslog-ng$"})};
  EXPECT_EQ(Decoded(decoders, "syslog-ng\0\0\0"s), "syslog-ng");
  EXPECT_EQ(Decoded(decoders, "bash\0\0\0\0"s), "(skipped)");
}

TEST(MakePipelineTest, DecodesAQueryName) {
  EXPECT_EQ(Decoded({Named("string"), Named("dname")}, "\3www\3com\0junk"s),
            "www.com");
}

TEST(MakePipelineTest, AllowsUnknownTextWhereAsked) {
  DecoderConfig map = StaticMap({{"1", "read"}});
  map.allow_unknown = true;
  EXPECT_EQ(Decoded({Named("uint"), map}, "\7"), "7");
}

TEST(MakePipelineTest, GivesDecodersWhatTheyNeed) {
  EXPECT_EQ(Decoded({Named("ksym")}, std::string(8, '\0')), "null_function");
  EXPECT_EQ(Decoded({Regexp({"b"})}, "abc"), "abc");
  EXPECT_EQ(Decoded({Regexp({"b"})}, "abc", RegexpMode::kKeepMatch), "b");
}

TEST(MakePipelineTest, ExplainsByTheNamesInTheFile) {
  const auto pipeline = Make({Named("uint"), StaticMap({{"65", "A"}})});
  ASSERT_TRUE(pipeline.ok());
  std::string out;
  std::string told;
  pipeline->Explain("A", out,
                    [&](std::string_view name, ByteView bytes, const Outcome&) {
                      told += std::string(name) + "=";
                      told += std::string(bytes) + " ";
                    });
  EXPECT_EQ(told, "uint=65 static_map=A ");
}

TEST(MakePipelineTest, SaysWhatIsWrongAndWithWhichDecoder) {
  EXPECT_EQ(Decoded({}, ""), "label \"op\": no decoders");
  EXPECT_EQ(Decoded({Named("static_map")}, ""),
            "label \"op\": decoder `static_map`: empty mapping");
  EXPECT_EQ(Decoded({Named("regexp")}, ""),
            "label \"op\": decoder `regexp`: no regexps");
  EXPECT_EQ(Decoded({Named("uint"), Regexp({"("})}, ""),
            "label \"op\": decoder `regexp`: regexp `(`: missing ): (");
}

TEST(MakePipelineTest, EmptyListsAreLegal) {
  EXPECT_EQ(Decoded({Regexp({})}, "x"), "(skipped)");
  EXPECT_EQ(Decoded({StaticMap({})}, "x"), "unknown:x");
}

}  // namespace
}  // namespace ebpf_exporter
