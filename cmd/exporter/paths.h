// Paths that a user types are relative to where the user stands. That is the
// working directory, except under `bazel run`, which starts programs elsewhere
// and tells the user's directory in BUILD_WORKING_DIRECTORY.

#ifndef EBPF_EXPORTER_CMD_EXPORTER_PATHS_H_
#define EBPF_EXPORTER_CMD_EXPORTER_PATHS_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace ebpf_exporter {

// Empty when it is the working directory.
inline std::string UserDirectory() {
  const char* directory = std::getenv("BUILD_WORKING_DIRECTORY");
  return directory == nullptr ? "" : directory;
}

// `path` as a path for this process. Empty stays empty.
inline std::string ResolvePath(std::string_view path,
                               std::string_view directory) {
  if (path.empty()) return "";
  return (std::filesystem::path(directory) / path).string();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CMD_EXPORTER_PATHS_H_
