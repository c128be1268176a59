// Decoders whose configuration or input was made to cost time.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/decode/decoder.h"
#include "core/decode/decoders.h"
#include "core/decode/pipeline.h"
#include "core/decode/regexp.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

LabelConfig Label(std::vector<DecoderConfig> decoders) {
  LabelConfig label;
  label.name = "l";
  label.decoders = std::move(decoders);
  return label;
}

TEST(HostileDecodersTest, AMillionEntriesOfAStaticMap) {
  DecoderConfig map;
  map.name = "static_map";
  map.has_static_map = true;
  for (int i = 0; i < 1'000'000; ++i) {
    map.static_map.emplace_back(std::to_string(i), std::to_string(i + 1));
  }
  const absl::StatusOr<Pipeline<AnyDecoder>> pipeline =
      MakePipeline(Label({map}), {}, RegexpMode::kKeepInput);
  ASSERT_TRUE(pipeline.ok()) << pipeline.status();
  for (int i = 0; i < 1'000'000; i += 997) {
    std::string out;
    pipeline->Run(std::to_string(i), out);
    ASSERT_EQ(out, std::to_string(i + 1));
  }
  std::string out;
  pipeline->Run("1000000", out);
  EXPECT_EQ(out, "unknown:1000000");
}

TEST(HostileDecodersTest, AThousandPatternsOverAHugeText) {
  DecoderConfig regexp;
  regexp.name = "regexp";
  regexp.has_regexps = true;
  for (int i = 0; i < 1000; ++i) {
    regexp.regexps.push_back("(a|aa)*b{" + std::to_string(i % 100 + 1) + "}$");
  }
  const absl::StatusOr<Pipeline<AnyDecoder>> pipeline =
      MakePipeline(Label({regexp}), {}, RegexpMode::kKeepInput);
  ASSERT_TRUE(pipeline.ok()) << pipeline.status();
  std::string out;
  EXPECT_EQ(pipeline->Run(std::string(10'000, 'a') + "c", out).verdict,
            Verdict::kSkip);
  EXPECT_EQ(out, "");
}

TEST(HostileDecodersTest, AChainOfAThousandSteps) {
  DecoderConfig map;
  map.name = "static_map";
  map.has_static_map = true;
  const absl::StatusOr<Pipeline<AnyDecoder>> pipeline = MakePipeline(
      Label(std::vector<DecoderConfig>(1000, map)), {}, RegexpMode::kKeepInput);
  ASSERT_TRUE(pipeline.ok()) << pipeline.status();
  std::string out;
  EXPECT_EQ(pipeline->Run("x", out).verdict, Verdict::kKeep);
  EXPECT_EQ(out.size(), 1 + 1000 * std::string("unknown:").size());
}

}  // namespace
}  // namespace ebpf_exporter
