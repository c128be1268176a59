// Every rule of the decoders, a row each: what goes in, through which chain,
// and what comes out. Where the two generations of the originals differ, `mode`
// says whose rule it is.

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/decode/decoder.h"
#include "core/decode/decoders.h"
#include "core/decode/pipeline.h"
#include "core/decode/regexp.h"
#include "core/resolve/symbols.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using namespace std::string_literals;

using Chain = std::vector<DecoderConfig>;

constexpr RegexpMode kFirst = RegexpMode::kKeepInput;   // 1.x
constexpr RegexpMode kSecond = RegexpMode::kKeepMatch;  // 2.x

struct Rule {
  std::string_view rule;
  Chain chain;
  std::string in;
  // The text; `skipped`, `error:` and its reason, or `refused:` and why the
  // chain cannot be built.
  std::string out;
  RegexpMode mode = kFirst;
};

class TwoSymbols : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    if (address == 0xffffffff81000000) {
      out += "schedule";
    } else if (address == 0xffffffffc0001000) {
      out += "nf_hook\t[nf_tables]";
    } else {
      return false;
    }
    return true;
  }
  uint64_t epoch() const override { return 0; }
};

template <typename Integer>
std::string Bytes(Integer value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

DecoderConfig Named(std::string name) {
  DecoderConfig config;
  config.name = std::move(name);
  return config;
}

DecoderConfig Regexps(std::vector<std::string> patterns) {
  DecoderConfig config = Named("regexp");
  config.has_regexps = true;
  config.regexps = std::move(patterns);
  return config;
}

DecoderConfig Map(std::vector<std::pair<std::string, std::string>> entries,
                  bool allow_unknown = false) {
  DecoderConfig config = Named("static_map");
  config.has_static_map = true;
  config.static_map = std::move(entries);
  config.allow_unknown = allow_unknown;
  return config;
}

const DecoderConfig kUint = Named("uint");
const DecoderConfig kString = Named("string");
const DecoderConfig kKsym = Named("ksym");
const DecoderConfig kDname = Named("dname");

std::string Result(const Rule& rule) {
  static const TwoSymbols symbols;
  LabelConfig label;
  label.name = "l";
  label.decoders = rule.chain;
  const auto pipeline = MakePipeline(label, {.symbols = &symbols}, rule.mode);
  if (!pipeline.ok()) {
    return absl::StrCat("refused: ", pipeline.status().message());
  }
  std::string out;
  const Outcome outcome = pipeline->Run(rule.in, out);
  if (outcome.verdict == Verdict::kSkip) return "skipped";
  if (outcome.verdict == Verdict::kError) {
    return absl::StrCat("error: ", outcome.reason);
  }
  return out;
}

void Expect(const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) EXPECT_EQ(Result(rule), rule.out) << rule.rule;
}

TEST(DecoderRulesTest, Uint) {
  Expect({
      {"one byte", {kUint}, "\xc8", "200"},
      {"two bytes in the host's order", {kUint}, Bytes<uint16_t>(258), "258"},
      {"four bytes", {kUint}, Bytes<uint32_t>(0xfffffffe), "4294967294"},
      {"eight bytes", {kUint}, Bytes<uint64_t>(1), "1"},
      {"zero", {kUint}, Bytes<uint64_t>(0), "0"},
      {"no sign in one byte", {kUint}, Bytes<int8_t>(-1), "255"},
      {"no sign in four bytes", {kUint}, Bytes<int32_t>(-32), "4294967264"},
      {"no sign at 2^63",
       {kUint},
       Bytes(uint64_t{1} << 63),
       "9223372036854775808"},
      {"the largest", {kUint}, Bytes(UINT64_MAX), "18446744073709551615"},
      {"beyond 2^53 to the last digit",
       {kUint},
       Bytes((uint64_t{1} << 53) + 1),
       "9007199254740993"},
      {"no bytes", {kUint}, "", "error: uint_wrong_size"},
      {"three bytes", {kUint}, "abc", "error: uint_wrong_size"},
      {"five bytes", {kUint}, "abcde", "error: uint_wrong_size"},
      {"six bytes", {kUint}, "abcdef", "error: uint_wrong_size"},
      {"seven bytes", {kUint}, "abcdefg", "error: uint_wrong_size"},
      {"nine bytes", {kUint}, "abcdefghi", "error: uint_wrong_size"},
      {"sixteen bytes", {kUint}, "abcdefghijklmnop", "error: uint_wrong_size"},
  });
}

TEST(DecoderRulesTest, String) {
  Expect({
      {"up to the first NUL", {kString}, "sda\0\0\0"s, "sda"},
      {"all of it without a NUL",
       {kString},
       "fifteen bytes..",
       "fifteen bytes.."},
      {"what is behind the NUL is stale", {kString}, "a\0stale\0x"s, "a"},
      {"nothing but NULs", {kString}, "\0\0\0\0"s, ""},
      {"no bytes", {kString}, "", ""},
      {"nothing is trimmed", {kString}, " a\t\n \0"s, " a\t\n "},
      {"quotes and backslashes are text", {kString}, "\"\\}\0"s, "\"\\}"},
      {"nothing is repaired here",
       {kString},
       "\xff\xe2\x82\0"s,
       "\xff\xe2\x82"},
  });
}

TEST(DecoderRulesTest, Ksym) {
  Expect({
      {"the beginning of a symbol",
       {kKsym},
       Bytes(uint64_t{0xffffffff81000000}),
       "schedule"},
      {"a module's symbol keeps the module",
       {kKsym},
       Bytes(uint64_t{0xffffffffc0001000}),
       "nf_hook\t[nf_tables]"},
      {"one byte further is another address",
       {kKsym},
       Bytes(uint64_t{0xffffffff81000001}),
       "unknown_addr:0xffffffff81000001"},
      {"one byte before too",
       {kKsym},
       Bytes(uint64_t{0xffffffff80ffffff}),
       "unknown_addr:0xffffffff80ffffff"},
      {"address 0 names nothing",
       {kKsym},
       Bytes(uint64_t{0}),
       "unknown_addr:0x0"},
      {"lowercase and not padded",
       {kKsym},
       Bytes(uint64_t{0xABC}),
       "unknown_addr:0xabc"},
      {"an address of user space",
       {kKsym},
       Bytes(uint64_t{0x7f0012345678}),
       "unknown_addr:0x7f0012345678"},
      {"the first eight of more bytes",
       {kKsym},
       Bytes(uint64_t{0xffffffff81000000}) + "more",
       "schedule"},
      {"seven bytes", {kKsym}, "1234567", "error: ksym_too_short"},
      {"no bytes", {kKsym}, "", "error: ksym_too_short"},
  });
}

TEST(DecoderRulesTest, RegexpOfBothGenerations) {
  for (const RegexpMode mode : {kFirst, kSecond}) {
    Expect({
        {"no pattern matches", {Regexps({"^a", "b$"})}, "cbc", "skipped", mode},
        {"an empty list skips all", {Regexps({})}, "", "skipped", mode},
        {"no list",
         {Named("regexp")},
         "a",
         "refused: label \"l\": decoder `regexp`: no regexps",
         mode},
        {"a bad pattern",
         {Regexps({"a", "("})},
         "a",
         "refused: label \"l\": decoder `regexp`: regexp `(`: missing ): (",
         mode},
        {"a pattern only PCRE has",
         {Regexps({"(?=a)"})},
         "a",
         "refused: label \"l\": decoder `regexp`: regexp `(?=a)`: invalid perl "
         "operator: (?=",
         mode},
        {"an invalid byte matches as U+FFFD",
         {Regexps({"^\xef\xbf\xbd$"})},
         "\xff",
         "\xff",
         mode},
        {"each invalid byte is one",
         {Regexps({"^..$"})},
         "\xe2\x82",
         "\xe2\x82",
         mode},
        {"NUL is a character",
         {Regexps({"^a\\x00b$"})},
         "a\0b"s,
         "a\0b"s,
         mode},
        {"half a character may match, by \\C",
         {Regexps({"\\C\\C"})},
         "\xc3\xa9",
         "\xc3\xa9",
         mode},
        {"empty text can match", {Regexps({"^$"})}, "", "", mode},
    });
  }
}

TEST(DecoderRulesTest, RegexpOfTheFirstGeneration) {
  Expect({
      {"the entire input", {Regexps({"log"})}, "syslog-ng", "syslog-ng"},
      {"any of the patterns", {Regexps({"zzz", "^sys"})}, "syslog", "syslog"},
      {"groups mean nothing", {Regexps({"s(y)s(l)og"})}, "syslog", "syslog"},
      {"an empty pattern matches anything", {Regexps({""})}, "bash", "bash"},
      {"anchored where it says so", {Regexps({"^log$"})}, "syslog", "skipped"},
  });
}

TEST(DecoderRulesTest, RegexpOfTheSecondGeneration) {
  const std::string worker = "kworker/12:1-events";
  Expect({
      {"the part that matched",
       {Regexps({"r/[0-9]+"})},
       worker,
       "r/12",
       kSecond},
      {"the group of a pattern with one",
       {Regexps({"r/([0-9]+)"})},
       worker,
       "12",
       kSecond},
      {"a group that took no part is empty",
       {Regexps({"a(b)?c"})},
       "ac",
       "",
       kSecond},
      {"groups that do not capture do not count",
       {Regexps({"a(?:b|c)d"})},
       "xacdx",
       "acd",
       kSecond},
      {"two groups never match",
       {Regexps({"(a)(b)"})},
       "ab",
       "skipped",
       kSecond},
      {"and the next pattern is tried",
       {Regexps({"(a)(b)", "b"})},
       "ab",
       "b",
       kSecond},
      {"the first that matches decides",
       {Regexps({"z", "b", "a"})},
       "ab",
       "b",
       kSecond},
      {"half a character can be the match",
       {Regexps({"^\\C"})},
       "\xc3\xa9",
       "\xc3",
       kSecond},
      {"a match of nothing is empty text",
       {Regexps({"x*"})},
       "yyy",
       "",
       kSecond},
  });
}

TEST(DecoderRulesTest, StaticMap) {
  const DecoderConfig map = Map({{"1", "read"}, {"2", "write"}, {"", "none"}});
  Expect({
      {"a text that is listed", {map}, "1", "read"},
      {"another", {map}, "2", "write"},
      {"the empty text can be listed", {map}, "", "none"},
      {"one that is not", {map}, "3", "unknown:3"},
      {"a beginning is not the whole", {map}, "11", "unknown:11"},
      {"unknown text allowed", {Map({{"1", "read"}}, true)}, "3", "3"},
      {"known text where unknown is allowed",
       {Map({{"1", "read"}}, true)},
       "1",
       "read"},
      {"an empty list", {Map({})}, "1", "unknown:1"},
      {"an empty list that allows all", {Map({}, true)}, "1", "1"},
      {"no list",
       {Named("static_map")},
       "1",
       "refused: label \"l\": decoder `static_map`: empty mapping"},
      {"integers go through uint", {kUint, map}, Bytes<uint32_t>(2), "write"},
      {"raw bytes are not their number", {map}, "\1", "unknown:\1"},
      {"a key is its text: 0x1 is not 1",
       {kUint, Map({{"0x1", "hex"}})},
       "\1",
       "unknown:1"},
      {"nor is 01", {kUint, Map({{"01", "octal"}})}, "\1", "unknown:1"},
      {"two texts for one value", {Map({{"5", "x"}, {"6", "x"}})}, "6", "x"},
      {"a value of any text", {Map({{"5", "a\"\n"}})}, "5", "a\"\n"},
  });
}

TEST(DecoderRulesTest, Dname) {
  const std::string longest(63, 'a');
  Expect({
      {"lengths become dots, the first goes",
       {kDname},
       "\3www\3com",
       "www.com"},
      {"no bytes are the root", {kDname}, "", "."},
      {"the terminator leaves a dot", {kDname}, "\3com\0"s, "com."},
      {"each further NUL leaves another", {kDname}, "\3com\0\0\0"s, "com..."},
      {"one NUL is no text", {kDname}, "\0"s, ""},
      {"two NULs are one dot", {kDname}, "\0\0"s, "."},
      {"string in front drops the NULs",
       {kString, kDname},
       "\3com\0\0\0"s,
       "com"},
      {"and makes the root of a NUL", {kString, kDname}, "\0\0"s, "."},
      {"a length beyond the end", {kDname}, "\4com", "\4com"},
      {"also of a later label", {kDname}, "\3www\7exam", "\3www\7exam"},
      {"a length and nothing behind it", {kDname}, "\1", "\1"},
      {"a compression pointer", {kDname}, "\xc0\x0c", "\xc0\x0c"},
      {"one behind a label", {kDname}, "\3www\xc0\x0c", "\3www\xc0\x0c"},
      {"a pointer is none of the lengths",
       {kDname},
       "\xc0" + std::string(192, 'a'),
       "\xc0" + std::string(192, 'a')},
      {"the longest label", {kDname}, "\x3f" + longest, longest},
      {"a longer one is still a label",
       {kDname},
       "\x40" + longest + "b",
       longest + "b"},
      {"bytes of labels stay", {kDname}, "\4a.\0\xff"s, "a.\0\xff"s},
  });
}

TEST(DecoderRulesTest, Chains) {
  Expect({
      {"left to right",
       {kString, Regexps({"d"}), Map({{"sda", "disk"}})},
       "sda\0\0"s,
       "disk"},
      {"a skip ends it",
       {kString, Regexps({"^x"}), Map({{"sda", "disk"}})},
       "sda\0\0"s,
       "skipped"},
      {"so does an error",
       {kUint, Map({{"1", "one"}})},
       "abc",
       "error: uint_wrong_size"},
      {"uint takes digits for bytes",
       {kUint, kUint},
       "\5",
       absl::StrCat(uint64_t{'5'})},
      {"and fails on other text",
       {kUint, kUint},
       Bytes<uint64_t>(100),
       "error: uint_wrong_size"},
      {"ksym fails on the text of a number",
       {kUint, kKsym},
       "\5",
       "error: ksym_too_short"},
      {"the name of a symbol is text",
       {kKsym, Map({{"schedule", "yes"}})},
       Bytes(uint64_t{0xffffffff81000000}),
       "yes"},
      {"no decoders", {}, "a", "refused: label \"l\": no decoders"},
      {"an unknown one",
       {Named("hex_dump")},
       "a",
       "refused: label \"l\": decoder `hex_dump`: no such decoder; known are "
       "dname, ksym, regexp, static_map, string, uint"},
  });
}

}  // namespace
}  // namespace ebpf_exporter
