#include "core/layout/decoder_fit.h"

#include <string>

#include "core/layout/shape_builder.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Misfit(std::string_view decoder, const Member& member) {
  TypeShape shape = ShapeFor("s", member.size, {member});
  return DecoderMisfit(decoder, CoverOf(shape, 0, member.size), member.size);
}

const Member kText = Chars("comm", 0, 16);
const Member kShort = Unsigned("index", 0, 4);
const Member kLong = Unsigned("address", 0, 8);
const Member kList = Numbers("ips", 0, 8, 4);
const Member kUnion = Opaque("u", 0, 16);

TEST(DecoderFitTest, DecodersTakeWhatTheyAreFor) {
  EXPECT_EQ(Misfit("uint", kShort), "");
  EXPECT_EQ(Misfit("uint", Signed("s", 0, 4)), "");
  EXPECT_EQ(Misfit("string", kText), "");
  EXPECT_EQ(Misfit("ksym", kLong), "");
  EXPECT_EQ(Misfit("kstack", kList), "");
  EXPECT_EQ(Misfit("ifname", kShort), "");
  EXPECT_EQ(Misfit("inet_ip", kShort), "");
  EXPECT_EQ(Misfit("inet_ip", kText), "");
  EXPECT_EQ(Misfit("regexp", kText), "");
}

TEST(DecoderFitTest, ExplainsWhatTheyDoNotTake) {
  EXPECT_EQ(Misfit("uint", kText),
            "these bytes are `char comm[16]`, but uint reads one integer: text "
            "wants `string`, other bytes `hex`");
  EXPECT_EQ(Misfit("string", kShort),
            "these bytes are `__u32 index`, but string reads text up to a NUL: "
            "an integer wants `uint`");
  EXPECT_EQ(Misfit("ksym", kShort),
            "ksym reads an address of 8 bytes, not of 4");
  EXPECT_EQ(Misfit("ksym", kText),
            "these bytes are `char comm[16]`, but ksym reads an address of 8 "
            "bytes");
  EXPECT_EQ(Misfit("inet_ip", kLong), "inet_ip reads 4 or 16 bytes, not 8");
  EXPECT_EQ(Misfit("static_map", kShort),
            "these bytes are `__u32 index`, but static_map looks up text: put "
            "`uint` or `string` before it");
  EXPECT_EQ(Misfit("errno", kShort),
            "these bytes are `__u32 index`, but errno reads a number as text: "
            "put `uint` before it");
}

TEST(DecoderFitTest, SizesThatADecoderCannotRead) {
  EXPECT_EQ(DecoderMisfit("mac", Cover(), 8), "mac reads 6 bytes, not 8");
  EXPECT_EQ(DecoderMisfit("mac", Cover(), 6), "");
  EXPECT_EQ(DecoderMisfit("kstack", Cover(), 12),
            "kstack reads addresses of 8 bytes, which 12 bytes are not made "
            "of");
  EXPECT_EQ(DecoderMisfit("kstack", Cover(), 1016), "");
  EXPECT_EQ(DecoderMisfit("kstack", Cover(), 4),
            "kstack reads addresses of 8 bytes, not of 4");
}

TEST(DecoderFitTest, AnEnumNeedsNamesInBtf) {
  Member state = Unsigned("state", 0, 4);
  EXPECT_EQ(Misfit("enum", state),
            "these bytes are `__u32 state`, which is no enum in BTF: `uint` or "
            "`int` says so");
  state.enums.names = {{1, "OPEN"}};
  EXPECT_EQ(Misfit("enum", state), "");
  EXPECT_EQ(DecoderMisfit("enum", Cover(), 4), "");
}

TEST(DecoderFitTest, WhatIsUnknownFits) {
  EXPECT_EQ(Misfit("uint", kUnion), "");
  EXPECT_EQ(Misfit("string", kUnion), "");
  EXPECT_EQ(Misfit("hex", kText), "");
  EXPECT_EQ(Misfit("", kText), "");
  EXPECT_EQ(Misfit("no_such_decoder", kText), "");
  EXPECT_EQ(DecoderMisfit("ksym", Cover(), 8), "");
  EXPECT_EQ(DecoderMisfit("ksym", Cover(), 7),
            "ksym reads an address of 8 bytes, not of 7");
}

}  // namespace
}  // namespace ebpf_exporter
