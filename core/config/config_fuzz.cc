// Any text is read as a configuration or refused with reasons: never both, the
// same way each time, and every reason is a line of clean text about a place
// that the file has. What is called good is good when it is judged again, and
// its histograms can be built.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/config/config.h"
#include "core/config/config_text.h"
#include "core/config/finding.h"
#include "core/config/read_config.h"
#include "core/decode/utf8.h"
#include "core/histogram/buckets.h"
#include "tools/build/fuzz_input.h"

namespace ebpf_exporter {
namespace {

constexpr size_t kMaxMessage = 2000;  // bytes

// Lengths of the lines of a text in bytes, without what ends them.
std::vector<size_t> LineLengths(std::string_view text) {
  std::vector<size_t> lengths = {0};
  for (const char c : text) {
    if (c == '\n') {
      lengths.push_back(0);
    } else {
      ++lengths.back();
    }
  }
  return lengths;
}

void CheckFinding(const Finding& finding, const std::vector<size_t>& lengths) {
  const std::string text = ToString(finding);
  const auto [line, column] = finding.mark;
  FuzzCheck((line == 0) == (column == 0) && line >= 0 && column >= 0,
            absl::StrCat("half a mark: ", text));
  if (line > 0) {
    FuzzCheck(static_cast<size_t>(line) <= lengths.size(),
              absl::StrCat("a line beyond the text: ", text));
    const size_t length = lengths[static_cast<size_t>(line) - 1];
    FuzzCheck(static_cast<size_t>(column) <= length + 1,
              absl::StrCat("a column beyond the line: ", text));
  }
  FuzzCheck(!finding.message.empty() && text.size() < kMaxMessage,
            absl::StrCat("a message of an odd size: ", text));
  FuzzCheck(IsUtf8(text), absl::StrCat("a message that is no text: ", text));
  const auto control = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  FuzzCheck(std::none_of(text.begin(), text.end(), control),
            absl::StrCat("control characters in a message: ", text));
}

std::string FindingsText(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    absl::StrAppend(&text, ToString(finding), " {", finding.program, "}\n");
  }
  return text;
}

// REQUIRES: `parsed` was read without an error.
void CheckGood(ParsedConfig& parsed, const ReadOptions& options) {
  FuzzCheck(!parsed.config.programs.empty(), "good, but without programs");
  const std::string before = ConfigText(parsed.config);
  const Findings judged = Validate(parsed.config, options.validate);
  FuzzCheck(!HasError(judged),
            absl::StrCat("good once, then: ", FindingsText(judged)));
  FuzzCheckEqual(ConfigText(parsed.config), before, "judging changed it");
  for (const ProgramConfig& program : parsed.config.programs) {
    for (const MetricConfig& metric : program.metrics) {
      if (metric.kind != MetricKind::kHistogram) continue;
      FuzzCheck(Buckets::Make(metric.buckets).ok(),
                "good buckets that cannot be built");
    }
  }
}

void Check(std::string_view text, const ReadOptions& options) {
  ParsedConfig parsed = ReadConfig(text, "fuzz.yaml", options);
  const std::vector<size_t> lengths = LineLengths(text);
  for (const Finding& finding : parsed.findings) {
    CheckFinding(finding, lengths);
  }
  FuzzCheck(
      std::is_sorted(parsed.findings.begin(), parsed.findings.end(), IsBefore),
      "findings out of order");
  const ParsedConfig again = ReadConfig(text, "fuzz.yaml", options);
  FuzzCheckEqual(FindingsText(again.findings), FindingsText(parsed.findings),
                 "findings of a second reading");
  FuzzCheckEqual(ConfigText(again.config), ConfigText(parsed.config),
                 "a second reading");
  const bool refused =
      std::any_of(parsed.config.programs.begin(), parsed.config.programs.end(),
                  [](const ProgramConfig& program) { return program.refused; });
  if (HasError(parsed.findings)) {
    FuzzCheck(refused || HasFileError(parsed.findings),
              "an error costs nobody");
  } else {
    FuzzCheck(!refused, "refused without an error");
    CheckGood(parsed, options);
  }
}

}  // namespace
}  // namespace ebpf_exporter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ebpf_exporter::ReadOptions options;
  // Bombs of aliases burst early, so that they do not take the fuzzer's time.
  options.yaml.max_nodes = 4096;
  options.yaml.max_text_bytes = 65536;
  options.validate.require_object = size % 2 == 0;
  ebpf_exporter::Check(text, options);
  return 0;
}
