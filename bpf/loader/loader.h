// Loader: brings a configuration to life. It opens the object, loads what the
// kernel accepts and attaches it.
//
//   Loader loader;
//   LoadResult result = loader.Load(config.programs[0], bytes, "bio.bpf.o");
//   if (result.config.has_value()) Serve(*std::move(result.config));
//   for (const LoadFailure& failure : result.failures) Log(failure);
//
// A program that the kernel refuses, or that finds no hook, costs itself only.
// Of a `one_of:` group, the first choice that works is attached, and only when
// none does is that a failure, of the group's first function.
// The configuration as a whole is refused, and leaves nothing in the kernel,
// when a metric's map is missing, the object is bad, or nothing can be
// attached.
//
// Reasons of failures: missing_hook, type_mismatch, no_tracefs, no_btf,
// missing_function, not_supported, permission, verifier, load, out_of_memory,
// out_of_files, attach, no_alternative; of a whole configuration also
// bad_object, missing_map, missing_kaddr and nothing_attached.
//
// A Loader keeps the kernel's BTF between calls: keep it for the time of
// loading only. One thread at a time.

#ifndef EBPF_EXPORTER_BPF_LOADER_LOADER_H_
#define EBPF_EXPORTER_BPF_LOADER_LOADER_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bpf/loader/alternatives.h"
#include "bpf/loader/attach.h"
#include "bpf/loader/attach_plan.h"
#include "bpf/loader/constants.h"
#include "bpf/loader/failures.h"
#include "bpf/loader/hooks.h"
#include "bpf/loader/kernel_load.h"
#include "bpf/loader/loaded_config.h"
#include "bpf/loader/object_shape.h"
#include "core/config/config.h"

namespace ebpf_exporter {

struct LoadResult {
  std::optional<LoadedConfig> config;  // nothing if refused as a whole
  std::vector<LoadFailure> failures;   // those of the whole come last
};

struct LoaderOptions {
  KernelPaths kernel;
  // BTF to relocate objects against on kernels without their own.
  std::string btf_path;
};

class Loader {
 public:
  explicit Loader(LoaderOptions options = {});

  // `object` is an ELF file's bytes, needed during the call only; `object_name`
  // is how messages call it.
  LoadResult Load(const ProgramConfig& program,
                  std::span<const std::byte> object,
                  std::string_view object_name);

 private:
  std::optional<LoadedConfig> LoadOrFail(const ProgramConfig& program,
                                         std::span<const std::byte> object,
                                         std::string_view object_name,
                                         Failures& failures);
  // Loads and attaches what works of the plan.
  std::optional<LoadedConfig> LoadPlan(const ProgramConfig& program,
                                       const ObjectFile& file,
                                       const ObjectShape& shape,
                                       const AttachPlan& plan,
                                       Failures& failures);
  // The same, in the kernel. Whether a hook can be attached to is sometimes
  // known only then: where the choice of a group cannot, all is loaded anew
  // with its next one.
  KernelLoad LoadChoices(const ObjectFile& file, const Constants& constants,
                         const AttachPlan& plan, Alternatives& alternatives,
                         Attachments& attachments, Failures& failures);
  // Takes hooks that the kernel lacks out of the lists, and functions that have
  // no hook left out of the plan.
  void DropUnhooked(const ObjectShape& shape, AttachPlan& plan,
                    Failures& failures);
  // The addresses of `kaddrs:`, as constants of the object.
  absl::StatusOr<Constants> FindKaddrs(const ProgramConfig& program);
  std::optional<Problem> CheckSection(const ObjectShape& shape,
                                      const PlannedProgram& program);

  LoaderOptions options_;
  KernelHooks hooks_;
  std::string symbols_;  // the text of kallsyms, once somebody needed it
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_LOADER_H_
