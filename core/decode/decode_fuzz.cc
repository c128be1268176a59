// Chains of all decoders over any bytes: each step does what its rule says,
// nothing outside the bytes is read, the same bytes give the same text, and the
// repaired text is valid UTF-8. `regexp`, which has no rule simpler than RE2,
// is held to what is true of any pattern.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/config/config.h"
#include "core/decode/decoder.h"
#include "core/decode/decoders.h"
#include "core/decode/pipeline.h"
#include "core/decode/regexp.h"
#include "core/decode/utf8.h"
#include "core/layout/enum_names.h"
#include "core/resolve/names.h"
#include "core/resolve/symbols.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

// Every third address has a name, which is not always text.
class ThirdSymbols : public SymbolResolver {
 public:
  bool AppendSymbol(uint64_t address, std::string& out) const override {
    if (address % 3 != 0) return false;
    out += "symbol\t";
    out += static_cast<char>(address / 3);
    return true;
  }
  uint64_t epoch() const override { return 1; }
};

// As ThirdSymbols, of anything with numbers.
class ThirdNames : public NameResolver {
 public:
  bool AppendName(uint64_t id, std::string& out) const override {
    if (id % 3 != 0) return false;
    out += "name ";
    out += static_cast<char>(id / 3);
    return true;
  }
  uint64_t epoch() const override { return 1; }
};

const ThirdSymbols& Symbols() {
  static const ThirdSymbols symbols;
  return symbols;
}

const ThirdNames& Names() {
  static const ThirdNames names;
  return names;
}

Resolvers AllNames() {
  return {.symbols = &Symbols(),
          .block_devices = &Names(),
          .interfaces = &Names(),
          .cgroups = &Names(),
          .pci = &Names(),
          .machine = "aarch64"};
}

const EnumNames& Enum() {
  static const EnumNames names = {.names = {{0, "ZERO"}, {300, "BIG"}}};
  return names;
}

constexpr std::string_view kPatterns[] = {
    "",       "^a",   "(?s)^.*$",  "b(.)c", "(a)(b)",  "x*",          "[^a-z]+",
    "(a*)*b", "\\pL", "\\x00(.*)", "(?i)k", "a|(b)|c", "^[0-9]{1,3}$"};

DecoderConfig StepOf(FuzzInput& input) {
  DecoderConfig config;
  config.name = AnyDecoder::kNames[input.Below(AnyDecoder::kNames.size())];
  if (config.name == "regexp") {
    config.has_regexps = true;
    for (size_t count = input.Below(3); count > 0; --count) {
      const size_t which = input.Below(std::size(kPatterns) + 1);
      config.regexps.emplace_back(which < std::size(kPatterns)
                                      ? kPatterns[which]
                                      : input.Bytes(input.Below(12)));
    }
  } else if (config.name == "static_map") {
    config.has_static_map = true;
    config.allow_unknown = input.Coin();
    for (size_t count = input.Below(4); count > 0; --count) {
      std::string key(input.Bytes(input.Below(4)));
      bool twice = false;
      for (const auto& entry : config.static_map) twice |= entry.first == key;
      if (twice) continue;
      config.static_map.emplace_back(std::move(key), input.Bytes(2));
    }
  }
  return config;
}

// What a step makes of `in`, told anew.
struct Step {
  Verdict verdict = Verdict::kKeep;
  std::string text;
};

uint64_t HostNumber(std::string_view in) {
  uint64_t number = 0;
  for (size_t i = 0; i < in.size(); ++i) {
    const bool little = std::endian::native == std::endian::little;
    const char c = in[little ? in.size() - 1 - i : i];
    number = number * 256 + static_cast<uint8_t>(c);
  }
  return number;
}

Step UintModel(std::string_view in) {
  if (in.empty() || in.size() > 8 || !std::has_single_bit(in.size())) {
    return {Verdict::kError, ""};
  }
  return {Verdict::kKeep, std::to_string(HostNumber(in))};
}

Step StringModel(std::string_view in) {
  std::string text;
  for (const char c : in) {
    if (c == '\0') break;
    text += c;
  }
  return {Verdict::kKeep, text};
}

Step KsymModel(std::string_view in) {
  if (in.size() < 8) return {Verdict::kError, ""};
  const uint64_t address = HostNumber(in.substr(0, 8));
  std::string text;
  if (Symbols().AppendSymbol(address, text)) return {Verdict::kKeep, text};
  std::string digits;
  for (uint64_t rest = address; rest > 0 || digits.empty(); rest /= 16) {
    digits.insert(digits.begin(), "0123456789abcdef"[rest % 16]);
  }
  return {Verdict::kKeep, "unknown_addr:0x" + digits};
}

Step IntModel(std::string_view in) {
  const Step plain = UintModel(in);
  if (plain.verdict == Verdict::kError) return plain;
  const uint64_t number = HostNumber(in);
  const uint64_t sign = uint64_t{1} << (8 * in.size() - 1);
  if ((number & sign) == 0) return plain;
  return {Verdict::kKeep, "-" + std::to_string((sign - (number & (sign - 1))))};
}

Step HexModel(std::string_view in, std::string_view between = "") {
  std::string text;
  for (const char c : in) {
    if (!text.empty()) text += between;
    text += "0123456789abcdef"[static_cast<uint8_t>(c) >> 4];
    text += "0123456789abcdef"[static_cast<uint8_t>(c) & 15];
  }
  return {Verdict::kKeep, text};
}

Step EnumModel(std::string_view in) {
  Step step = UintModel(in);
  if (step.text == "0") step.text = "ZERO";
  if (step.text == "300") step.text = "BIG";
  return step;
}

// A name by number, or what is printed of it without one.
Step NameModel(uint64_t id, std::string unknown) {
  std::string text;
  if (!Names().AppendName(id, text)) text = std::move(unknown);
  return {Verdict::kKeep, text};
}

Step MajorMinorModel(std::string_view in) {
  if (in.size() < 4) return {Verdict::kError, ""};
  const uint64_t device = HostNumber(in.substr(0, 4));
  const uint64_t major = device / 256 % 4096;
  const uint64_t minor = device % 256 + device / (1 << 20) * 256;
  return NameModel(
      major * (1 << 20) + minor,
      "unknown:" + std::to_string(major) + ":" + std::to_string(minor));
}

Step IfnameModel(std::string_view in) {
  if (in.size() < 4) return {Verdict::kError, ""};
  const uint64_t index = HostNumber(in.substr(0, 4));
  return NameModel(index, "unknown:" + std::to_string(index));
}

Step KstackModel(std::string_view in) {
  if (in.size() % 8 != 0) return {Verdict::kError, ""};
  std::string text;
  for (size_t at = 0; at < in.size(); at += 8) {
    const uint64_t address = HostNumber(in.substr(at, 8));
    if (address == 0) break;
    if (at > 0) text += '\n';
    if (!Symbols().AppendSymbol(address, text)) text += "??";
  }
  return {Verdict::kKeep, text};
}

// Decoders that read the text of a number: anything else is an error, and a
// number is always given some text.
void CheckNumberText(const DecoderConfig& config, std::string_view in,
                     std::string_view text, Verdict verdict) {
  const bool pci = config.name.starts_with("pci_");
  std::string_view digits = in;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  bool number = !digits.empty();
  for (const char c : digits) number = number && c >= '0' && c <= '9';
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  const bool negative = in.starts_with('-') && digits != "0";
  constexpr std::string_view kLargest = "18446744073709551615";
  number = number && (digits.size() < kLargest.size() ||
                      (digits.size() == kLargest.size() && digits <= kLargest));
  if (pci && negative) number = false;
  FuzzCheck((verdict == Verdict::kKeep) == number, config.name);
  if (number) FuzzCheck(!text.empty(), config.name);
}

Step StaticMapModel(const DecoderConfig& config, std::string_view in) {
  for (const auto& [key, value] : config.static_map) {
    if (key == in) return {Verdict::kKeep, value};
  }
  const std::string_view mark = config.allow_unknown ? "" : "unknown:";
  return {Verdict::kKeep, std::string(mark).append(in)};
}

// Ends the process if the step is not what the rule says. `dname` has a fuzz
// target of its own.
void CheckStep(const DecoderConfig& config, RegexpMode mode,
               std::string_view in, std::string_view text, Verdict verdict) {
  Step expected;
  if (config.name == "uint") {
    expected = UintModel(in);
  } else if (config.name == "string") {
    expected = StringModel(in);
  } else if (config.name == "ksym") {
    expected = KsymModel(in);
  } else if (config.name == "int") {
    expected = IntModel(in);
  } else if (config.name == "hex") {
    expected = HexModel(in);
  } else if (config.name == "mac") {
    if (in.size() == 6) expected = HexModel(in, ":");
    if (in.size() != 6) expected = {Verdict::kError, ""};
  } else if (config.name == "enum") {
    expected = EnumModel(in);
  } else if (config.name == "majorminor") {
    expected = MajorMinorModel(in);
  } else if (config.name == "ifname") {
    expected = IfnameModel(in);
  } else if (config.name == "kstack") {
    expected = KstackModel(in);
  } else if (config.name == "inet_ip") {
    FuzzCheck(verdict == Verdict::kKeep, "inet_ip takes any bytes");
    const bool address = in.size() == 4 || in.size() == 16;
    FuzzCheck(text.starts_with('?') != address, "inet_ip");
    return;
  } else if (config.name == "static_map") {
    expected = StaticMapModel(config, in);
  } else if (config.name == "regexp") {
    FuzzCheck(verdict != Verdict::kError, "regexp has no errors");
    if (config.regexps.empty()) {
      FuzzCheck(verdict == Verdict::kSkip, "no patterns skip all");
    }
    if (verdict == Verdict::kSkip) return;
    if (mode == RegexpMode::kKeepInput) FuzzCheckEqual(text, in, "regexp");
    FuzzCheck(in.find(text) != in.npos, "regexp made text up");
    return;
  } else if (config.name == "dname") {
    FuzzCheck(verdict == Verdict::kKeep, "dname takes any bytes");
    return;
  } else {
    return CheckNumberText(config, in, text, verdict);
  }
  FuzzCheck(verdict == expected.verdict, config.name);
  if (verdict == Verdict::kKeep) {
    FuzzCheckEqual(text, expected.text, config.name);
  }
}

// The chain of one label, and the bytes it is run on.
class Chain {
 public:
  explicit Chain(FuzzInput& input);

  // Runs the chain over all that is left of the input, if it can be built.
  void Check(std::string_view bytes) const;

 private:
  void CheckAlone(size_t step, std::string_view in, std::string_view text,
                  Verdict verdict) const;

  LabelConfig label_;
  RegexpMode mode_ = RegexpMode::kKeepInput;
};

Chain::Chain(FuzzInput& input) {
  label_.name = "label";
  if (input.Coin()) mode_ = RegexpMode::kKeepMatch;
  for (size_t steps = 1 + input.Below(4); steps > 0; --steps) {
    label_.decoders.push_back(StepOf(input));
  }
}

// A step by itself, over memory that ends where its bytes end.
void Chain::CheckAlone(size_t step, std::string_view in, std::string_view text,
                       Verdict verdict) const {
  const absl::StatusOr<AnyDecoder> decoder =
      MakeDecoder(label_.decoders[step], AllNames(), mode_, Enum());
  FuzzCheck(decoder.ok(), "a step of a good chain");
  const ExactCopy copy(in);
  std::string out = "before";
  const Outcome outcome = decoder->Decode(copy.view(), out);
  FuzzCheck(outcome.verdict == verdict, "a step alone");
  FuzzCheck(outcome.verdict != Verdict::kError || !outcome.reason.empty(),
            "an error without a reason");
  FuzzCheck(outcome.missed <= (outcome.sources != 0), "missed, but asked none");
  if (verdict != Verdict::kKeep) return;
  FuzzCheckEqual(out, std::string("before").append(text), "a step alone");
}

void Chain::Check(std::string_view bytes) const {
  const absl::StatusOr<Pipeline<AnyDecoder>> pipeline =
      MakePipeline(label_, AllNames(), mode_, Enum());
  if (!pipeline.ok()) {
    FuzzCheck(!pipeline.status().message().empty(), "refused without a reason");
    return;
  }
  const ExactCopy copy(bytes);
  std::string explained = "before";
  std::string in(bytes);
  size_t step = 0;
  const Outcome outcome = pipeline->Explain(
      copy.view(), explained,
      [&](std::string_view name, ByteView made, const Outcome& one) {
        FuzzCheckEqual(name, label_.decoders[step].name, "the step's name");
        CheckStep(label_.decoders[step], mode_, in, made, one.verdict);
        CheckAlone(step, in, made, one.verdict);
        in = std::string(made);
        ++step;
      });
  const bool kept = outcome.verdict == Verdict::kKeep;
  FuzzCheck(!kept || step == label_.decoders.size(), "steps were left out");
  FuzzCheckEqual(explained, kept ? "before" + in : "before", "the chain");
  std::string again = "before";
  const Outcome second = pipeline->Run(copy.view(), again);
  FuzzCheck(second.verdict == outcome.verdict, "the same bytes once more");
  FuzzCheckEqual(again, explained, "the same bytes once more");
  std::string repaired;
  AppendRepaired(again, repaired);
  FuzzCheck(IsUtf8(repaired), "the label is not UTF-8");
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ebpf_exporter::FuzzInput input(data, size);
  const ebpf_exporter::Chain chain(input);
  chain.Check(input.Rest());
  return 0;
}
