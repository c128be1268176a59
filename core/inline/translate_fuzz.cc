// Any text: no input crashes the translator, and what it makes of a code that
// it accepts has as many lines, and pairs its brackets.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "core/inline/fake_kernel.h"
#include "core/inline/trace_event.h"
#include "core/inline/translate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ebpf_exporter;
  const std::string_view code(reinterpret_cast<const char*>(data), size);
  const Translation translation =
      Translate(code,
                {{"f", InlineHook::kKprobe},
                 {"g", InlineHook::kKretprobe},
                 {"tracepoint__a__b", InlineHook::kTracepoint}},
                FakeMember);
  (void)TraceStruct("x", ParseTraceFormat(code));
  if (!translation.findings.empty()) return 0;
  const std::string_view out = translation.code;
  if (std::count(code.begin(), code.end(), '\n') !=
      std::count(out.begin(), out.end(), '\n')) {
    std::abort();
  }
  if (!std::holds_alternative<Tokens>(Tokenize(out))) std::abort();
  return 0;
}
