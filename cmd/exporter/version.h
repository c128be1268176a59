// Which build of the exporter this is, for --version, the status page and
// ebpf_exporter_build_info.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_VERSION_H_
#define EBPF_EXPORTER_CMD_EXPORTER_VERSION_H_

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace ebpf_exporter {

struct BuildInfo {
  std::string version;
  std::string revision;  // "unknown" where the build could not ask git,
  std::string branch;    // as is the branch
  std::string compiler;  // "gcc 12.2.0"
  std::string arch;      // as Go names it: "amd64"
};

// Of this program.
BuildInfo ThisBuild();

// What --version prints. `libbpf` is its version, which the loader knows.
std::string VersionText(const BuildInfo& build, std::string_view libbpf);

inline std::string VersionText(const BuildInfo& build,
                               std::string_view libbpf) {
  return absl::StrCat(
      "ebpf_exporter, version ", build.version, " (branch: ", build.branch,
      ", revision: ", build.revision, ")\n",  //
      "  compiler: ", build.compiler, "\n",   //
      "  platform: linux/", build.arch, "\n", "  libbpf:   ", libbpf, "\n");
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_VERSION_H_
