// Any bytes are repaired to valid UTF-8, and no two alike. The model decodes
// characters to their numbers, where the code under test looks at bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/decode/utf8.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

// Length of the valid character at the front, else 0.
size_t ModelLength(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<uint8_t>(text[0]);
  size_t length = 0;
  while (length < 8 && (first & (0x80u >> length)) != 0) ++length;
  if (length == 0) return 1;
  if (length == 1 || length > 4 || text.size() < length) return 0;
  uint32_t number = first & (0x7fu >> length);
  for (const char c : text.substr(1, length - 1)) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte / 64 != 2) return 0;
    number = number * 64 + byte % 64;
  }
  const uint32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  const bool surrogate = number >= 0xd800 && number <= 0xdfff;
  return number >= least && number <= 0x10ffff && !surrogate ? length : 0;
}

struct Model {
  bool valid = true;
  bool changed = false;
  std::string repaired;
};

Model ModelOf(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  Model model;
  while (!text.empty()) {
    const size_t length = ModelLength(text);
    FuzzCheck(Utf8Length(text) == length, "the length of a character");
    if (length == 0) model.valid = false;
    const std::string_view piece = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(piece.size());
    if (length != 0 && piece != "\xef\xbf\xbd") {
      model.repaired += piece;
      continue;
    }
    model.changed = true;
    for (const char c : piece) {
      const auto byte = static_cast<uint8_t>(c);
      model.repaired += "\xef\xbf\xbd";
      model.repaired += kDigits[byte / 16];
      model.repaired += kDigits[byte % 16];
    }
  }
  return model;
}

unsigned DigitValue(char digit) {
  const bool decimal = digit >= '0' && digit <= '9';
  FuzzCheck(decimal || (digit >= 'a' && digit <= 'f'), "not a digit");
  return static_cast<unsigned>(decimal ? digit - '0' : digit - 'a' + 10);
}

// The bytes that a repaired text stands for.
std::string Undone(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    if (!text.starts_with("\xef\xbf\xbd")) {
      bytes += text[0];
      text.remove_prefix(1);
      continue;
    }
    FuzzCheck(text.size() >= 5, "a replacement without its digits");
    bytes += static_cast<char>(DigitValue(text[3]) * 16 + DigitValue(text[4]));
    text.remove_prefix(5);
  }
  return bytes;
}

std::string Checked(std::string_view text) {
  const ExactCopy copy(text);
  const Model model = ModelOf(copy.view());
  FuzzCheck(IsUtf8(copy.view()) == model.valid, "what is valid");
  std::string out = "before";
  AppendRepaired(copy.view(), out);
  FuzzCheck(out.starts_with("before"), "what was there before");
  std::string repaired = out.substr(6);
  FuzzCheckEqual(repaired, model.repaired, "the repair");
  FuzzCheck(ModelOf(repaired).valid, "the repair is not valid");
  FuzzCheckEqual(Undone(repaired), text, "the repair undone");
  if (!model.changed) FuzzCheckEqual(repaired, text, "good text");
  return repaired;
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ebpf_exporter::FuzzInput input(data, size);
  const size_t cut = input.Byte();
  const std::string_view one = input.Bytes(cut);
  const std::string_view other = input.Rest();
  const bool same =
      ebpf_exporter::Checked(one) == ebpf_exporter::Checked(other);
  ebpf_exporter::FuzzCheck(same == (one == other), "two inputs met");
  // The repair of a repair is another text again.
  ebpf_exporter::Checked(ebpf_exporter::Checked(one));
  return 0;
}
