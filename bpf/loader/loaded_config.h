// What the loader hands on: a configuration that lives in the kernel, as plain
// values (descriptors, ids, shapes). It could cross a Unix socket; nobody
// outside bpf/loader holds a libbpf pointer.

#ifndef EBPF_EXPORTER_BPF_LOADER_LOADED_CONFIG_H_
#define EBPF_EXPORTER_BPF_LOADER_LOADED_CONFIG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/layout/shape.h"

namespace ebpf_exporter {

// One BPF function of a configuration's object, as the kernel knows it.
struct LoadedProgram {
  std::string function;
  uint32_t id = 0;
  std::string tag;  // 16 hexadecimal digits, leading zeros kept
  int fd = -1;      // borrowed; lives as long as the LoadedConfig's `kernel`
  bool attached = false;
};

// A map of the object. All that metrics name are here.
struct LoadedMap {
  MapShape shape;
  int fd = -1;  // borrowed, as above
  // A plain hash that no program of the configuration deletes from or updates
  // in place of an entry, and that is not pinned: its elements stay where they
  // are.
  bool grows_only = false;
};

// A function of a `one_of:` group of the configuration. The group is called by
// the first function in it.
struct LoadedAlternative {
  std::string group;
  std::string function;
  bool chosen = false;
};

// Why a BPF function, or with an empty `function` a whole configuration, is not
// at work. `reason` is one of a small set, fit for a label value; `detail` is
// one line for a human: the cause and, where there is one, the mend.
struct LoadFailure {
  std::string config;
  std::string function;
  std::string reason;
  std::string detail;
};

struct LoadedConfig {
  std::string name;
  std::vector<LoadedProgram> programs;
  std::vector<LoadedMap> maps;
  std::vector<LoadedAlternative> alternatives;
  // Owns everything above in the kernel. Dropping the last reference detaches
  // the programs and frees the maps.
  std::shared_ptr<const void> kernel;
  // Detaches the programs and keeps the maps, which then no longer change: no
  // program runs any more when it returns. Empty if nothing is attached.
  std::function<void()> detach;
  // To be called before maps are read: perf events follow the CPUs that came
  // and went, iterators run once. Empty where there is nothing of that kind.
  std::function<absl::Status()> before_walk;
};

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_BPF_LOADER_LOADED_CONFIG_H_
