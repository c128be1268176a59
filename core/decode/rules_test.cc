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
#include "core/layout/enum_names.h"
#include "core/resolve/name_table.h"
#include "core/resolve/names.h"
#include "core/resolve/pci_id.h"
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
  EnumNames enums = {};  // of the label's member, in BTF
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
const DecoderConfig kInt = Named("int");

// Who knows names in these tests.
const Resolvers& KnownNames() {
  static const TwoSymbols symbols;
  static const NameTable devices({{BlockDeviceId(8, 0), "sda"}});
  static const NameTable interfaces({{2, "eth0"}});
  static const NameTable cgroups({{77, "/sys/fs/cgroup/a.slice"}});
  static const NameTable pci({{*PciId(PciKind::kVendor, 0x0e11), "Compaq"},
                              {*PciId(PciKind::kDevice, 0x0e11a0f3), "Triflex"},
                              {*PciId(PciKind::kClass, 2), "Network"},
                              {*PciId(PciKind::kSubclass, 0x200), "Ethernet"}});
  static const Resolvers* const all = new Resolvers{.symbols = &symbols,
                                                    .block_devices = &devices,
                                                    .interfaces = &interfaces,
                                                    .cgroups = &cgroups,
                                                    .pci = &pci,
                                                    .machine = "x86_64"};
  return *all;
}

std::string Result(const Rule& rule) {
  LabelConfig label;
  label.name = "l";
  label.decoders = rule.chain;
  const auto pipeline =
      MakePipeline(label, KnownNames(), rule.mode, rule.enums);
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

TEST(DecoderRulesTest, Int) {
  Expect({
      {"one byte below zero", {kInt}, Bytes<int8_t>(-1), "-1"},
      {"two bytes", {kInt}, Bytes<int16_t>(-300), "-300"},
      {"four bytes", {kInt}, Bytes<int32_t>(-32), "-32"},
      {"the smallest", {kInt}, Bytes(INT64_MIN), "-9223372036854775808"},
      {"the largest", {kInt}, Bytes(INT64_MAX), "9223372036854775807"},
      {"three bytes", {kInt}, "abc", "error: int_wrong_size"},
      {"no bytes", {kInt}, "", "error: int_wrong_size"},
  });
}

TEST(DecoderRulesTest, Errno) {
  const DecoderConfig name = Named("errno");
  Expect({
      {"an error", {kUint, name}, Bytes<uint32_t>(110), "ETIMEDOUT"},
      {"as kernel functions return it",
       {kInt, name},
       Bytes<int64_t>(-110),
       "ETIMEDOUT"},
      {"no sign is seen through uint",
       {kUint, name},
       Bytes<int32_t>(-32),
       "unknown:4294967264"},
      {"no error", {kUint, name}, Bytes<uint32_t>(0), "unknown:0"},
      {"a number that has none", {kUint, name}, "\x3a", "unknown:58"},
      {"beyond the table",
       {kUint, name},
       Bytes<uint32_t>(9999),
       "unknown:9999"},
      {"the kernel's own", {kUint, name}, Bytes<uint32_t>(512), "unknown:512"},
      {"raw bytes", {name}, "\x0b", "error: errno_not_a_number"},
      {"a word", {name}, "EPIPE", "error: errno_not_a_number"},
  });
}

TEST(DecoderRulesTest, BytesAndAddresses) {
  const DecoderConfig ip = Named("inet_ip");
  Expect({
      {"digits of bytes", {Named("hex")}, "\x00\xffz"s, "00ff7a"},
      {"no bytes", {Named("hex")}, "", ""},
      {"IPv4", {ip}, "\xc0\xa8\x00\x01"s, "192.168.0.1"},
      {"IPv6",
       {ip},
       "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\1",
       "2001:db8::1"},
      {"IPv6 without any", {ip}, std::string(16, '\0'), "::"},
      {"IPv4 in IPv6",
       {ip},
       std::string(10, '\0') + "\xff\xff\1\2\3\4",
       "1.2.3.4"},
      {"five bytes", {ip}, "\1\2\3\4\5", "?0102030405"},
      {"no bytes of an address", {ip}, "", "?"},
      {"an Ethernet address",
       {Named("mac")},
       "\x02\xfc\x00\x00\x00\x01"s,
       "02:fc:00:00:00:01"},
      {"a longer one", {Named("mac")}, "12345678", "error: mac_wrong_size"},
  });
}

TEST(DecoderRulesTest, Syscall) {
  const DecoderConfig name = Named("syscall");
  Expect({
      {"the kernel's name", {kUint, name}, Bytes<uint32_t>(17), "pread64"},
      {"names are not shared",
       {kUint, name},
       Bytes<uint64_t>(231),
       "exit_group"},
      {"a hole of the table",
       {kUint, name},
       Bytes<uint32_t>(340),
       "unknown_syscall:340"},
      {"beyond it",
       {kUint, name},
       Bytes<uint32_t>(100000),
       "unknown_syscall:100000"},
      {"no call at all",
       {kInt, name},
       Bytes<int64_t>(-1),
       "unknown_syscall:-1"},
      {"raw bytes", {name}, "\1", "error: syscall_not_a_number"},
  });
}

TEST(DecoderRulesTest, Enum) {
  const EnumNames states = {.names = {{1, "ESTABLISHED"}, {7, "CLOSED"}}};
  const EnumNames below = {.names = {{UINT64_MAX, "NONE"}}, .is_signed = true};
  const DecoderConfig name = Named("enum");
  Expect({
      {"a name", {name}, Bytes<uint32_t>(7), "CLOSED", kFirst, states},
      {"of a smaller member", {name}, "\1", "ESTABLISHED", kFirst, states},
      {"a value without one", {name}, Bytes<uint32_t>(2), "2", kFirst, states},
      {"below zero", {name}, Bytes<int32_t>(-1), "NONE", kFirst, below},
      {"without a name too", {name}, Bytes<int32_t>(-2), "-2", kFirst, below},
      {"no enum in BTF", {name}, Bytes<uint32_t>(7), "7"},
      {"three bytes", {name}, "abc", "error: enum_wrong_size", kFirst, states},
  });
}

TEST(DecoderRulesTest, NamesOfTheHost) {
  const DecoderConfig device = Named("majorminor");
  const DecoderConfig interface = Named("ifname");
  const DecoderConfig cgroup = Named("cgroup");
  const DecoderConfig stack = Named("kstack");
  const uint64_t schedule = 0xffffffff81000000;
  Expect({
      {"a device", {device}, Bytes<uint32_t>(0x800), "sda"},
      {"a device that went", {device}, Bytes<uint32_t>(0x810), "unknown:8:16"},
      {"minor numbers beyond 255",
       {device},
       Bytes<uint32_t>(0x12300845),
       "unknown:8:74565"},
      {"short of a device", {device}, "abc", "error: majorminor_too_short"},
      {"an interface", {interface}, Bytes<uint32_t>(2), "eth0"},
      {"of no index", {interface}, Bytes<uint32_t>(0), "unknown:0"},
      {"that went", {interface}, Bytes<uint32_t>(9), "unknown:9"},
      {"short of an index", {interface}, "ab", "error: ifname_too_short"},
      {"a cgroup",
       {kUint, cgroup},
       Bytes<uint64_t>(77),
       "/sys/fs/cgroup/a.slice"},
      {"one that went",
       {kUint, cgroup},
       Bytes<uint64_t>(78),
       "unknown_cgroup_id:78"},
      {"text for an id",
       {kString, cgroup},
       "a\0"s,
       "error: cgroup_not_a_number"},
      {"a stack",
       {stack},
       Bytes(schedule) + Bytes(schedule),
       "schedule\nschedule"},
      {"up to zero",
       {stack},
       Bytes(schedule) + Bytes<uint64_t>(0) + "12345678",
       "schedule"},
      {"frames without a name", {stack}, Bytes<uint64_t>(1), "??"},
      {"no frames", {stack}, Bytes<uint64_t>(0), ""},
      {"half an address", {stack}, "1234", "error: kstack_wrong_size"},
  });
}

TEST(DecoderRulesTest, Pci) {
  Expect({
      {"a vendor below 0x1000",
       {kUint, Named("pci_vendor")},
       Bytes<uint16_t>(0x0e11),
       "Compaq"},
      {"one of its devices",
       {kUint, Named("pci_device")},
       Bytes<uint32_t>(0x0e11a0f3),
       "Triflex"},
      {"a class", {kUint, Named("pci_class")}, "\2", "Network"},
      {"a subclass",
       {kUint, Named("pci_subclass")},
       Bytes<uint16_t>(0x200),
       "Ethernet"},
      {"no such vendor",
       {kUint, Named("pci_vendor")},
       "\1",
       "unknown pci vendor: 0x01"},
      {"no such device",
       {kUint, Named("pci_device")},
       "\1",
       "unknown pci device: 0x0001"},
      {"no such class",
       {kUint, Named("pci_class")},
       "\xff",
       "unknown pci class: 0xff"},
      {"no such subclass",
       {kUint, Named("pci_subclass")},
       Bytes<uint16_t>(0x2ff),
       "unknown pci subclass: 0xff (class 0x02)"},
      {"of no such class",
       {kUint, Named("pci_subclass")},
       Bytes<uint16_t>(0xff00),
       "unknown pci class: 0xff"},
      {"raw bytes", {Named("pci_class")}, "\2", "error: pci_not_a_number"},
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
       "cgroup, dname, enum, errno, hex, ifname, inet_ip, int, kstack, "
       "ksym, mac, majorminor, pci_class, pci_device, pci_subclass, "
       "pci_vendor, regexp, static_map, string, syscall, uint"},
  });
}

}  // namespace
}  // namespace ebpf_exporter
