#include "core/config/schema.h"

#include <string>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

TEST(UnknownKeyMessageTest, NamesTheNearest) {
  EXPECT_EQ(UnknownKeyMessage("regexp", kDecoderLevel),
            "unknown key \"regexp\" in a decoder; did you mean \"regexps\"?");
  EXPECT_EQ(UnknownKeyMessage("kprobe", kProgramLevel),
            "unknown key \"kprobe\" in a program; did you mean \"kprobes\"?");
}

TEST(UnknownKeyMessageTest, NamesTheLevelItBelongsTo) {
  EXPECT_EQ(UnknownKeyMessage("size", kDecoderLevel),
            "unknown key \"size\" in a decoder; it belongs in a label");
  EXPECT_EQ(UnknownKeyMessage("metrics", kTopLevel),
            "unknown key \"metrics\" in the top level; it belongs in a "
            "program");
}

TEST(UnknownKeyMessageTest, ListsWhatIsKnown) {
  EXPECT_EQ(UnknownKeyMessage("colour", kLabelLevel),
            "unknown key \"colour\" in a label; known keys: name, size, "
            "padding, decoders");
}

TEST(UnknownKeyMessageTest, KeysOfTheOtherForm) {
  EXPECT_EQ(UnknownKeyMessage("tracing", kTopLevel),
            "unknown key \"tracing\" in the top level; it belongs in the top "
            "level of the 2.x form");
  EXPECT_EQ(UnknownKeyMessage("programs", kTopLevelV2),
            "unknown key \"programs\" in the top level of the 2.x form; it "
            "belongs in the top level");
}

TEST(MissingSpaceMessageTest, KnownKeysOnly) {
  EXPECT_EQ(MissingSpaceMessage("name:static_map"),
            "a space is missing after the colon of \"name:static_map\"; write "
            "\"name: static_map\"");
  EXPECT_EQ(MissingSpaceMessage("name:a static_map"),
            "a space is missing after the colon of \"name:a\"; write "
            "\"name: a\"");
  EXPECT_EQ(MissingSpaceMessage("name:a\r"),
            "a space is missing after the colon of \"name:a\"; write "
            "\"name: a\"");
  EXPECT_EQ(MissingSpaceMessage("name:a\x1b[31m"),
            "a space is missing after the colon of \"name:a\\033[31m\"; write "
            "\"name: a\\033[31m\"");
  EXPECT_LT(MissingSpaceMessage("name:" + std::string(100000, 'a'))->size(),
            200u);
  EXPECT_EQ(MissingSpaceMessage("timer:timer_start"), std::nullopt);
  EXPECT_EQ(MissingSpaceMessage("name:"), std::nullopt);
  EXPECT_EQ(MissingSpaceMessage("name: ksym"), std::nullopt);
  EXPECT_EQ(MissingSpaceMessage("name:\tksym"), std::nullopt);
  EXPECT_EQ(MissingSpaceMessage("name"), std::nullopt);
  EXPECT_EQ(MissingSpaceMessage(""), std::nullopt);
}

}  // namespace
}  // namespace ebpf_exporter
