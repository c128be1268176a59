// Calls clang for one source and reads what it says.

#ifndef EBPF_EXPORTER_BPF_INLINE_CLANG_H_
#define EBPF_EXPORTER_BPF_INLINE_CLANG_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/inline/assemble.h"
#include "core/inline/code_finding.h"

namespace ebpf_exporter {

struct ClangResult {
  std::string object;
  std::vector<CodeFinding> errors;  // empty: `object` is good
};

// The mend in words, where there is no clang.
std::string NoClang(std::string_view path);

// What is passed to clang in any case, behind the user's own flags.
std::vector<std::string> ClangFlags();

// `clang`: its path. An error if it cannot be run at all.
absl::StatusOr<ClangResult> CompileSource(const std::string& clang,
                                          const std::vector<std::string>& flags,
                                          const SourceText& source);

// The errors among clang's lines, by lines of the code; what lies before the
// code has line 0.
std::vector<CodeFinding> ReadClangErrors(std::string_view lines,
                                         int code_starts);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_INLINE_CLANG_H_
