#include "bpf/inline/clang.h"

#include <unistd.h>

#include <chrono>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bpf/inline/run_command.h"

namespace ebpf_exporter {
namespace {

constexpr std::chrono::seconds kLimit(60);
// Enough to mend a file by; more would only repeat itself.
constexpr size_t kMostErrors = 20;

#if defined(__aarch64__)
constexpr char kArchitecture[] = "-D__TARGET_ARCH_arm64";
#else
constexpr char kArchitecture[] = "-D__TARGET_ARCH_x86";
#endif

// Local variables begin as zeros, their padding included: keys are compared as
// bytes. Up to clang 15 that has to be asked for twice, and from 18 on asking
// twice is an error.
std::vector<std::string> ZeroFlags(bool old) {
  std::vector<std::string> flags = {"-ftrivial-auto-var-init=zero"};
  if (old) {
    flags.push_back(
        "-enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-"
        "clang");
  }
  return flags;
}

// `<stdin>:12:5: error: use of ...`
bool ReadLine(std::string_view line, int code_starts, CodeFinding& error) {
  const std::vector<std::string_view> parts =
      absl::StrSplit(line, absl::MaxSplits(':', 3));
  if (parts.size() != 4 || parts[0] != "<stdin>") return false;
  std::string_view text = absl::StripLeadingAsciiWhitespace(parts[3]);
  const bool fatal = absl::StartsWith(text, "fatal error: ");
  if (!fatal && !absl::StartsWith(text, "error: ")) return false;
  text.remove_prefix(text.find(": ") + 2);
  int number = 0;
  if (!absl::SimpleAtoi(parts[1], &number)) return false;
  error.line = number > code_starts ? number - code_starts : 0;
  error.message = std::string(text);
  return true;
}

}  // namespace

std::string NoClang(std::string_view path) {
  return absl::StrCat(
      "code: is compiled with clang, and ",
      path.empty() ? "there is none in PATH"
                   : absl::StrCat("\"", path, "\" cannot be run"),
      "; install it (apt-get install clang), name it with --clang.path, or "
      "compile on another machine: `exporter compile FILE -o DIR` writes "
      "objects and a configuration that needs no clang");
}

std::vector<std::string> ClangFlags() {
  const long cpus = sysconf(_SC_NPROCESSORS_CONF);
  return {absl::StrCat("-DNUMCPUS=", cpus > 0 ? cpus : 1), "-x", "c", "-target",
          "bpf", "-mcpu=v3", "-O2", "-g", kArchitecture, "-nostdinc",
          // Loads through null yield 0, so they prove nothing.
          "-fno-delete-null-pointer-checks", "-Wno-everything",
          "-Werror=implicit-function-declaration", "-Werror=return-type",
          "-fno-color-diagnostics", "-fno-caret-diagnostics",
          "-fno-diagnostics-show-option", "-c", "-o", "-", "-"};
}

std::vector<CodeFinding> ReadClangErrors(std::string_view lines,
                                         int code_starts) {
  std::vector<CodeFinding> errors;
  for (std::string_view line : absl::StrSplit(lines, '\n')) {
    CodeFinding error;
    if (errors.size() < kMostErrors && ReadLine(line, code_starts, error)) {
      errors.push_back(std::move(error));
    }
  }
  return errors;
}

absl::StatusOr<ClangResult> CompileSource(const std::string& clang,
                                          const std::vector<std::string>& flags,
                                          const SourceText& source) {
  absl::StatusOr<CommandResult> ran;
  for (const bool old : {true, false}) {
    std::vector<std::string> arguments = {clang};
    for (const auto& more : {flags, ZeroFlags(old), ClangFlags()}) {
      arguments.insert(arguments.end(), more.begin(), more.end());
    }
    ran = RunCommand(arguments, source.text, kLimit);
    if (!ran.ok()) return ran.status();
    const bool too_new =
        absl::StrContains(ran->errors, "unknown argument") &&
        absl::StrContains(ran->errors, "knowing-it-will-be-removed");
    if (!too_new) break;
  }
  ClangResult result;
  if (ran->exit_code == 0) {
    result.object = std::move(ran->output);
    return result;
  }
  result.errors = ReadClangErrors(ran->errors, source.code_starts);
  if (result.errors.empty()) {
    result.errors.push_back(
        {0, absl::StrCat(clang, " ended with ", ran->exit_code, ": ",
                         absl::StripAsciiWhitespace(ran->errors))});
  }
  return result;
}

}  // namespace ebpf_exporter
