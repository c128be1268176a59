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

const ThirdSymbols& Symbols() {
  static const ThirdSymbols symbols;
  return symbols;
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
  } else {
    FuzzCheck(verdict == Verdict::kKeep, "dname takes any bytes");
    return;
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
      MakeDecoder(label_.decoders[step], {.symbols = &Symbols()}, mode_);
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
      MakePipeline(label_, {.symbols = &Symbols()}, mode_);
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
