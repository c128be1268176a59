#!/bin/sh
# Writes build_info.h from Bazel's status file: build_info.sh STATUS-FILE

value() { sed -n "s/^$1 //p" "$status" | tr -d '"\\'; }

status=$1
cat <<EOF
// Which revision of the project this program was built from.
#ifndef EBPF_EXPORTER_TOOLS_BUILD_BUILD_INFO_H_
#define EBPF_EXPORTER_TOOLS_BUILD_BUILD_INFO_H_

#include <string_view>

namespace ebpf_exporter {

// Revision and branch are "unknown" where the build could not ask git. The
// version is that of the nearest tag, as \`git describe\` writes it.
inline constexpr std::string_view kBuildVersion = "$(value STABLE_VERSION)";
inline constexpr std::string_view kBuildRevision = "$(value STABLE_REVISION)";
inline constexpr std::string_view kBuildBranch = "$(value STABLE_BRANCH)";

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_TOOLS_BUILD_BUILD_INFO_H_
EOF
