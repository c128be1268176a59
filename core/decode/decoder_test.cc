#include "core/decode/decoder.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

struct Echo {
  static constexpr std::string_view kName = "echo";
  Outcome Decode(ByteView in, std::string& out) const {
    out += in;
    return Outcome::Keep();
  }
};

struct Nameless {
  Outcome Decode(ByteView, std::string&) const { return {}; }
};

struct Mutable {
  static constexpr std::string_view kName = "mutable";
  Outcome Decode(ByteView, std::string&) { return {}; }
};

struct Fixed : Echo {
  Fixed() = default;
  Fixed(const Fixed&) = delete;
};

static_assert(Decoder<Echo>);
static_assert(!Decoder<Nameless>, "users need a name to write");
static_assert(!Decoder<Mutable>, "one instance serves every scrape");
static_assert(!Decoder<Fixed>, "pipelines keep decoders in a vector");

TEST(OutcomeTest, SaysWhatBecameOfTheBytes) {
  EXPECT_EQ(Outcome::Keep().verdict, Verdict::kKeep);
  EXPECT_EQ(Outcome::Skip().verdict, Verdict::kSkip);
  const Outcome error = Outcome::Error("short");
  EXPECT_EQ(error.verdict, Verdict::kError);
  EXPECT_EQ(error.reason, "short");
  EXPECT_EQ(error.sources, kNoSource);
  EXPECT_FALSE(error.missed);
}

}  // namespace
}  // namespace ebpf_exporter
