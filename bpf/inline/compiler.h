// InlineCompiler: from the `code:` of a program to an object, for one kernel.
//
//   code ─▶ Translate ─▶ with the kernel's types and libbpf's headers ─▶ clang
//
// The object is kept by what went into it (ObjectCache), so the next start
// compiles nothing and needs no clang.
//
// Functions that follow pointers of their hook's are written for a typed hook
// (core/inline/typed_functions.h) where that is allowed and the kernel's types
// agree. The kernel may refuse one all the same: CompilePlain() is for then.

#ifndef EBPF_EXPORTER_BPF_INLINE_COMPILER_H_
#define EBPF_EXPORTER_BPF_INLINE_COMPILER_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bpf/inline/object_cache.h"
#include "bpf/loader/kernel_source.h"
#include "core/config/config.h"
#include "core/inline/assemble.h"
#include "core/inline/code_finding.h"
#include "core/inline/migrate.h"
#include "core/inline/translate.h"
#include "core/inline/typed_functions.h"

namespace ebpf_exporter {

// Which typed hooks may be written.
enum class TypedHooks {
  kNone,
  kWhereAttachable,  // fentry and fexit only if this kernel attaches them
  kAll,              // of any kernel that has the types
};

struct InlineOptions {
  std::string clang;            // its path or name; empty: clang in PATH
  std::string btf_path;         // of the kernel to compile for; empty: this one
  std::string cache_directory;  // empty: nothing is kept
  TypedHooks typed = TypedHooks::kNone;
  // Where events of tracepoints are described.
  std::vector<std::string> tracing = {"/sys/kernel/tracing",
                                      "/sys/kernel/debug/tracing"};
  // Told what takes time, and why it will again.
  std::function<void(std::string_view program)> compiling;
  std::function<void(const absl::Status& why)> not_kept;
};

// A program as C for libbpf, with all that it needs.
struct InlineSource {
  SourceText source;
  std::vector<CodeFinding> findings;  // by the code's lines; empty: good
};

struct InlineObject {
  std::string object;
  std::vector<CodeFinding> findings;
};

class InlineCompiler {
 public:
  explicit InlineCompiler(InlineOptions options);

  InlineObject Compile(const ProgramConfig& program);
  // Without typed hooks.
  InlineObject CompilePlain(const ProgramConfig& program);
  InlineSource Translate(const ProgramConfig& program);
  // As source for 2.x.
  Migrated Migrate(const ProgramConfig& program);
  // Which form each function has or would have in the above.
  std::vector<FunctionForm> FormsOf(const ProgramConfig& program);

 private:
  // What a source is made for.
  struct Wanted {
    bool tracepoints = false;  // may be typed
    bool functions = false;
  };
  Wanted WantedFor(const ProgramConfig& program) const;

  InlineObject CompileFor(const ProgramConfig& program, Wanted wanted);
  InlineSource TranslateFor(const ProgramConfig& program, Wanted wanted);
  std::vector<FunctionForm> FormsFor(const ProgramConfig& program,
                                     const KernelSource& kernel, Wanted wanted);
  std::string KeyOf(const ProgramConfig& program, Wanted wanted);
  // What tells the kernel to compile for from all others.
  std::string KernelIdentity() const;
  const absl::StatusOr<KernelSource>& Kernel();

  // Opens the directory when it is first needed.
  const ObjectCache& Cache();

  const InlineOptions options_;
  std::optional<ObjectCache> cache_;
  std::optional<std::string> identity_;
  std::optional<absl::StatusOr<KernelSource>> kernel_;
};

// The functions that the program's attach lists name.
std::vector<InlineFunction> FunctionsOf(const ProgramConfig& program);

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_INLINE_COMPILER_H_
