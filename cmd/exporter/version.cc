#include "cmd/exporter/version.h"

#include "tools/build/build_info.h"

namespace ebpf_exporter {
namespace {

std::string Compiler() {
#if defined(__clang__)
  return absl::StrCat("clang ", __clang_major__, ".", __clang_minor__, ".",
                      __clang_patchlevel__);
#else
  return absl::StrCat("gcc ", __GNUC__, ".", __GNUC_MINOR__, ".",
                      __GNUC_PATCHLEVEL__);
#endif
}

constexpr std::string_view Arch() {
#if defined(__x86_64__)
  return "amd64";
#elif defined(__aarch64__)
  return "arm64";
#else
  return "other";
#endif
}

}  // namespace

BuildInfo ThisBuild() {
  return {std::string(kBuildVersion), std::string(kBuildRevision),
          std::string(kBuildBranch), Compiler(), std::string(Arch())};
}

}  // namespace ebpf_exporter
