#include "core/config/decoder_inputs.h"

#include "core/config/names.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(DecoderInputsTest, KnowsEveryDecoder) {
  ASSERT_EQ(kDecoderInputs.size(), kDecoderNames.size());
  for (size_t i = 0; i < kDecoderNames.size(); ++i) {
    EXPECT_EQ(kDecoderInputs[i].name, kDecoderNames[i]);
  }
}

TEST(DecoderInputsTest, WhatIsUnknownIsLeftAlone) {
  EXPECT_EQ(InputsOf("uint").input, DecoderInput::kRaw);
  EXPECT_EQ(InputsOf("nobody").input, DecoderInput::kAny);
  EXPECT_TRUE(InputsOf("nobody").gives_number);
}

}  // namespace
}  // namespace ebpf_exporter
