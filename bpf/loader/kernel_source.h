// KernelSource: types of a kernel as C, for code that is compiled for it: only
// those that are asked for, with what they contain. From BTF, through libbpf.
//
//   absl::StatusOr<KernelSource> source = KernelSource::Read("");
//   std::string text = source->Declare({"request", "pt_regs"}, {"sector_t"});

#ifndef EBPF_EXPORTER_BPF_LOADER_KERNEL_SOURCE_H_
#define EBPF_EXPORTER_BPF_LOADER_KERNEL_SOURCE_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "core/inline/records.h"
#include "core/layout/btf.h"
#include "core/layout/prototype.h"

struct btf;

namespace ebpf_exporter {

struct KernelDeclarations {
  // Structs that programs get as their context: members are where they are.
  std::string contexts;
  // All others. Members are to be relocated.
  std::string types;
  // Names among those asked for that neither has.
  std::set<std::string> unknown;
};

class KernelSource {
 public:
  // `path`: raw BTF or an ELF file with some; empty: the running kernel's.
  static absl::StatusOr<KernelSource> Read(const std::string& path);

  // `tags` stand behind struct, union or enum, `names` are types and constants.
  absl::StatusOr<KernelDeclarations> Declare(
      const std::set<std::string>& tags,
      const std::set<std::string>& names) const;

  // What the kernel passes to a tracepoint with types, or to the entry or, with
  // `returns`, the end of a function (prototype.h). NotFound when vmlinux has
  // no such hook: those of modules are not looked for.
  absl::StatusOr<Prototype> TracepointArguments(std::string_view name) const;
  absl::StatusOr<Prototype> FunctionArguments(std::string_view name,
                                              bool returns) const;

  RecordAnswer Member(const std::string& record, std::string_view member) const;

 private:
  explicit KernelSource(std::shared_ptr<btf> types)
      : types_(std::move(types)), prototypes_(std::make_shared<Prototypes>()) {}

  // Read when first needed.
  struct Prototypes {
    std::optional<absl::StatusOr<Btf>> types;
  };
  const absl::StatusOr<Btf>& ForPrototypes() const;

  std::shared_ptr<btf> types_;
  std::shared_ptr<Prototypes> prototypes_;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_KERNEL_SOURCE_H_
