// Any text: no input crashes the translator, and what it makes of a code that
// it accepts has as many lines, and pairs its brackets. Written for typed hooks
// it accepts the same codes, and takes no more for granted than it has seen.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>
#include <vector>

#include "core/inline/fake_kernel.h"
#include "core/inline/trace_event.h"
#include "core/inline/translate.h"

namespace ebpf_exporter {
namespace {

std::vector<InlineFunction> Functions(bool typed) {
  return {{.name = "f", .hook = InlineHook::kKprobe, .typed = typed},
          {.name = "g", .hook = InlineHook::kKretprobe, .typed = typed},
          {.name = "r", .hook = InlineHook::kRawTracepoint, .typed = typed},
          {.name = "raw_tracepoint__a",
           .hook = InlineHook::kRawTracepoint,
           .typed = typed},
          {.name = "tracepoint__a__b", .hook = InlineHook::kTracepoint}};
}

void Check(std::string_view code, const Translation& translation) {
  if (!translation.findings.empty()) return;
  const std::string_view out = translation.code;
  if (std::count(code.begin(), code.end(), '\n') !=
      std::count(out.begin(), out.end(), '\n')) {
    std::abort();
  }
  if (!std::holds_alternative<Tokens>(Tokenize(out))) std::abort();
  for (const TypedUse& use : translation.typed) {
    if ((use.loads == 0) != use.arguments.empty()) std::abort();
  }
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ebpf_exporter;
  const std::string_view code(reinterpret_cast<const char*>(data), size);
  const Translation plain = Translate(code, Functions(false), FakeMember);
  const Translation typed = Translate(code, Functions(true), FakeMember);
  Check(code, plain);
  Check(code, typed);
  if (plain.findings.size() != typed.findings.size()) std::abort();
  (void)TraceStruct("x", ParseTraceFormat(code));
  return 0;
}
