// DnameDecoder does to any bytes what its rule says, told literally: in a copy
// of the input each length becomes a dot, and the first dot goes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/decode/dname.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

std::string Model(std::string_view in) {
  if (in.empty()) return ".";
  std::string dotted(in);
  size_t at = 0;
  while (at < in.size()) {
    const size_t length = static_cast<uint8_t>(in[at]);
    if (length >= 0xc0) return std::string(in);
    dotted[at] = '.';
    at += length + 1;
  }
  return at == in.size() ? dotted.substr(1) : std::string(in);
}

void Check(std::string_view in) {
  const ExactCopy copy(in);
  std::string out = "before";
  const Outcome outcome = DnameDecoder().Decode(copy.view(), out);
  FuzzCheck(outcome.verdict == Verdict::kKeep, "any bytes are a name");
  FuzzCheckEqual(out, "before" + Model(in), "the name");
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view in(reinterpret_cast<const char*>(data), size);
  ebpf_exporter::Check(in);
  ebpf_exporter::Check(in.substr(0, in.find('\0')));
  return 0;
}
