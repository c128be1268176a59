#include "cmd/tabledump/key_hex.h"

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

std::string Parsed(std::vector<std::string> words) {
  const absl::StatusOr<std::string> bytes = ParseKeyHex(words);
  return bytes.ok() ? HexBytes(*bytes) : std::string(bytes.status().message());
}

TEST(ParseKeyHexTest, TakesWhatPeoplePaste) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"0a00ff2b"},
           {"0A00FF2B"},
           {"0x0a00ff2b"},
           {"0a", "00", "ff", "2b"},
           {"0a 00 ff 2b"},
           {"0x0a,0x00,0xff,0x2b"},
           {"[\"0x0a\",\"0x00\",\"0xff\",\"0x2b\"]"},
           {"0a:00:ff:2b"},
           {"0xa", "0x0", "0xff", "0x2b"}}) {
    EXPECT_EQ(Parsed(words), "0a 00 ff 2b") << words[0];
  }
  EXPECT_EQ(Parsed({""}), "");
}

TEST(ParseKeyHexTest, SaysWhatIsWrong) {
  EXPECT_EQ(Parsed({"0a0"}),
            "key: \"0a0\" has an odd number of digits; write two a byte");
  EXPECT_EQ(Parsed({"zz"}), "key: \"zz\" is not hexadecimal");
}

TEST(HexBytesTest, CutsLongText) {
  EXPECT_EQ(HexBytes("abc", 2), "61 62 ...");
  EXPECT_EQ(HexBytes("ab", 2), "61 62");
  EXPECT_EQ(HexBytes("\xff"), "ff");
}

}  // namespace
}  // namespace ebpf_exporter
